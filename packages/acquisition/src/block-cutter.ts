import { defaultMaxLineBytes } from './line-splitter.ts'

/** Whole lines of a source, as they stand there, in memory that threads can share. */
export interface Block {
  readonly bytes: Buffer<SharedArrayBuffer>
  /** Where it stands in the source, decompressed; `endByte` is exclusive. */
  readonly startByte: number
  readonly endByte: number
}

export const defaultBlockBytes = 512 * 1024

const newline = 0x0a

export interface BlockCutterOptions {
  readonly blockBytes?: number
  readonly maxLineBytes?: number
}

/**
 * Cuts a byte stream into blocks of whole lines. Of a line longer than a block only so much is kept
 * that whoever splits the block sees it is over the limit, so memory is bounded whatever comes.
 */
export class BlockCutter {
  readonly #blockBytes: number
  /** So much of an overlong line is kept: its limit, a CR, and one byte that tells it is overlong. */
  readonly #keptBytes: number
  readonly #free: Buffer<SharedArrayBuffer>[] = []
  #block: Buffer<SharedArrayBuffer>
  #filled = 0
  /** Bytes of the source taken so far. */
  #taken = 0
  #startByte = 0
  /** Whether the rest of an overlong line is being dropped. */
  #isDropping = false

  constructor(options: BlockCutterOptions = {}) {
    this.#keptBytes = (options.maxLineBytes ?? defaultMaxLineBytes) + 2
    // With room for the line break behind an overlong line.
    this.#blockBytes = Math.max(options.blockBytes ?? defaultBlockBytes, this.#keptBytes + 1)
    this.#block = this.#allocate()
  }

  /** The blocks that end in this chunk. */
  *push(chunk: Uint8Array): Generator<Block> {
    let at = 0
    while (at < chunk.length) {
      if (this.#isDropping) {
        const end = chunk.indexOf(newline, at)
        const next = end < 0 ? chunk.length : end
        this.#taken += next - at
        at = next
        if (end < 0) return
        this.#isDropping = false
      }
      const count = Math.min(chunk.length - at, this.#blockBytes - this.#filled)
      this.#block.set(chunk.subarray(at, at + count), this.#filled)
      this.#filled += count
      this.#taken += count
      at += count
      if (this.#filled === this.#blockBytes) yield* this.#cut()
    }
  }

  /** What is left: a last line needs no line break. */
  *end(): Generator<Block> {
    if (this.#filled > 0) yield this.#take(this.#filled)
  }

  /** Takes the memory of a block back, to be used again. */
  recycle(block: Block): void {
    const whole = Buffer.from(block.bytes.buffer)
    if (whole.length === this.#blockBytes) this.#free.push(whole)
  }

  *#cut(): Generator<Block> {
    const end = this.#block.lastIndexOf(newline, this.#filled - 1)
    if (end >= 0) {
      yield this.#take(end + 1)
    } else {
      this.#filled = this.#keptBytes
      this.#isDropping = true
    }
  }

  #take(length: number): Block {
    const full = this.#block
    const rest = full.subarray(length, this.#filled)
    const endByte = this.#taken - rest.length
    const block = {
      bytes: full.subarray(0, length) as Buffer<SharedArrayBuffer>,
      startByte: this.#startByte,
      endByte,
    }
    this.#block = this.#free.pop() ?? this.#allocate()
    this.#block.set(rest)
    this.#filled = rest.length
    this.#startByte = endByte
    return block
  }

  #allocate(): Buffer<SharedArrayBuffer> {
    return Buffer.from(new SharedArrayBuffer(this.#blockBytes))
  }
}
