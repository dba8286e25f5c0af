import type { BigIntStats } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Clock } from '@tocsin/model'
import { errnoOf, troubleOf } from '../errno.ts'
import type { SourceHealth } from '../health/source-health.ts'
import { type FilePlace, isTelling } from './file-print.ts'
import { FileReader, identityOf, openFile } from './file-reader.ts'
import { inodeOf, isSameInode, RememberedFiles, saveReader } from './remembered-files.ts'
import {
  isCompressedHead,
  isCompressedName,
  isGenerationName,
  listSiblings,
} from './rotated-files.ts'
import type { SavedFile, SavedFiles } from './saved-files.ts'

export interface TrackerOptions {
  readonly clock: Clock
  readonly health: SourceHealth
  /** Where to begin with files that are there when it starts for the first time. */
  readonly startAt: 'end' | 'beginning'
  readonly resume: SavedFiles | undefined
  /** How long a file that was rotated away is still read after its last line. */
  readonly rotatedWaitMs: number
  /** How long a path may be without a file before it is missing: rotation makes gaps. */
  readonly missingAfterMs: number
}

/** A time in which generations of a log may have come and gone unseen. */
interface Gap {
  /** What stands at the path now. */
  readonly newest: FileReader
  readonly sinceMs: number
  /** The beginning of what stood there before. */
  readonly formerHead: Buffer
  /** Whether it is the same file, cut: its copies are younger than it. */
  readonly wasCut: boolean
}

/** What stands at a path. */
interface Seat {
  identity: string
  /** When that was last seen to be so. */
  seenMs: number
}

/** Files that were rotated away and are still read, at most; then the oldest are let go. */
const mostRotated = 64
/** A file called like a generation is not read before it can be told from a copy, or this old. */
const copyWaitMs = 10_000
/** File systems stamp with a clock that is up to 10 ms late. */
const stampSlackMs = 10
/** Former files at a path that may be found in one step, so that a loop of links cannot last. */
const mostGenerations = 1000
const noHead = Buffer.alloc(0)

/**
 * Knows which file stands at which path and how far each is read. Files are told by identity, so a
 * file keeps its place under whatever name it gets, and each is read once however many names it has.
 */
export class FileTracker {
  readonly #options: TrackerOptions
  /** In the order in which they are read: an earlier generation before the later. */
  readonly #readers = new Map<string, FileReader>()
  readonly #seats = new Map<string, Seat>()
  /** Since when a path has had no file. */
  readonly #missingSinceMs = new Map<string, number>()
  readonly #remembered: RememberedFiles
  /** Files never to be read: copies, compressed ones, directories. */
  readonly #ignored = new Set<string>()
  /** Sizes when it started of files that could not be opened then: what follows is new. */
  readonly #deniedSizes = new Map<string, number>()
  /** Readers that went on where an earlier run ended. */
  readonly #resumed = new WeakSet<FileReader>()
  #isFirstScan = true
  #position: SavedFiles | undefined
  #lookedAtMs: number
  readonly #startedMs: number

  constructor(options: TrackerOptions) {
    this.#options = options
    this.#remembered = new RememberedFiles(options.resume?.files ?? [])
    this.#startedMs = options.clock.nowMs()
    this.#lookedAtMs = options.resume?.lookedAtMs ?? this.#startedMs
  }

