import { TemplateError } from './template-error.ts'
import type { Token, TokenKind } from './token.ts'

const names: Readonly<Record<TokenKind, string>> = {
  text: 'text',
  open: '{{',
  close: '}}',
  word: 'a name',
  field: 'a field',
  dot: '.',
  variable: 'a variable',
  string: 'a text',
  number: 'a number',
  pipe: '|',
  left: '(',
  right: ')',
  comma: ',',
  declare: ':=',
  assign: '=',
  end: 'the end of the template',
}

/** The tokens of a template, one after the other. */
export class TokenStream {
  readonly #tokens: readonly Token[]
  #at = 0

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens
  }

  /** The token `ahead` places from the next one; the last one for ever. */
  peek(ahead = 0): Token {
    const token = this.#tokens[Math.min(this.#at + ahead, this.#tokens.length - 1)]
    if (!token) throw new Error('a token stream has at least its end')
    return token
  }

  next(): Token {
    const token = this.peek()
    this.#at++
    return token
  }

  /** The token just taken. */
  get last(): Token {
    return this.peek(-1)
  }

  expect(kind: TokenKind, what: string): Token {
    const token = this.next()
    if (token.kind === kind) return token
    throw this.errorBefore(`expected ${what}, not ${describe(token)}`)
  }

  /** Takes the end of an action. */
  close(): void {
    this.expect('close', '}}')
  }

  errorHere(message: string, hint?: string): TemplateError {
    return new TemplateError('TOC_NOTIFY_TEMPLATE', message, this.peek(), hint)
  }

  /** An error at the token just taken. */
  errorBefore(message: string, hint?: string): TemplateError {
    return new TemplateError('TOC_NOTIFY_TEMPLATE', message, this.last, hint)
  }
}

/** A token as messages name it. */
export function describe(token: Token): string {
  if (token.kind === 'word') return `"${token.value}"`
  if (token.kind === 'field') return `".${token.value}"`
  if (token.kind === 'variable') return `"$${token.value}"`
  return names[token.kind]
}
