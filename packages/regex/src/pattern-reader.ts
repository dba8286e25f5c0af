import { codePoint } from './char-set.ts'
import { PatternError, type PatternErrorCode } from './pattern-error.ts'

const punctuation = /^[\0-/:-@[-`{-\x7f]$/
const controls: Readonly<Record<string, number>> = {
  a: 0x07,
  f: 0x0c,
  n: 0x0a,
  r: 0x0d,
  t: 0x09,
  v: 0x0b,
}

/** A place in the text of a pattern, and the escapes that classes and sequences share. */
export class PatternReader {
  readonly source: string
  offset = 0

  constructor(source: string) {
    this.source = source
  }

  get isAtEnd(): boolean {
    return this.offset >= this.source.length
  }

  /** The UTF-16 unit `ahead` units from here; '' past the end. */
  peek(ahead = 0): string {
    return this.source[this.offset + ahead] ?? ''
  }

  startsWith(text: string): boolean {
    return this.source.startsWith(text, this.offset)
  }

  /** Skips `text` when it stands here. */
  take(text: string): boolean {
    if (!this.startsWith(text)) return false
    this.offset += text.length
    return true
  }

  /** The next code point, which must exist. */
  takePoint(): number {
    const point = codePoint(this.source.slice(this.offset, this.offset + 2))
    this.offset += point > 0xffff ? 2 : 1
    return point
  }

  /** What a sticky pattern of ours finds here, which is skipped. */
  takeMatch(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.offset
    const match = pattern.exec(this.source)
    if (!match) return undefined
    this.offset += match[0].length
    return match
  }

  fail(code: PatternErrorCode, message: string, offset: number = this.offset): never {
    throw new PatternError(code, offset, message)
  }

  /** The code point that an escape stands for; the reader is at its backslash. */
  takeEscape(): number {
    const start = this.offset
    this.offset++
    if (this.isAtEnd) this.fail('TOC_REGEX_ESCAPE', 'a backslash ends the pattern', start)
    const octal = this.takeMatch(/0[0-7]{0,2}|[1-7][0-7]{1,2}/y)
    if (octal) return Number.parseInt(octal[0], 8)
    if (this.peek() === 'x') return this.#takeHex(start)
    const char = this.peek()
    const control = controls[char]
    if (control === undefined && !punctuation.test(char)) this.#failEscape(start)
    this.offset++
    return control ?? char.charCodeAt(0)
  }

  #takeHex(start: number): number {
    const match = this.takeMatch(/x(?:\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2}))/y)
    const point = Number.parseInt(match?.[1] ?? match?.[2] ?? '', 16)
    if (point <= 0x10ffff) return point
    const message = String.raw`\x wants two hexadecimal digits or {10FFFF} at most`
    return this.fail('TOC_REGEX_ESCAPE', message, start)
  }

  #failEscape(start: number): never {
    const char = String.fromCodePoint(codePoint(this.source.slice(this.offset, this.offset + 2)))
    if (/[1-9]/.test(char)) {
      this.fail('TOC_REGEX_BACKREFERENCE', `back-reference \\${char} is not supported`, start)
    }
    this.fail('TOC_REGEX_ESCAPE', `unknown escape \\${char}`, start)
  }
}
