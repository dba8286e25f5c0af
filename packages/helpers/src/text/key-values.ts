import { trimSpace } from '@tocsin/expr'

/** Called with each pair, in order; a later pair of the same key shall win. */
export type OnPair = (key: string, value: string) => void

/**
 * Finds `key=value` pairs anywhere in the text: a key is a run without `=` and white space; a value
 * is `"…"` (escapes kept undecoded), such a run, or nothing. Linear in the text.
 * @returns How many there were.
 */
export function scanKeyValues(text: string, onPair: OnPair): number {
  let pairs = 0
  let from = 0
  for (;;) {
    const equals = text.indexOf('=', from)
    if (equals < 0) return pairs
    let start = equals
    while (start > from && !isBlank(text.charCodeAt(start - 1))) start--
    from = equals + 1
    if (start === equals) continue
    pairs++
    const quoteEnd = text.charCodeAt(from) === 0x22 ? closingQuote(text, from) : -1
    if (quoteEnd >= 0) {
      onPair(text.slice(start, equals), text.slice(from + 1, quoteEnd))
      from = quoteEnd + 1
      continue
    }
    const valueStart = from
    while (from < text.length && text[from] !== '=' && !isBlank(text.charCodeAt(from))) from++
    onPair(text.slice(start, equals), text.slice(valueStart, from))
  }
}

/** The white space of RE2's `\s`, which is ASCII only. */
function isBlank(unit: number): boolean {
  return unit === 0x20 || unit === 9 || unit === 10 || unit === 12 || unit === 13
}

/** Where the quote opened at `open` ends, or -1; a backslash cannot escape a line break. */
function closingQuote(text: string, open: number): number {
  for (let i = open + 1; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0x22) return i
    if (unit !== 0x5c) continue
    i++
    if (text.charCodeAt(i) === 10) return -1
  }
  return -1
}

/**
 * Finds pairs whose values may hold spaces: a value goes up to the next key. A key is
 * `[A-Za-z_][A-Za-z0-9_.-]*` before `=`, outside double quotes. Linear in the text.
 * @returns How many there were.
 */
export function scanLaxKeyValues(text: string, onPair: OnPair): number {
  let pairs = 0
  let key = ''
  let valueStart = 0
  let isQuoted = false
  let wordStart = -1
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit === 0x5c && (isQuoted || text.charCodeAt(i + 1) === 0x22)) {
      i++
      wordStart = -1
    } else if (unit === 0x22) {
      isQuoted = !isQuoted
      wordStart = -1
    } else if (isQuoted) {
      // What stands in quotes is value, whatever it looks like.
    } else if (unit === 0x3d) {
      if (wordStart >= 0) {
        if (pairs > 0) onPair(key, laxValue(text.slice(valueStart, wordStart)))
        pairs++
        key = text.slice(wordStart, i)
        valueStart = i + 1
      }
      wordStart = -1
    } else if (isKeyStart(unit)) {
      if (wordStart < 0) wordStart = i
    } else if (!isKeyPart(unit)) {
      wordStart = -1
    }
  }
  if (pairs > 0) onPair(key, laxValue(text.slice(valueStart)))
  return pairs
}

function isKeyStart(unit: number): boolean {
  return (unit >= 0x61 && unit <= 0x7a) || (unit >= 0x41 && unit <= 0x5a) || unit === 0x5f
}

function isKeyPart(unit: number): boolean {
  return (unit >= 0x30 && unit <= 0x39) || unit === 0x2e || unit === 0x2d
}

function laxValue(text: string): string {
  const value = trimSpace(text)
  if (!value.startsWith('"')) return value
  if (value.length > 1 && value.endsWith('"')) {
    return value.slice(1, -1).replaceAll('\\\\', '\\').replaceAll('\\"', '"')
  }
  return value.slice(1)
}
