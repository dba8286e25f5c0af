/** A message that could not be delivered. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError'
  readonly code:
    | 'TOC_NOTIFY_UNREACHABLE'
    | 'TOC_NOTIFY_TIMEOUT'
    | 'TOC_NOTIFY_REFUSED'
    | 'TOC_NOTIFY_WRITE'
  /** Whether trying again is pointless. */
  readonly isPermanent: boolean
  /** How long the other side asks to wait before the next attempt. */
  readonly retryAfterMs: number | undefined

  constructor(
    code: DeliveryError['code'],
    message: string,
    options: ErrorOptions & { readonly isPermanent?: boolean; readonly retryAfterMs?: number } = {},
  ) {
    super(message, options)
    this.code = code
    this.isPermanent = options.isPermanent ?? false
    this.retryAfterMs = options.retryAfterMs
  }
}
