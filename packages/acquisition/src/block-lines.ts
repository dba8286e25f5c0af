import { isAscii } from 'node:buffer'
import { defaultMaxLineBytes } from './line-splitter.ts'

const newline = 0x0a
const carriageReturn = 0x0d

/**
 * The lines of a block, as `LineSplitter` would give them, each with the bytes it stands in.
 * Hot path: every byte that a worker parses comes through here.
 */
export class BlockLines {
  /** Lines cut at the limit so far. */
  truncatedCount = 0
  /** Where the line at hand begins, and where it ends, cut and without its line break. */
  start = 0
  end = 0
  readonly #bytes: Buffer
  readonly #isPlain: boolean
  readonly #maxLineBytes: number
  #next = 0

  constructor(bytes: Buffer, maxLineBytes = defaultMaxLineBytes) {
    this.#bytes = bytes
    this.#isPlain = isAscii(bytes)
    this.#maxLineBytes = maxLineBytes
  }

  /** The text of the next line that is not empty; undefined after the last. */
  next(): string | undefined {
    const bytes = this.#bytes
    while (this.#next < bytes.length) {
      const start = this.#next
      const found = bytes.indexOf(newline, start)
      let end = found < 0 ? bytes.length : found
      this.#next = end + 1
      if (end > start && bytes[end - 1] === carriageReturn) end--
      if (end === start) continue
      if (end - start > this.#maxLineBytes) {
        this.truncatedCount++
        end = start + this.#maxLineBytes
      }
      this.start = start
      this.end = end
      return this.textOf(start, end)
    }
    return undefined
  }

  /** The text of a line that stands in these bytes. */
  textOf(start: number, end: number): string {
    return this.#bytes.toString(this.#isPlain ? 'latin1' : 'utf8', start, end)
  }
}
