import { readQuoted, readRaw } from './read-string.ts'
import { ExpressionSyntaxError } from './syntax-error.ts'
import { operatorWords, signs, type Token } from './token.ts'

const blank = /[\s\u0085]+/y
const name = /[\p{L}_$][\p{L}\p{Nd}_$]*/uy
const radixNumber = /0(?:[xX][0-9a-fA-F_]+|[oO][0-7_]+|[bB][01_]+)/y
const decimalNumber = /(?:\d[\d_]*(?:\.\d[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y
const largestInt = 2n ** 63n - 1n

/**
 * Splits an expression into tokens; the last one has the kind `end`.
 * @throws {ExpressionSyntaxError} At the first piece that is no token.
 */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  for (;;) {
    at = skipBlank(text, at)
    if (at >= text.length) break
    const token = readToken(text, at, tokens.at(-1))
    tokens.push(token)
    at = token.end
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length })
  return tokens
}

function readToken(text: string, at: number, previous: Token | undefined): Token {
  const c = text[at] ?? ''
  if (c === "'" || c === '"') return stringToken(text, at, at)
  if (c === '`') {
    const { value, end } = readRaw(text, at)
    return { kind: 'string', text: text.slice(at, end), value, start: at, end }
  }
  if ((c === 'b' || c === 'B') && (text[at + 1] === "'" || text[at + 1] === '"')) {
    return stringToken(text, at, at + 1)
  }
  if (isDigit(c) || (c === '.' && isDigit(text[at + 1]))) return readNumber(text, at)
  if (c === '#') {
    const end = at + 1 + sticky(name, text, at + 1).length
    return { kind: 'pointer', text: text.slice(at + 1, end), start: at, end }
  }
  const word = sticky(name, text, at)
  if (word !== '') {
    const isMember = previous?.text === '.' || previous?.text === '?.'
    const kind = operatorWords.has(word) && !isMember ? 'operator' : 'name'
    return { kind, text: word, start: at, end: at + word.length }
  }
  const sign = signs.find((candidate) => text.startsWith(candidate, at))
  // `a ?.5 : b` is a condition, not a member.
  if (sign === '?.' && isDigit(text[at + 2])) {
    return { kind: 'operator', text: '?', start: at, end: at + 1 }
  }
  if (sign !== undefined) {
    return { kind: 'operator', text: sign, start: at, end: at + sign.length }
  }
  const shown = String.fromCodePoint(text.codePointAt(at) ?? 0)
  throw new ExpressionSyntaxError(
    'TOC_EXPR_CHARACTER',
    `${JSON.stringify(shown)} has no meaning here`,
    at,
    at + shown.length,
    c === '&' ? '"and" is written && or and' : undefined,
  )
}

function stringToken(text: string, start: number, quoteAt: number): Token {
  const kind = quoteAt === start ? 'string' : 'bytes'
  const { value, end } =
    kind === 'string' ? readQuoted(text, quoteAt) : readQuoted(text, quoteAt, toByteText)
  return { kind, text: text.slice(start, end), value, start, end }
}

/** The UTF-8 bytes of a text, each as one unit. */
function toByteText(text: string): string {
  return Buffer.from(text).toString('latin1')
}

function readNumber(text: string, at: number): Token {
  const radix = sticky(radixNumber, text, at)
  const digits = radix === '' ? sticky(decimalNumber, text, at) : radix
  const end = at + digits.length
  // A letter right behind is part of the mistake: `12ab`.
  const tail = sticky(name, text, end)
  const plain = digits.replaceAll('_', '')
  if (tail !== '' || digits.endsWith('_')) {
    throw new ExpressionSyntaxError(
      'TOC_EXPR_NUMBER',
      `${digits}${tail} is not a number`,
      at,
      end + tail.length,
    )
  }
  if (radix === '' && /[.eE]/.test(plain)) {
    return { kind: 'float', text: digits, value: Number(plain), start: at, end }
  }
  const value = /^0[xXoObB]$/.test(plain) ? undefined : BigInt(plain)
  if (value === undefined || value > largestInt) {
    throw new ExpressionSyntaxError(
      'TOC_EXPR_NUMBER',
      `${digits} is not a whole number of 64 bits`,
      at,
      end,
    )
  }
  return { kind: 'int', text: digits, value: Number(value), start: at, end }
}

function skipBlank(text: string, from: number): number {
  let at = from
  for (;;) {
    at += sticky(blank, text, at).length
    if (text.startsWith('//', at)) {
      const end = text.indexOf('\n', at)
      at = end < 0 ? text.length : end + 1
    } else if (text.startsWith('/*', at)) {
      const end = text.indexOf('*/', at + 2)
      if (end < 0) {
        throw new ExpressionSyntaxError(
          'TOC_EXPR_COMMENT',
          'this comment is not closed',
          at,
          at + 2,
          'end it with */',
        )
      }
      at = end + 2
    } else return at
  }
}

function sticky(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}

function isDigit(c: string | undefined): boolean {
  return c !== undefined && c >= '0' && c <= '9'
}