  /** The files to read, earlier generations first. */
  get readers(): readonly FileReader[] {
    return [...this.#readers.values()]
  }

  readerAt(path: string): FileReader | undefined {
    const seat = this.#seats.get(path)
    return seat && this.#readers.get(seat.identity)
  }

  /** Looks which file stands at a path, and opens it when it is a new one. */
  async look(path: string, isExpected: boolean): Promise<void> {
    const nowMs = this.#options.clock.nowMs()
    let stats: BigIntStats
    try {
      stats = await stat(path, { bigint: true })
    } catch (cause) {
      this.#miss(path, cause, isExpected, nowMs)
      return
    }
    this.#missingSinceMs.delete(path)
    const identity = identityOf(stats)
    const seat = this.#seats.get(path)
    const reader = this.#readers.get(identity)
    if (reader) {
      this.#seat(path, identity, nowMs)
      reader.noteStats(stats)
    } else if (this.#ignored.has(identity)) {
      this.#seat(path, identity, nowMs)
    } else if (stats.isDirectory() || isCompressedName(path)) {
      this.#ignore(path, identity, nowMs)
    } else if (this.#mayBeUnfinishedCopy(path, stats, nowMs)) {
      // The next look will tell what it is.
    } else if (!stats.isFile()) {
      const message = `${path} is not a regular file`
      this.#options.health.fail(path, { kind: 'unreadable', message })
    } else {
      await this.#open(path, seat, Number(stats.size), nowMs)
    }
  }

  /** All paths that match now were looked at. */
  async endScan(paths: ReadonlySet<string>): Promise<void> {
    for (const path of this.#seats.keys()) if (!paths.has(path)) this.#seats.delete(path)
    if (this.#isFirstScan) await this.#openLostFiles()
    this.#isFirstScan = false
    this.#lookedAtMs = this.#options.clock.nowMs()
    const seated = this.#seatedIdentities()
    for (const identity of this.#ignored) if (!seated.has(identity)) this.#ignored.delete(identity)
  }

  /** Closes what was rotated away and has had nothing new for long. */
  async closeQuiet(): Promise<void> {
    const nowMs = this.#options.clock.nowMs()
    const rotated = this.rotatedReaders()
    let surplus = rotated.length - mostRotated
    for (const reader of rotated) {
      const isQuiet = nowMs - reader.lastGrowthMs >= this.#options.rotatedWaitMs
      if (!reader.isDue && (isQuiet || surplus > 0)) {
        surplus--
        await this.#finish(reader)
      }
    }
  }

  /** Files that no path leads to any more. */
  rotatedReaders(): FileReader[] {
    const seated = this.#seatedIdentities()
    return this.readers.filter((reader) => !seated.has(reader.identity))
  }

  /**
   * What a file held before it was cut may be more than what was read of it. Whoever cuts a log has
   * often copied it first: the copy is found by its content and its rest is read, and copies of what
   * came and went since are read as a whole.
   */
  async openCutAway(reader: FileReader, place: FilePlace): Promise<void> {
    await this.#openCopyOf(place, reader)
    const sinceMs = reader.verifiedMs
    await this.#openMissed({ newest: reader, formerHead: place.head, sinceMs, wasCut: true })
    this.#moveToEnd(reader)
  }

  async #openCopyOf(place: FilePlace, { path, realPath }: FileReader): Promise<void> {
    const { head, offset } = place
    if (!isTelling({ offset: head.length })) return
    for (const sibling of (await listSiblings(path, realPath)).reverse()) {
      const identity = identityOf(sibling.stats)
      if (this.#readers.has(identity) || Number(sibling.stats.size) < offset) continue
      const copy = await this.#tryOpen(sibling.path, path)
      if (!copy) continue
      const isUnread = offset < head.length
      if (await (isUnread ? copy.beginsWith(head) : copy.continueFrom(place))) {
        this.#readers.set(copy.identity, copy)
        return
      }
      await copy.close()
    }
  }

  position(): SavedFiles {
    const files = [...this.#remembered.files]
    for (const reader of this.#readers.values()) files.push(saveReader(reader, 'open'))
    const before = this.#position
    // Nothing moved: the same position, so that an idle source has nothing to save.
    if (before && JSON.stringify(before.files) === JSON.stringify(files)) return before
    this.#position = { lookedAtMs: this.#lookedAtMs, files }
    return this.#position
  }

  async close(): Promise<void> {
    for (const reader of this.#readers.values()) await reader.close()
  }

  async #open(path: string, seat: Seat | undefined, size: number, nowMs: number): Promise<void> {
    const reader = await this.#tryOpen(path, path)
    if (!reader) {
      if (this.#isFirstScan) this.#deniedSizes.set(path, size)
      return
    }
    // Between looking and opening another file may have taken the place.
    if (this.#readers.has(reader.identity)) {
      await reader.close()
      return
    }
    if (isCompressedHead(await reader.peek()) || (await this.#isCopy(reader))) {
      await reader.close()
      this.#ignore(path, reader.identity, nowMs)
      return
    }
    const former = seat && this.#readers.get(seat.identity)
    await this.#place(reader, former)
    if (former) {
      this.#options.health.stream(path).rotationCount++
      former.isDue = true
      const { head } = former.place
      const gap = { newest: reader, sinceMs: seat.seenMs, formerHead: head, wasCut: false }
      await this.#openMissed(gap)
    }
    this.#readers.set(reader.identity, reader)
    this.#seat(path, reader.identity, nowMs)
  }

  /** Decides where to begin reading a file that is new here. */
  async #place(reader: FileReader, former: FileReader | undefined): Promise<void> {
    const { resume, startAt } = this.#options
    if (await this.#remembered.resume(reader)) {
      this.#resumed.add(reader)
      return
    }
    if (former && isTelling(former.place) && (await reader.continueFrom(former.place))) return
    const deniedSize = this.#deniedSizes.get(reader.path)
    this.#deniedSizes.delete(reader.path)
    if (deniedSize !== undefined && startAt === 'end') return reader.moveTo(deniedSize)
    if (!this.#isFirstScan || startAt === 'beginning') return
    const sinceMs = resume?.lookedAtMs ?? this.#startedMs
    if (reader.bornMs !== undefined && reader.bornMs >= sinceMs - stampSlackMs) return
    if (resume?.files.some((file) => file.path === reader.path)) return
    await reader.moveTo(Number((await reader.stat()).size))
  }

  /** Whether a file is the copy of one that is followed, made to cut it. */
  async #isCopy(reader: FileReader): Promise<boolean> {
    if (await this.#remembered.isClosed(reader, ['copy'])) return true
    for (const followed of this.#readers.values()) {
      if (!isGenerationName(reader.path, followed.path)) continue
      for (const head of [followed.place.head, ...followed.formerHeads]) {
        if (!isTelling({ offset: head.length }) || !(await reader.beginsWith(head))) continue
        // Remembered by its beginning: it may still grow.
        await reader.moveTo(head.length)
        this.#remembered.add(reader, 'copy')
        return true
      }
    }
    return false
  }

  /** A copy grows until it begins as the original does; until then it cannot be told. */
  #mayBeUnfinishedCopy(path: string, stats: BigIntStats, nowMs: number): boolean {
    if (nowMs - Number(stats.birthtimeMs) > copyWaitMs) return false
    return this.readers.some(
      (followed) =>
        isGenerationName(path, followed.path) &&
        Number(stats.size) < (followed.formerHeads[0] ?? followed.place.head).length,
    )
  }

  /** Opens generations of a log that came and went between two looks at it. */
  async #openMissed(gap: Gap): Promise<void> {
    const { newest, sinceMs, formerHead, wasCut } = gap
    if (newest.bornMs === undefined) return
    // A copy of what is about to be cut, and one of what was read already, would be read twice.
    const heads = [formerHead, await newest.peek()]
    const tellingHeads = heads.filter((head) => isTelling({ offset: head.length }))
    let count = 0
    for (const { path, stats, bornMs } of await listSiblings(newest.path, newest.realPath)) {
      const identity = identityOf(stats)
      if (bornMs === undefined || bornMs < sinceMs - stampSlackMs) continue
      if (bornMs > newest.bornMs && !wasCut) continue
      if (identity === newest.identity || this.#isInUse(identity)) continue
      if (!isGenerationName(path, newest.path) || ++count > mostGenerations) continue
      const reader = await this.#tryOpen(path, newest.path)
      if (!reader) continue
      const isKnown = await this.#remembered.isClosed(reader, ['finished', 'copy'])
      let isWanted = !isKnown && !this.#isInUse(reader.identity)
      for (const head of tellingHeads) if (await reader.beginsWith(head)) isWanted = false
      if (isWanted) this.#readers.set(reader.identity, reader)
      else await reader.close()
    }
  }

  #isInUse(identity: string): boolean {
    return this.#readers.has(identity) || this.#ignored.has(identity)
  }

  /** Files of the last run that have since been rotated away, and generations that followed them. */
  async #openLostFiles(): Promise<void> {
    const { resume } = this.#options
    if (!resume) return
    const current = this.readers
    const found: FileReader[] = []
    for (const saved of this.#remembered.lost) {
      const reader = await this.#findLost(saved)
      if (reader) found.push(reader)
      // Nothing stands at its path, or it may not be read now: it may come back.
      if (!reader && !this.readerAt(saved.path)) continue
      this.#remembered.forget(saved)
    }
    this.#remembered.limitLost()
    for (const reader of found.sort((a, b) => (a.bornMs ?? 0) - (b.bornMs ?? 0))) {
      this.#readers.set(reader.identity, reader)
    }
    for (const reader of current) {
      const before = resume.files.filter(
        (file) => file.path === reader.path && file.state === 'open',
      )
      const isProven = this.#resumed.has(reader) && isTelling(reader.place)
      if (before.length === 0 || isProven) continue
      const former = found.find(({ path }) => path === reader.path)
      const wasCut = before.some((file) => isSameInode(file, reader))
      await this.#openMissed({
        ...{ newest: reader, sinceMs: resume.lookedAtMs, wasCut },
        formerHead: former?.place.head ?? noHead,
      })
    }
    // Whatever was found just now came before what stands at the paths.
    for (const reader of current) this.#moveToEnd(reader)
    for (const reader of current) {
      const isNewer = current.some((other) => isGenerationName(other.path, reader.path))
      if (isNewer) this.#moveToEnd(reader)
    }
  }

  async #findLost(saved: SavedFile): Promise<FileReader | undefined> {
    const siblings = await listSiblings(saved.path, saved.realPath)
    const paths = [
      saved.realPath,
      ...siblings
        .filter(({ stats }) => `${stats.ino}` === inodeOf(saved.identity))
        .map(({ path }) => path),
      // The file was cut when it was copied: the copy has another identity and the same content.
      ...(isTelling(saved) ? siblings.map(({ path }) => path) : []).reverse(),
    ]
    for (const path of paths) {
      const reader = await this.#tryOpen(path, saved.path, true)
      if (!reader) continue
      const isNew = !this.#readers.has(reader.identity)
      if (isNew && (await reader.resume(saved))) return reader
      await reader.close()
    }
    return undefined
  }

  async #tryOpen(
    path: string,
    shownPath: string,
    isOptional = path !== shownPath,
  ): Promise<FileReader | undefined> {
    const { clock, health } = this.#options
    try {
      const opened = await openFile(path)
      if (opened.stats.isFile()) {
        if (!isOptional) health.recover(path)
        return new FileReader({ ...opened, path: shownPath }, clock.nowMs())
      }
      await opened.handle.close()
    } catch (cause) {
      if (errnoOf(cause) === undefined) throw cause
      const kind = troubleOf(cause)
      // It went away since it was seen; the next look will tell.
      if (!isOptional && kind !== 'missing') {
        health.fail(path, { kind, message: describeFailure(path, cause) })
      }
    }
    return undefined
  }

  #miss(path: string, cause: unknown, isExpected: boolean, nowMs: number): void {
    const errno = errnoOf(cause)
    if (errno === undefined) throw cause
    const kind = troubleOf(cause)
    const former = this.readerAt(path)
    if (former) former.isDue = true
    const seat = this.#seats.get(path)
    const sinceMs = this.#missingSinceMs.get(path) ?? nowMs
    this.#missingSinceMs.set(path, sinceMs)
    if (seat && nowMs - sinceMs < this.#options.missingAfterMs) return
    if (kind === 'missing') this.#seats.delete(path)
    if (kind !== 'missing' || isExpected) {
      this.#options.health.fail(path, { kind, message: describeFailure(path, cause) })
    } else {
      this.#options.health.forget(path)
    }
  }

  #ignore(path: string, identity: string, nowMs: number): void {
    this.#ignored.add(identity)
    this.#seat(path, identity, nowMs)
  }

  #seat(path: string, identity: string, seenMs: number): void {
    const seat = this.#seats.get(path)
    if (!seat) this.#seats.set(path, { identity, seenMs })
    else {
      seat.identity = identity
      seat.seenMs = seenMs
    }
  }

  #seatedIdentities(): Set<string> {
    return new Set([...this.#seats.values()].map((seat) => seat.identity))
  }

  #moveToEnd(reader: FileReader): void {
    this.#readers.delete(reader.identity)
    this.#readers.set(reader.identity, reader)
  }

  async #finish(reader: FileReader): Promise<void> {
    this.#readers.delete(reader.identity)
    await reader.close()
    this.#remembered.add(reader, 'finished')
  }
}

function describeFailure(path: string, cause: unknown): string {
  switch (troubleOf(cause)) {
    case 'missing':
      return `${path} does not exist`
    case 'permission-denied':
      return `${path} may not be read by this user`
    default:
      return `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`
  }
}
