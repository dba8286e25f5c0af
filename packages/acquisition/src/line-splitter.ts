import { isAscii } from 'node:buffer'

/** Longest line that is kept whole; what is longer is cut here and counted. */
export const defaultMaxLineBytes = 64 * 1024

const newline = 0x0a
const carriageReturn = 0x0d

/**
 * Cuts a byte stream into lines. Empty lines are dropped, a CR before the LF too; bytes that are no
 * UTF-8 become U+FFFD. A line longer than the limit is cut, its rest dropped, and counted.
 * Hot path: every byte of every source comes through here.
 */
export class LineSplitter {
  /** Lines cut at the limit so far. */
  truncatedCount = 0
  readonly #maxLineBytes: number
  /** Pieces of a line whose end has not come yet, never more bytes than the limit. */
  #pending: Buffer[] = []
  #pendingBytes = 0
  /** Whether the line at hand is over the limit and its rest is to be dropped. */
  #isOverlong = false

  constructor(maxLineBytes = defaultMaxLineBytes) {
    this.#maxLineBytes = maxLineBytes
  }

  /** Gives every line that ends in this chunk to `take`. */
  push(chunk: Buffer, take: (line: string) => void): void {
    let start = 0
    let end = chunk.indexOf(newline)
    if (end >= 0 && this.#pendingBytes > 0) {
      this.#keep(chunk.subarray(0, end))
      this.#takePending(take)
      start = end + 1
      end = chunk.indexOf(newline, start)
    }
    // Most logs are ASCII: asking once per chunk makes every line a cheap one-byte string.
    const isPlain = isAscii(chunk)
    while (end >= 0) {
      this.#takeSlice(chunk, start, end, isPlain, take)
      start = end + 1
      end = chunk.indexOf(newline, start)
    }
    if (start < chunk.length) this.#keep(chunk.subarray(start))
  }

  /** Gives the last line when it has no line break. */
  end(take: (line: string) => void): void {
    if (this.#pendingBytes > 0) this.#takePending(take)
  }

  #takeSlice(
    chunk: Buffer,
    start: number,
    lineEnd: number,
    isPlain: boolean,
    take: (line: string) => void,
  ): void {
    let end = lineEnd
    if (end > start && chunk[end - 1] === carriageReturn) end--
    if (end === start) return
    if (end - start > this.#maxLineBytes) {
      this.truncatedCount++
      end = start + this.#maxLineBytes
    }
    take(decode(chunk, start, end, isPlain))
  }

  #keep(piece: Buffer): void {
    // One byte over the limit is kept: it may be the CR of a line that just fits.
    const room = this.#maxLineBytes + 1 - this.#pendingBytes
    if (piece.length > room) this.#isOverlong = true
    if (piece.length === 0 || room <= 0) return
    // The stream reuses nothing, but a small piece would keep its whole chunk in memory.
    const kept = Buffer.from(piece.subarray(0, room))
    this.#pending.push(kept)
    this.#pendingBytes += kept.length
  }

  #takePending(take: (line: string) => void): void {
    const line = Buffer.concat(this.#pending)
    const isOverlong = this.#isOverlong
    this.#pending = []
    this.#pendingBytes = 0
    this.#isOverlong = false
    if (isOverlong) {
      this.truncatedCount++
      take(decode(line, 0, this.#maxLineBytes, isAscii(line)))
    } else {
      this.#takeSlice(line, 0, line.length, isAscii(line), take)
    }
  }
}

function decode(bytes: Buffer, start: number, end: number, isPlain: boolean): string {
  return isPlain ? bytes.toString('latin1', start, end) : bytes.toString('utf8', start, end)
}
