import { defaultMaxLineBytes } from '../line-splitter.ts'

const newline = 0x0a
const zero = 0x30
const nine = 0x39
const space = 0x20
/** `65536 ` and a little: what claims to be longer is no count. */
const longestCount = 7

/**
 * Cuts the stream of a connection into messages: each either begins with its length in bytes
 * (RFC 6587, octet counting) or ends with a line break.
 */
export class SyslogFraming {
  /** Messages cut at the limit so far. */
  truncatedCount = 0
  readonly #maxBytes: number
  #pending: Buffer = Buffer.alloc(0)
  /** Bytes of a message over the limit that are still to be dropped; -1: up to the line break. */
  #dropBytes = 0

  constructor(maxBytes = defaultMaxLineBytes) {
    this.#maxBytes = maxBytes
  }

  push(chunk: Buffer, take: (message: string) => void): void {
    let rest: Buffer = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk])
    while (rest.length > 0) {
      const before = rest.length
      rest = this.#dropBytes === 0 ? this.#takeOne(rest, take) : this.#drop(rest)
      if (rest.length === before) break
    }
    // A copy: a small rest must not keep the memory of its chunk.
    this.#pending = Buffer.from(rest)
  }

  /** Takes one message, if it is there as a whole; gives what is left. */
  #takeOne(bytes: Buffer, take: (message: string) => void): Buffer {
    const first = bytes[0] ?? 0
    return first > zero && first <= nine
      ? this.#takeCounted(bytes, take)
      : this.#takeLine(bytes, take)
  }

  #takeCounted(bytes: Buffer, take: (message: string) => void): Buffer {
    const end = bytes.subarray(0, longestCount + 1).indexOf(space)
    if (end < 0 && bytes.length <= longestCount) return bytes
    const count = end < 0 ? Number.NaN : Number(bytes.toString('latin1', 0, end))
    // Digits that are no count: a line that happens to begin with one.
    if (!Number.isInteger(count)) return this.#takeLine(bytes, take)
    const start = end + 1
    const length = Math.min(count, this.#maxBytes)
    if (bytes.length < start + length) return bytes
    this.#give(bytes.subarray(start, start + length), take)
    if (count > length) {
      this.truncatedCount++
      this.#dropBytes = count - length
    }
    return bytes.subarray(start + length)
  }

  #takeLine(bytes: Buffer, take: (message: string) => void): Buffer {
    const end = bytes.indexOf(newline)
    if (end < 0 && bytes.length <= this.#maxBytes) return bytes
    const length = end < 0 ? this.#maxBytes : Math.min(end, this.#maxBytes)
    this.#give(bytes.subarray(0, length), take)
    if (length === end) return bytes.subarray(end + 1)
    this.truncatedCount++
    this.#dropBytes = -1
    return bytes.subarray(length)
  }

  #drop(bytes: Buffer): Buffer {
    if (this.#dropBytes > 0) {
      const count = Math.min(this.#dropBytes, bytes.length)
      this.#dropBytes -= count
      return bytes.subarray(count)
    }
    const end = bytes.indexOf(newline)
    if (end < 0) return bytes.subarray(bytes.length)
    this.#dropBytes = 0
    return bytes.subarray(end + 1)
  }

  #give(bytes: Buffer, take: (message: string) => void): void {
    const text = bytes.toString('utf8').replace(/[\r\n\0]+$/, '')
    if (text !== '') take(text)
  }
}
