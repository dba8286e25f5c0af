import { createDataDict } from '@tocsin/model'
import { unescapeLenient, unescapePath, unescapeQuery } from './percent.ts'

/** Values by name, in order: `{ a: ['1', '2'] }`, without inherited names. */
export type QueryValues = Record<string, string[]>

/** Reads a query forgivingly: only `&` separates, empty pairs are skipped, a bad `%` stays. */
export function parseQueryLenient(query: string): QueryValues {
  const values = createDataDict() as QueryValues
  for (const pair of query.split('&')) {
    if (pair !== '') addPair(values, pair, unescapeLenient)
  }
  return values
}

/** Reads a query strictly: undefined when it holds a `;` or a bad escape. */
export function parseQueryStrict(query: string): QueryValues | undefined {
  if (query.includes(';')) return undefined
  const values = createDataDict() as QueryValues
  for (const pair of query.split('&')) {
    if (pair !== '' && !addPair(values, pair, unescapeQuery)) return undefined
  }
  return values
}

function addPair(
  values: QueryValues,
  pair: string,
  decode: (text: string) => string | undefined,
): boolean {
  const equals = pair.indexOf('=')
  const name = decode(equals < 0 ? pair : pair.slice(0, equals))
  const value = equals < 0 ? '' : decode(pair.slice(equals + 1))
  if (name === undefined || value === undefined) return false
  const list = values[name]
  if (list) list.push(value)
  else values[name] = [value]
  return true
}

/** The query of a URI, by name; empty when the URI or its query is not valid. */
export function parseUriQuery(uri: string): QueryValues {
  const query = queryOf(uri)
  return (
    (query === undefined ? undefined : parseQueryStrict(query)) ?? (createDataDict() as QueryValues)
  )
}

/** The text between `?` and `#`; undefined when the text is no URI reference. */
function queryOf(uri: string): string | undefined {
  const hash = uri.indexOf('#')
  const whole = hash < 0 ? uri : uri.slice(0, hash)
  if (/[\x00-\x1f\x7f]/.test(whole)) return undefined
  if (hash >= 0 && unescapePath(uri.slice(hash + 1)) === undefined) return undefined
  if (whole === '*') return ''
  const question = whole.indexOf('?')
  const front = question < 0 ? whole : whole.slice(0, question)
  return isHierarchy(front) ? (question < 0 ? '' : whole.slice(question + 1)) : undefined
}

function isHierarchy(front: string): boolean {
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(front)?.[0] ?? ''
  const rest = front.slice(scheme.length)
  if (scheme === '' && isColonFirst(rest)) return false
  if (scheme !== '' && !rest.startsWith('/')) return true
  const authority = /^\/\/([^/]*)/.exec(rest)
  if (!authority || rest.startsWith('///')) return unescapePath(rest) !== undefined
  const path = rest.slice(authority[0].length)
  return isAuthority(authority[1] ?? '') && unescapePath(path) !== undefined
}

/** A colon in the first segment of a path would make what stands before it a scheme. */
function isColonFirst(path: string): boolean {
  const colon = path.indexOf(':')
  const slash = path.indexOf('/')
  return colon >= 0 && (slash < 0 || colon < slash)
}

function isAuthority(authority: string): boolean {
  const at = authority.lastIndexOf('@')
  const user = authority.slice(0, Math.max(at, 0))
  if (unescapePath(user) === undefined || /[^\w.~!$&'()*+,;=:%@-]/.test(user)) return false
  // Only the zone of an IPv6 address may be escaped.
  return /^(?:\[[^\]]*\]|[^:[\]%\\^`{|} ]*)(?::\d*)?$/.test(authority.slice(at + 1))
}
