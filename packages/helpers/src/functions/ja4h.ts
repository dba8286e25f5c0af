import { hash } from 'node:crypto'
import { headerOf, type RequestView } from '../types/request-type.ts'

const noCookies = '0'.repeat(12)

/**
 * The JA4H fingerprint of a request, `a_b_c_d`: its shape (`ge11cr06enus`), then hashes of its
 * header names, cookie names and cookies. A request without a method has an empty one.
 * @see https://github.com/FoxIO-LLC/ja4, technical details of JA4H
 */
export function ja4h(request: RequestView): string {
  if (request.method === '') return ''
  const cookies = readCookies(request)
  const names = cookies.map(([name]) => name)
  const pairs = cookies.map(([name, value]) => `${name}=${value}`)
  return [
    shape(request, cookies.length > 0),
    headerHash(request),
    digest(names),
    digest(pairs),
  ].join('_')
}

function shape(request: RequestView, hasCookies: boolean): string {
  const version = `${request.protocolMajor}${request.protocolMinor}`
  const referer = headerOf(request, 'referer') === '' ? 'n' : 'r'
  const count = Math.min(countedHeaders(request).length, 99)
  return (
    request.method.slice(0, 2).toLowerCase() +
    version +
    (hasCookies ? 'c' : 'n') +
    referer +
    String(count).padStart(2, '0') +
    language(headerOf(request, 'accept-language'))
  )
}

function language(accepted: string): string {
  const first =
    accepted.toLowerCase().replaceAll('-', '').replaceAll(';', ',').split(',', 1)[0] ?? ''
  return first.slice(0, 4).padEnd(4, '0')
}

/** Header names, without cookies and referer, which have their own places. */
function countedHeaders(request: RequestView): string[] {
  return Object.keys(request.headers).filter((name) => {
    const lower = name.toLowerCase()
    return !lower.startsWith('cookie') && lower !== 'referer'
  })
}

function headerHash(request: RequestView): string {
  return hash('sha256', countedHeaders(request).sort().join(','), 'hex').slice(0, 12)
}

function digest(texts: readonly string[]): string {
  if (texts.length === 0) return noCookies
  return hash('sha256', texts.toSorted().join(','), 'hex').slice(0, 12)
}

function readCookies(request: RequestView): [string, string][] {
  const cookies: [string, string][] = []
  for (const part of headerOf(request, 'cookie').split(';')) {
    const pair = part.trim()
    const equals = pair.indexOf('=')
    if (pair === '') continue
    const name = equals < 0 ? pair : pair.slice(0, equals)
    cookies.push([name, equals < 0 ? '' : pair.slice(equals + 1)])
  }
  return cookies
}
