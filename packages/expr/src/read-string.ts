import { ExpressionSyntaxError } from './syntax-error.ts'

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
}

/**
 * Reads a quoted string whose opening quote stands at `start`.
 * @param encode What becomes of text that is no `\\xHH` or `\\NNN`: nothing, or its bytes.
 * @returns The value and the offset behind the closing quote.
 * @throws {ExpressionSyntaxError} When it does not end on its line, or has an unknown escape.
 */
export function readQuoted(
  text: string,
  start: number,
  encode: (text: string) => string = (plain) => plain,
): { value: string; end: number } {
  const quote = text[start] ?? ''
  let value = ''
  let at = start + 1
  for (;;) {
    const c = text[at]
    if (c === undefined || c === '\n' || c === '\r') {
      throw new ExpressionSyntaxError(
        'TOC_EXPR_STRING',
        'this string is not closed',
        start,
        at,
        `end it with ${quote}; a string over several lines is written between backticks`,
      )
    }
    if (c === quote) return { value, end: at + 1 }
    if (c !== '\\') {
      const letter = String.fromCodePoint(text.codePointAt(at) ?? 0)
      value += encode(letter)
      at += letter.length
      continue
    }
    const escaped = readEscape(text, at, quote)
    value += escaped.isByte ? escaped.value : encode(escaped.value)
    at = escaped.end
  }
}

/** Reads a raw string between backticks; a doubled backtick is one. */
export function readRaw(text: string, start: number): { value: string; end: number } {
  let value = ''
  let at = start + 1
  for (;;) {
    const end = text.indexOf('`', at)
    if (end < 0) {
      throw new ExpressionSyntaxError(
        'TOC_EXPR_STRING',
        'this string is not closed',
        start,
        text.length,
        'end it with a backtick',
      )
    }
    value += text.slice(at, end)
    if (text[end + 1] !== '`') return { value, end: end + 1 }
    value += '`'
    at = end + 2
  }
}

function readEscape(
  text: string,
  at: number,
  quote: string,
): { value: string; end: number; isByte: boolean } {
  const c = text[at + 1] ?? ''
  const simple = c === quote ? quote : simpleEscapes[c]
  if (simple !== undefined) return { value: simple, end: at + 2, isByte: false }
  const digits = escapeDigits(text, at + 1)
  if (digits) {
    const code = Number.parseInt(digits.text, digits.radix)
    const isByte = c !== 'u' && c !== 'U'
    if (code <= 0x10ffff) return { value: String.fromCodePoint(code), end: digits.end, isByte }
  }
  throw new ExpressionSyntaxError(
    'TOC_EXPR_ESCAPE',
    `\\${c} is not an escape`,
    at,
    at + 1 + Math.max(1, c.length),
    c === '"' || c === "'"
      ? `write ${c} without a backslash here`
      : `a backslash is written \\\\${c}, or stands as it is between backticks`,
  )
}

function escapeDigits(
  text: string,
  at: number,
): { text: string; radix: 8 | 16; end: number } | undefined {
  const rest = text.slice(at, at + 9)
  const hex =
    /^x([0-9a-fA-F]{2})/.exec(rest) ??
    /^u([0-9a-fA-F]{4})/.exec(rest) ??
    /^u\{([0-9a-fA-F]{1,6})\}/.exec(rest) ??
    /^U([0-9a-fA-F]{8})/.exec(rest)
  if (hex?.[1] !== undefined) return { text: hex[1], radix: 16, end: at + hex[0].length }
  const octal = /^[0-3][0-7]{2}/.exec(rest)
  return octal ? { text: octal[0], radix: 8, end: at + 3 } : undefined
}
