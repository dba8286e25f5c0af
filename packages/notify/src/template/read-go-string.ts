/** A literal of Go and where it ends; `error` says why it is none. */
export interface GoLiteral {
  readonly value: string
  readonly end: number
  readonly error?: string
}

const simple: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
}

/**
 * Reads `"text"`, `` `raw` `` or `'c'` at `start`; a character gives its code as decimal text.
 * Bytes above 0x7f written as `\xNN` are taken as UTF-8 together.
 */
export function readGoString(text: string, start: number): GoLiteral {
  const quote = text[start]
  if (quote === '`') {
    const end = text.indexOf('`', start + 1)
    if (end < 0) return { value: '', end: text.length, error: 'the raw text has no end' }
    return { value: text.slice(start + 1, end).replaceAll('\r', ''), end: end + 1 }
  }
  const parts: Buffer[] = []
  let at = start + 1
  for (;;) {
    const letter = text[at]
    if (letter === undefined || letter === '\n') {
      return { value: '', end: at, error: 'the text has no closing quote' }
    }
    if (letter === quote) break
    if (letter !== '\\') {
      const whole = String.fromCodePoint(text.codePointAt(at) ?? 0)
      parts.push(Buffer.from(whole))
      at += whole.length
      continue
    }
    const escaped = readEscape(text, at)
    if (!escaped)
      return {
        value: '',
        end: Math.min(at + 2, text.length),
        error: `unknown escape \\${text[at + 1] ?? ''}`,
      }
    parts.push(escaped.bytes)
    at = escaped.end
  }
  const value = Buffer.concat(parts).toString('utf8')
  if (quote !== "'") return { value, end: at + 1 }
  const letters = [...value]
  if (letters.length !== 1) {
    return { value: '', end: at + 1, error: "a character must be one letter, as in 'a'" }
  }
  return { value: String(value.codePointAt(0)), end: at + 1 }
}

function readEscape(text: string, at: number): { bytes: Buffer; end: number } | undefined {
  const letter = text[at + 1] ?? ''
  const known = simple[letter]
  if (known !== undefined) return { bytes: Buffer.from(known), end: at + 2 }
  const numeric = /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3}))/y
  numeric.lastIndex = at
  const match = numeric.exec(text)
  if (!match) return undefined
  const [whole, byte, short, long, octal] = match
  const end = at + whole.length
  if (byte !== undefined) return { bytes: Buffer.from([Number.parseInt(byte, 16)]), end }
  if (octal !== undefined) {
    const value = Number.parseInt(octal, 8)
    return value > 255 ? undefined : { bytes: Buffer.from([value]), end }
  }
  const code = Number.parseInt(short ?? long ?? '', 16)
  if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return undefined
  return { bytes: Buffer.from(String.fromCodePoint(code)), end }
}
