import type { Place } from './ast.ts'
import { ExpressionSyntaxError } from './syntax-error.ts'
import type { Token } from './token.ts'

/** Where a parser stands in its tokens. */
export class TokenCursor {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  get token(): Token {
    return this.#tokens[this.#at] as Token
  }

  get following(): Token | undefined {
    return this.#tokens[this.#at + 1]
  }

  /** The end of the token before. */
  get lastEnd(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0
  }

  get isAtEnd(): boolean {
    return this.token.kind === 'end'
  }

  take(): Token {
    const { token } = this
    this.#at++
    return token
  }

  is(text: string): boolean {
    const { token } = this
    return token.kind === 'operator' && token.text === text
  }

  accept(text: string): boolean {
    if (!this.is(text)) return false
    this.#at++
    return true
  }

  expect(text: string, why: string): void {
    if (!this.accept(text)) throw this.unexpected(`${text} ${why}`)
  }

  /** The next token, which has to be a name. */
  takeName(expected: string): Token {
    if (this.token.kind !== 'name') throw this.unexpected(expected)
    return this.take()
  }

  unexpected(expected: string): ExpressionSyntaxError {
    const { token } = this
    const found = token.kind === 'end' ? 'the end' : token.text
    return this.error('TOC_EXPR_SYNTAX', `found ${found}, expected ${expected}`, token)
  }

  error(code: string, message: string, place: Place, hint?: string): ExpressionSyntaxError {
    return new ExpressionSyntaxError(code, message, place.start, place.end, hint)
  }
}
