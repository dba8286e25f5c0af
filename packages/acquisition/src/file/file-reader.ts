import type { BigIntStats } from 'node:fs'
import { constants } from 'node:fs'
import { type FileHandle, open, realpath } from 'node:fs/promises'
import { defaultMaxLineBytes, LineSplitter } from '../line-splitter.ts'
import {
  type FilePlace,
  isSamePlace,
  printBytes,
  readPlace,
  type SavedPlace,
  startOfFile,
} from './file-print.ts'
import { birthOf } from './rotated-files.ts'

const newline = 0x0a

/** What one read of a file gave. */
export type Reading =
  | {
      readonly kind: 'lines'
      readonly lines: readonly string[]
      readonly truncatedCount: number
      /** Where the file is read up to once the lines are acknowledged. */
      readonly next: FilePlace
      readonly isInsideLine: boolean
    }
  /** No whole line beyond the position, as yet. */
  | { readonly kind: 'end' }
  /** What stood before the position stands there no longer: the file was cut or rewritten. */
  | { readonly kind: 'replaced' }

/** A file that was just opened. */
export interface OpenedFile {
  readonly handle: FileHandle
  readonly stats: BigIntStats
  readonly path: string
  readonly realPath: string
}

/**
 * Follows one file, whatever it is called by now: what is opened stays readable when it is renamed
 * or deleted. Every read begins before the position, so that a file that was cut and has grown again
 * is found out by its content, without a further call.
 * Hot path: all bytes of live logs come through `read`.
 */
export class FileReader {
  readonly identity: string
  /** When it was made; undefined where the file system does not know. */
  readonly bornMs: number | undefined
  /** The path it was found at: names its lines, whatever it is called later. */
  path: string
  /** The path without links when it was opened: where it is when links lead elsewhere. */
  realPath: string
  /** When bytes were last found. */
  lastGrowthMs: number
  /** When what stands before the position was last seen to stand there still. */
  verifiedMs: number
  /** Whether it has to be looked at: something may have been written. */
  isDue = true
  /** The beginnings it had before it was cut; copies of it may still be about. */
  readonly formerHeads: Buffer[] = []
  /** Modification time when it was last looked at, and when it was last read to its end. */
  #lookedNs = -1n
  #readNs = -1n
  readonly #handle: FileHandle
  readonly #splitter = new LineSplitter()
  #place: FilePlace = startOfFile
  /** First bytes, known though nothing may have been read. */
  #peeked: Buffer = startOfFile.head
  /** Inside a line whose beginning was already given, cut at the longest length. */
  #isInsideLine = false
  #partialBytes = 0
  #partialSinceMs = 0

  constructor(opened: OpenedFile, nowMs: number) {
    this.identity = identityOf(opened.stats)
    this.bornMs = birthOf(opened.stats)
    this.path = opened.path
    this.realPath = opened.realPath
    this.lastGrowthMs = nowMs
    this.verifiedMs = nowMs
    this.#handle = opened.handle
  }

  get place(): FilePlace {
    return this.#place
  }

  /** Whether a line has begun and not ended. */
  get hasPartialLine(): boolean {
    return this.#partialBytes > 0
  }

  async stat(): Promise<BigIntStats> {
    return this.#handle.stat({ bigint: true })
  }

  /** Says how the file looks from outside; it is due when that changed. */
  noteStats(stats: BigIntStats): void {
    this.#lookedNs = stats.mtimeNs
    if (stats.mtimeNs !== this.#readNs || Number(stats.size) !== this.#place.offset) {
      this.isDue = true
    }
  }

  /** It was read to its end, as it looked last. */
  noteEnd(): void {
    this.isDue = false
    this.#readNs = this.#lookedNs
  }

  /** Moves to an offset; to the beginning when the file is shorter. */
  async moveTo(offset: number): Promise<void> {
    this.#place = (await readPlace(this.#handle, offset)) ?? startOfFile
  }

