import { ClientError } from './client-error.ts'

/** Where a Local API listens: `{ kind: 'tcp', url: 'https://lapi:8080/' }` or a Unix socket. */
export type Endpoint =
  | { readonly kind: 'tcp'; readonly url: URL }
  | { readonly kind: 'socket'; readonly path: string }

/**
 * Reads `http://127.0.0.1:8080`, `https://lapi.example/api/` or `/run/tocsin.sock`.
 * @throws {ClientError} `TOC_CLIENT_OPTIONS` for anything else. The text is not repeated when it may
 *   hold a password.
 */
export function readEndpoint(text: string): Endpoint {
  if (text.startsWith('/')) {
    const path = text.replace(/\/+$/, '')
    if (path === '') throw refused(`'${text}' is no path of a Unix socket`)
    return { kind: 'socket', path }
  }
  const url = URL.parse(text)
  if (url === null) throw refused('the URL of the Local API cannot be read')
  if (url.username !== '' || url.password !== '') {
    throw refused(`the URL of the Local API at ${url.host} must not hold a user name or password`)
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw refused(`the Local API speaks http and https, not '${url.protocol.slice(0, -1)}'`)
  }
  if (url.search !== '' || url.hash !== '') {
    throw refused(`the URL of the Local API at ${url.host} must end with its path`)
  }
  if (!url.pathname.endsWith('/')) url.pathname += '/'
  return { kind: 'tcp', url }
}

/** `http://127.0.0.1:8080/` or `/run/tocsin.sock`. */
export function formatEndpoint(endpoint: Endpoint): string {
  return endpoint.kind === 'tcp' ? endpoint.url.href : endpoint.path
}

function refused(sentence: string): ClientError {
  return new ClientError('TOC_CLIENT_OPTIONS', sentence)
}
