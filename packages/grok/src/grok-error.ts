/** What can be wrong in a grok expression or a pattern of the library. */
export type GrokErrorCode =
  /** `%{NAME}` names no pattern that is defined so far. */
  | 'TOC_GROK_UNKNOWN_PATTERN'
  /** The regular expression is refused; the cause says why. */
  | 'TOC_GROK_REGEXP'
  /** A pattern without text, or without a name. */
  | 'TOC_GROK_EMPTY'
  /** A library file defines a name that is taken. */
  | 'TOC_GROK_DUPLICATE'

interface GrokErrorOptions extends ErrorOptions {
  readonly hint?: string
}

/** A grok expression that cannot be used, with the place in its text. */
export class GrokError extends Error {
  override readonly name = 'GrokError'
  readonly code: GrokErrorCode
  /** In UTF-16 units from the start of the expression or library text. */
  readonly offset: number
  /** What the user may have meant, as a sentence. */
  readonly hint: string | undefined

  constructor(
    code: GrokErrorCode,
    offset: number,
    message: string,
    options: GrokErrorOptions = {},
  ) {
    super(message, options)
    this.code = code
    this.offset = offset
    this.hint = options.hint
  }
  /** The same error in a longer text, which the erroneous one begins at `start`. */
  movedBy(start: number): GrokError {
    const { cause, hint } = this
    const options = {
      ...(cause === undefined ? {} : { cause }),
      ...(hint === undefined ? {} : { hint }),
    }
    return new GrokError(this.code, this.offset + start, this.message, options)
  }
}
