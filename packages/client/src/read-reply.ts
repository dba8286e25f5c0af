import type { IncomingMessage } from 'node:http'
import { ClientError, type ClientErrorCode } from './client-error.ts'

/** No answer but the stream, which is read in parts, is larger than this. */
const maxBodyBytes = 256 * 1024 * 1024
const maxMessageLength = 300

/** Reads the rest of a reply as text. @throws {ClientError} When it ends early or is far too large. */
export async function readText(reply: IncomingMessage, server: string): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of reply as AsyncIterable<Buffer>) {
      size += chunk.byteLength
      if (size > maxBodyBytes) break
      chunks.push(chunk)
    }
  } catch (cause) {
    throw new ClientError('TOC_CLIENT_INTERRUPTED', `${server}: the answer broke off`, { cause })
  }
  if (size > maxBodyBytes) {
    throw new ClientError('TOC_CLIENT_REPLY', `${server}: the answer is longer than any should be`)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Reads JSON; an empty body is undefined. @throws {ClientError} `TOC_CLIENT_REPLY` for other text. */
export async function readJson(reply: IncomingMessage, server: string): Promise<unknown> {
  const text = await readText(reply, server)
  if (text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    // The parser's message quotes the body, which is not ours to show.
    throw new ClientError('TOC_CLIENT_REPLY', `${server}: the answer is not JSON`, {
      status: reply.statusCode ?? 0,
    })
  }
}

export function isSuccess(reply: IncomingMessage): boolean {
  const status = reply.statusCode ?? 0
  return status >= 200 && status < 300
}

/** Makes an error of a reply that is no success: `http://…: 403 access forbidden`. */
export async function readRefusal(reply: IncomingMessage, server: string): Promise<ClientError> {
  const status = reply.statusCode ?? 0
  const text = await readText(reply, server)
  const message = messageOf(text)
  const retryAfterMs = readRetryAfter(reply.headers['retry-after'])
  return new ClientError(codeOf(status), `${server}: ${status}${message && ` ${message}`}`, {
    status,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
}

function codeOf(status: number): ClientErrorCode {
  if (status === 401 || status === 403) return 'TOC_CLIENT_UNAUTHORIZED'
  if (status === 429 || status >= 500) return 'TOC_CLIENT_UNAVAILABLE'
  if (status >= 400) return 'TOC_CLIENT_REFUSED'
  return 'TOC_CLIENT_REPLY'
}

function messageOf(text: string): string {
  try {
    const body: unknown = JSON.parse(text)
    if (body === null || typeof body !== 'object') return ''
    const { message, errors } = body as Record<string, unknown>
    return [message, errors]
      .filter((part): part is string => typeof part === 'string')
      .map(escapeText)
      .join(' ')
  } catch {
    // Proxies answer with pages; their status says enough.
    return ''
  }
}

/** What a server says ends up in terminals and logs. */
function escapeText(text: string): string {
  const cut = text.length > maxMessageLength ? `${text.slice(0, maxMessageLength)}…` : text
  return cut.replace(/\n/g, '; ').replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** Seconds only: dates are not used by these servers. */
function readRetryAfter(header: string | undefined): number | undefined {
  const seconds = Number(header)
  return header !== undefined && Number.isFinite(seconds) && seconds >= 0
    ? seconds * 1000
    : undefined
}
