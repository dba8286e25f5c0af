/** What can be wrong in a pattern; each has its paragraph in the reference. */
export type PatternErrorCode =
  | 'TOC_REGEX_ESCAPE'
  | 'TOC_REGEX_BACKREFERENCE'
  | 'TOC_REGEX_LOOKAROUND'
  | 'TOC_REGEX_GROUP'
  | 'TOC_REGEX_GROUP_NAME'
  | 'TOC_REGEX_DUPLICATE_NAME'
  | 'TOC_REGEX_PARENTHESIS'
  | 'TOC_REGEX_BRACKET'
  | 'TOC_REGEX_RANGE'
  | 'TOC_REGEX_CLASS_NAME'
  | 'TOC_REGEX_REPEAT_NOTHING'
  | 'TOC_REGEX_REPEAT_TWICE'
  | 'TOC_REGEX_REPEAT_COUNT'
  | 'TOC_REGEX_DEPTH'
  | 'TOC_REGEX_SIZE'

/** A pattern that the dialect refuses, with the place in its text. */
export class PatternError extends Error {
  override readonly name = 'PatternError'
  readonly code: PatternErrorCode
  /** In UTF-16 units from the start of the pattern. */
  readonly offset: number

  constructor(code: PatternErrorCode, offset: number, message: string) {
    super(message)
    this.code = code
    this.offset = offset
  }
}
