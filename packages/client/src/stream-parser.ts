/** Receives the items of one array of the document: `items('new', '[{…},{…}]')`. */
export type ItemSink = (key: string, jsonArray: string) => void

const quote = 0x22
const backslash = 0x5c
const openBrace = 0x7b
const closeBrace = 0x7d
const openBracket = 0x5b
const closeBracket = 0x5d

/** No decision is longer. One that is gets left out: it must not cost the others, nor the memory. */
const maxItemBytes = 1024 * 1024

/**
 * Cuts `{"new": [{…},{…}], "deleted": […]}` into arrays of whole items while it arrives, so that a
 * reply of any size is read with the memory of one chunk. Order and blanks do not matter.
 * Hot path: every byte of a startup passes here, see bench/stream-parser.bench.ts.
 */
export class StreamParser {
  /** Whether the document has ended; a reply that ends before was cut off. */
  isComplete = false
  /** Items that were too long to be decisions. */
  skipped = 0
  readonly #sink: ItemSink
  /** What of the last chunk belongs to an item, or a key, that has not ended yet. */
  #rest: Buffer = Buffer.alloc(0)
  #depth = 0
  #isInString = false
  #isEscaped = false
  #key = ''
  /** The rest of an item that was too long is passed over. */
  #isSkipping = false

  constructor(sink: ItemSink) {
    this.#sink = sink
  }

  /** @throws {SyntaxError} When the text cannot become the document. */
  push(chunk: Buffer): void {
    const from = this.#rest.byteLength
    const bytes = from === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    let depth = this.#depth
    let isInString = this.#isInString
    let isEscaped = this.#isEscaped
    // What is kept always starts with an item at depth 2, or a key at depth 1.
    let start = from > 0 ? 0 : -1
    let itemsEnd = -1
    let isSkipping = this.#isSkipping
    for (let at = from; at < bytes.byteLength; at++) {
      const code = bytes[at] as number
      if (isInString) {
        if (isEscaped) isEscaped = false
        else if (code === backslash) isEscaped = true
        else if (code === quote) {
          isInString = false
          if (depth === 1) {
            this.#key = bytes.toString('latin1', start + 1, at)
            start = -1
          }
        }
      } else if (code === quote) {
        isInString = true
        if (depth === 1) start = at
      } else if (code === openBrace || code === openBracket) {
        depth++
        if (depth === 3 && start < 0) start = at
      } else if (code === closeBrace || code === closeBracket) {
        depth--
        if (depth === 2) {
          if (isSkipping) isSkipping = false
          else itemsEnd = at + 1
        } else if (depth === 1) {
          if (itemsEnd >= 0) this.#emit(bytes, start, itemsEnd)
          start = -1
          itemsEnd = -1
        } else if (depth === 0) this.isComplete = true
        else if (depth < 0) throw new SyntaxError('more brackets are closed than were opened')
      }
    }
    if (itemsEnd >= 0) {
      this.#emit(bytes, start, itemsEnd)
      start = startOfItem(bytes, itemsEnd)
    }
    this.#rest = start < 0 ? Buffer.alloc(0) : bytes.subarray(start)
    if (this.#rest.byteLength > maxItemBytes) {
      if (depth < 3) throw new SyntaxError('a key never ends')
      this.#rest = Buffer.alloc(0)
      isSkipping = true
      this.skipped++
    }
    this.#isSkipping = isSkipping
    this.#depth = depth
    this.#isInString = isInString
    this.#isEscaped = isEscaped
  }

  #emit(bytes: Buffer, start: number, end: number): void {
    this.#sink(this.#key, `[${bytes.toString('utf8', start, end)}]`)
  }
}

/** Where the item begins that follows a finished one, or -1: only a comma and blanks lie between. */
function startOfItem(bytes: Buffer, end: number): number {
  for (let at = end; at < bytes.byteLength; at++) {
    if (bytes[at] === openBrace || bytes[at] === openBracket) return at
  }
  return -1
}
