/** Part of a stream body, and up to which id it goes. */
export interface Chunk {
  readonly bytes: Buffer
  readonly lastId: number
  readonly isLast: boolean
}

/** What an entry costs beside its bytes; also keeps empty ones from piling up. */
const entryBytes = 512

/**
 * Parts of stream bodies that many bouncers read at the same time, the most recent up to a number of
 * bytes. What was dropped is made again: a slow reader costs time, never memory.
 */
export class ChunkCache {
  readonly #chunks = new Map<string, Chunk>()
  readonly #maxBytes: number
  #bytes = 0

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  get bytes(): number {
    return this.#bytes
  }

  get(key: string): Chunk | undefined {
    return this.#chunks.get(key)
  }

  set(key: string, chunk: Chunk): void {
    this.#chunks.set(key, chunk)
    this.#bytes += chunk.bytes.length + entryBytes
    for (const [oldest, { bytes }] of this.#chunks) {
      if (this.#bytes <= this.#maxBytes) return
      this.#chunks.delete(oldest)
      this.#bytes -= bytes.length + entryBytes
    }
  }

  clear(): void {
    this.#chunks.clear()
    this.#bytes = 0
  }
}
