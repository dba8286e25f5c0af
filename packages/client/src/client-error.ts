/** What kept a request from being answered as it should; each says whether asking again can help. */
export type ClientErrorCode =
  /** The options cannot work: a URL, a key, a certificate. */
  | 'TOC_CLIENT_OPTIONS'
  /** No connection was made: the request did not reach the server. */
  | 'TOC_CLIENT_UNREACHABLE'
  /** The connection ended before the reply did: the server may have acted on the request. */
  | 'TOC_CLIENT_INTERRUPTED'
  /** The server does not accept who asks (401, 403). */
  | 'TOC_CLIENT_UNAUTHORIZED'
  /** The server does not accept what is asked (other 4xx). */
  | 'TOC_CLIENT_REFUSED'
  /** The server cannot answer now (429, 5xx). */
  | 'TOC_CLIENT_UNAVAILABLE'
  /** The reply is not what the API says. */
  | 'TOC_CLIENT_REPLY'
  /** The caller ended the request. */
  | 'TOC_CLIENT_ABORTED'

export interface ClientErrorDetails {
  readonly cause?: unknown
  /** HTTP status, when there was a reply. */
  readonly status?: number
  /** How long the server asks to wait. */
  readonly retryAfterMs?: number
}

/** A request that failed. Its text holds no secret: neither keys, passwords and tokens nor bodies. */
export class ClientError extends Error {
  override readonly name = 'ClientError'
  readonly code: ClientErrorCode
  /** HTTP status; 0 when there was no reply. */
  readonly status: number
  readonly retryAfterMs: number | undefined

  constructor(code: ClientErrorCode, message: string, details: ClientErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.status = details.status ?? 0
    this.retryAfterMs = details.retryAfterMs
  }
}

/** Whether the same request may succeed later, or elsewhere. */
export function isPassing(error: ClientError): boolean {
  return (
    error.code === 'TOC_CLIENT_UNREACHABLE' ||
    error.code === 'TOC_CLIENT_INTERRUPTED' ||
    error.code === 'TOC_CLIENT_UNAVAILABLE'
  )
}
