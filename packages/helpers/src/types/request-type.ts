import { bool, dictOf, field, int, method, string, strings, struct } from './types.ts'

/** An HTTP request as expressions see it as `req`. */
export interface RequestView {
  readonly method: string
  readonly url: UrlView
  /** `HTTP/1.1`. */
  readonly protocol: string
  readonly protocolMajor: number
  readonly protocolMinor: number
  readonly host: string
  readonly remoteAddress: string
  /** The target of the request line as sent: `/a?b=c`. */
  readonly requestUri: string
  readonly contentLength: number
  /** Values by canonical header name (`User-Agent`), without inherited names. */
  readonly headers: Readonly<Record<string, readonly string[]>>
}

/** The target of a request, decoded where Go decodes it. */
export interface UrlView {
  readonly scheme: string
  readonly host: string
  readonly path: string
  readonly rawQuery: string
  readonly fragment: string
  toString(): string
}

const noUrl: UrlView = {
  scheme: '',
  host: '',
  path: '',
  rawQuery: '',
  fragment: '',
  toString: () => '',
}

/** What `req` is where there is no request: every text is empty. */
export const emptyRequest: RequestView = {
  method: '',
  url: noUrl,
  protocol: '',
  protocolMajor: 0,
  protocolMinor: 0,
  host: '',
  remoteAddress: '',
  requestUri: '',
  contentLength: 0,
  headers: {},
}

/** The first value of a header; empty when the request has none. */
export function headerOf(request: RequestView, name: string): string {
  return headersOf(request, name)[0] ?? ''
}

/** All values of a header, whatever the case of its name. */
export function headersOf(request: RequestView, name: string): readonly string[] {
  const wanted = name.toLowerCase()
  for (const key of Object.keys(request.headers)) {
    if (key.toLowerCase() === wanted) return request.headers[key] ?? []
  }
  return []
}

const urlType = struct('URL', () => ({
  Scheme: field('scheme', string),
  Host: field('host', string),
  Path: field('path', string),
  RawQuery: field('rawQuery', string),
  Fragment: field('fragment', string),
  String: method([], string, (url: UrlView) => url.toString()),
}))

/** `req`. */
export const requestType = struct('Request', () => ({
  Method: field('method', string),
  URL: field('url', urlType),
  Proto: field('protocol', string),
  ProtoMajor: field('protocolMajor', int),
  ProtoMinor: field('protocolMinor', int),
  Host: field('host', string),
  RemoteAddr: field('remoteAddress', string),
  RequestURI: field('requestUri', string),
  ContentLength: field('contentLength', int),
  Header: field('headers', dictOf(strings)),
  UserAgent: method([], string, (request: RequestView) => headerOf(request, 'user-agent')),
  Referer: method([], string, (request: RequestView) => headerOf(request, 'referer')),
  ProtoAtLeast: method([int, int], bool, (request: RequestView, major: number, minor: number) =>
    request.protocolMajor === major
      ? request.protocolMinor >= minor
      : request.protocolMajor > major,
  ),
}))
