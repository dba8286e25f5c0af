export type StoreErrorCode =
  | 'TOC_STORE_EXISTS'
  | 'TOC_STORE_NOT_FOUND'
  | 'TOC_STORE_NEWER'
  | 'TOC_STORE_OPEN'
  | 'TOC_STORE_LOCKED'
  | 'TOC_STORE_CLOSED'

/** The store cannot do what it was asked. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
