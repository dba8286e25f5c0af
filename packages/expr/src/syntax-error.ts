/** Ends reading of an expression whose text is no expression; becomes a problem in `compileExpression`. */
export class ExpressionSyntaxError extends Error {
  override readonly name = 'ExpressionSyntaxError'
  readonly code: string
  readonly start: number
  readonly end: number
  readonly hint: string | undefined

  constructor(code: string, message: string, start: number, end: number, hint?: string) {
    super(message)
    this.code = code
    this.start = start
    this.end = end
    this.hint = hint
  }
}
