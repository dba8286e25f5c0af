/** What follows the first value is not read. */
export type FirstJson =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'malformed'; readonly message: string }

const maxDepth = 10_000

/** Reads the first JSON value of a text; the messages are those existing clients show. */
export function readFirstJson(text: string): FirstJson {
  const end = endOfFirstValue(text)
  if (typeof end === 'string') return { kind: 'malformed', message: end }
  try {
    return { kind: 'value', value: JSON.parse(text.slice(0, end)) }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    return { kind: 'malformed', message: `invalid JSON: ${placeOf(error, text)}` }
  }
}

/** The position and the character, never more of the body: it may hold a password. */
function placeOf(error: SyntaxError, text: string): string {
  const position = Number(/position (\d+)/.exec(error.message)?.[1] ?? Number.NaN)
  if (Number.isNaN(position)) return 'unexpected character'
  const code = text.codePointAt(position)
  if (code === undefined) return 'unexpected end of JSON input'
  return `invalid character ${JSON.stringify(String.fromCodePoint(code))} at position ${position}`
}

/**
 * Where the first value ends, or what is wrong. Scans brackets and strings only: whether the value is
 * right is for `JSON.parse` to say. Linear, without recursion.
 */
function endOfFirstValue(text: string): number | string {
  let at = 0
  while (at < text.length && isBlank(text.charCodeAt(at))) at++
  if (at === text.length) return 'EOF'
  let depth = 0
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) {
      at = endOfString(text, at)
      if (at < 0) return 'unexpected EOF'
    } else if (code === openBrace || code === openBracket) {
      if (++depth > maxDepth) return 'exceeded max depth'
    } else if (code === closeBrace || code === closeBracket) {
      depth--
    } else if (depth === 0) {
      return endOfWord(text, at)
    }
    if (depth <= 0 && (code === quote || code === closeBrace || code === closeBracket))
      return at + 1
  }
  return 'unexpected EOF'
}

const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const openBracket = 0x5b
const closeBrace = 0x7d
const closeBracket = 0x5d

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}

/** The closing quote of the string that opens at `start`, or -1. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === backslash) at++
    else if (code === quote) return at
  }
  return -1
}

/** A number, `true`, `false` or `null` ends where a blank or a sign of another value stands. */
function endOfWord(text: string, start: number): number {
  let at = start
  while (at < text.length && /[\w.+-]/.test(text.charAt(at))) at++
  return Math.max(at, start + 1)
}