  /** Whether this is the file of a saved place, by its content. */
  async has(saved: SavedPlace): Promise<boolean> {
    const place = await readPlace(this.#handle, saved.offset)
    return place !== undefined && isSamePlace(place, saved)
  }

  /** Moves to a saved place if the file has it. */
  async resume(saved: SavedPlace): Promise<boolean> {
    if (!(await this.has(saved))) return false
    await this.moveTo(saved.offset)
    return true
  }

  /** Moves to a place of another file if this one has the same content up to there. */
  async continueFrom({ offset, head, tail }: FilePlace): Promise<boolean> {
    const place = await readPlace(this.#handle, offset)
    if (!place?.head.equals(head) || !place.tail.equals(tail)) return false
    this.#place = place
    return true
  }

  /** Whether the file begins with these bytes. */
  async beginsWith(head: Buffer): Promise<boolean> {
    const bytes = Buffer.alloc(head.length)
    const { bytesRead } = await this.#handle.read(bytes, 0, bytes.length, 0)
    return bytesRead === head.length && bytes.equals(head)
  }

  /** Looks at the first bytes, and remembers them: a file may be cut before any of it is read. */
  async peek(): Promise<Buffer> {
    const bytes = Buffer.alloc(printBytes)
    const { bytesRead } = await this.#handle.read(bytes, 0, printBytes, 0)
    this.#peeked = bytes.subarray(0, bytesRead)
    return this.#peeked
  }

  /**
   * Reads on from the position into a buffer that all readers share; nothing moves before `commit`.
   * @param partialWaitMs How long a line may stay without its end before it is given as it is.
   */
  async read(buffer: Buffer, nowMs: number, partialWaitMs: number): Promise<Reading> {
    const { offset, tail } = this.#place
    const known = tail.length
    const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, offset - known)
    const expected = offset === 0 ? this.#peeked : tail
    if (bytesRead < expected.length || expected.compare(buffer, 0, expected.length) !== 0) {
      return { kind: 'replaced' }
    }
    this.verifiedMs = nowMs
    if (bytesRead === known) return { kind: 'end' }
    const start = this.#skipNuls(buffer, known, bytesRead)
    const lastBreak = buffer.lastIndexOf(newline, bytesRead - 1)
    if (lastBreak >= start) {
      this.#partialBytes = bytesRead - lastBreak - 1
      this.#partialSinceMs = nowMs
      return this.#takeLines(buffer, start, lastBreak + 1)
    }
    if (start === bytesRead) return this.#reading([], buffer, bytesRead, false)
    if (bytesRead === buffer.length) return this.#takeOverlong(buffer, start, bytesRead)
    return this.#takePartial(buffer, start, bytesRead, nowMs, partialWaitMs)
  }

  /** The lines of a reading were acknowledged. */
  commit(reading: Reading & { kind: 'lines' }, nowMs: number): void {
    this.#place = reading.next
    this.#isInsideLine = reading.isInsideLine
    this.lastGrowthMs = nowMs
  }

  /** Goes back to the beginning, for the content is another; gives the place it had reached. */
  restart(): FilePlace {
    const before = this.#place.offset > 0 ? this.#place : { ...startOfFile, head: this.#peeked }
    this.#peeked = startOfFile.head
    if (before.head.length > 0) this.formerHeads.unshift(before.head)
    this.formerHeads.length = Math.min(this.formerHeads.length, 4)
    this.#place = startOfFile
    this.#isInsideLine = false
    this.#partialBytes = 0
    return before
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  /**
   * A writer that does not append leaves a hole of NULs up to its old position when its file is cut;
   * lines begin behind it.
   */
  #skipNuls(buffer: Buffer, from: number, end: number): number {
    let at = from
    if (!this.#isInsideLine) while (at < end && buffer[at] === 0) at++
    return at
  }

  #takeLines(buffer: Buffer, from: number, end: number): Reading {
    let start = from
    if (this.#isInsideLine) start = buffer.indexOf(newline, start) + 1
    const lines: string[] = []
    this.#splitter.push(buffer.subarray(start, end), (line) => lines.push(line))
    return this.#reading(lines, buffer, end, false)
  }

  /** The buffer holds no line break: the line is given once, cut, and its rest skipped. */
  #takeOverlong(buffer: Buffer, start: number, end: number): Reading {
    const lines: string[] = []
    if (!this.#isInsideLine) {
      this.#splitter.truncatedCount++
      lines.push(...this.#decode(buffer.subarray(start, start + defaultMaxLineBytes)))
    }
    return this.#reading(lines, buffer, end, true)
  }

  #takePartial(
    buffer: Buffer,
    start: number,
    end: number,
    nowMs: number,
    partialWaitMs: number,
  ): Reading {
    if (end - start !== this.#partialBytes) {
      this.#partialBytes = end - start
      this.#partialSinceMs = nowMs
    }
    if (nowMs - this.#partialSinceMs < partialWaitMs) return { kind: 'end' }
    this.#partialBytes = 0
    const lines = this.#isInsideLine ? [] : this.#decode(buffer.subarray(start, end))
    return this.#reading(lines, buffer, end, this.#isInsideLine)
  }

  #decode(bytes: Buffer): string[] {
    const lines: string[] = []
    const truncatedCount = this.#splitter.truncatedCount
    this.#splitter.push(bytes, (line) => lines.push(line))
    this.#splitter.end((line) => lines.push(line))
    this.#splitter.truncatedCount = truncatedCount + (bytes.length > defaultMaxLineBytes ? 1 : 0)
    return lines
  }

  #reading(
    lines: readonly string[],
    buffer: Buffer,
    end: number,
    isInsideLine: boolean,
  ): Reading & { kind: 'lines' } {
    const { offset, head, tail } = this.#place
    // The buffer begins at the beginning of the file as long as the head is not complete.
    const isHeadKnown = head.length === printBytes
    const next: FilePlace = {
      offset: offset + end - tail.length,
      head: isHeadKnown ? head : Buffer.from(buffer.subarray(0, Math.min(end, printBytes))),
      tail: Buffer.from(buffer.subarray(Math.max(0, end - printBytes), end)),
    }
    const truncatedCount = this.#splitter.truncatedCount
    this.#splitter.truncatedCount = 0
    return { kind: 'lines', lines, truncatedCount, next, isInsideLine }
  }
}

/** Opens a file to follow it; a FIFO that takes its place must not block. */
export async function openFile(path: string): Promise<OpenedFile> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stats = await handle.stat({ bigint: true })
    const realPath = await realpath(path)
    return { handle, stats, path, realPath }
  } catch (cause) {
    await handle.close()
    throw cause
  }
}

/** Tells files apart for as long as they are open: `64768:131077`. */
export function identityOf(stats: BigIntStats): string {
  return `${stats.dev}:${stats.ino}`
}
