import { realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type { Clock, TextDict } from '@tocsin/model'
import { type Log, silentLog } from '@tocsin/telemetry'
import { deliver } from '../deliver.ts'
import { errnoOf, troubleOf } from '../errno.ts'
import { SourceHealth, type VerdictChange } from '../health/source-health.ts'
import type { LineOrigin, Sink, Source } from '../source.ts'
import type { Transform } from '../transform.ts'
import { Bell } from './bell.ts'
import { DirectoryWatches, type Hint } from './directory-watches.ts'
import type { FileReader } from './file-reader.ts'
import { isRemoteDirectory } from './file-system-kind.ts'
import { FileTracker } from './file-tracker.ts'
import { PathGlob } from './path-glob.ts'
import { readSavedFiles } from './saved-files.ts'

export interface FileSourceOptions {
  /** Globs over absolute paths, see `PathGlob`. */
  readonly filenames: readonly string[]
  /** Paths that are not read though they match. */
  readonly isExcluded?: (path: string) => boolean
  readonly labels: TextDict
  readonly clock: Clock
  readonly name?: string
  readonly transform?: Transform | undefined
  readonly log?: Log
  readonly onVerdict?: (change: VerdictChange) => void
  /** Where to begin with files that are there when it starts for the first time; the end. */
  readonly startAt?: 'end' | 'beginning'
  /** Whether to poll instead of waiting for notice; found out by file system when absent. */
  readonly isPolling?: boolean | undefined
  /** How often to look for new files where there is notice of changes, too. */
  readonly discoveryMs?: number
  readonly timing?: Partial<FileTiming>
}

/** The waits of a file source, for tests to shorten. */
export interface FileTiming {
  /** Between looks where there is no notice of changes. */
  readonly pollMs: number
  /** Between looks where there is: notices may get lost. */
  readonly safetyPollMs: number
  /** Before a line without its end is given as it is. */
  readonly partialWaitMs: number
  /** Before a file that was rotated away is let go, from its last line on. */
  readonly rotatedWaitMs: number
  /** Before a path without a file is missing. */
  readonly missingAfterMs: number
  /** Between rounds while lines pour in: more notices come meanwhile, one round answers them all. */
  readonly breathMs: number
}

const defaultTiming: FileTiming = {
  ...{ pollMs: 250, safetyPollMs: 2000, partialWaitMs: 5000 },
  ...{ rotatedWaitMs: 30_000, missingAfterMs: 5000, breathMs: 10 },
}
const defaultDiscoveryMs = 30_000
/** Shortest time between two scans: names may come and go all the time. */
const scanGapMs = 50
/** Where one has to poll, names are listed less often than files are looked at. */
const looksPerScan = 8
const bufferBytes = 256 * 1024
/** Reads of one file before the next file has its turn. */
const readsPerTurn = 16

/**
 * Follows files: through rotation by rename, by copying and cutting, by recreation and by links,
 * files and folders that come later included. Each line is given once, in the order of its file.
 */
export class FileSource implements Source {
  readonly module = 'file'
  readonly name: string
  readonly labels: TextDict
  readonly health: SourceHealth
  readonly #options: FileSourceOptions
  readonly #timing: FileTiming
  readonly #globs: readonly PathGlob[]
  readonly #log: Log
  readonly #bell = new Bell()
  readonly #watches: DirectoryWatches
  readonly #buffer = Buffer.allocUnsafeSlow(bufferBytes)
  readonly #origins = new Map<string, LineOrigin>()
  #tracker: FileTracker | undefined
  #resume: unknown
  /** Paths that match, and whether one that is absent is missed. */
  #paths = new Map<string, { readonly isExpected: boolean }>()
  /** Paths without links, and the path each was found by. */
  readonly #realPaths = new Map<string, string>()
  readonly #duePaths = new Set<string>()
  #nextScanMs = 0
  #lastScanMs = 0
  #nextLookMs = 0
  #watchFailure: string | undefined

  /** @throws {SyntaxError} When a glob is none. */
  constructor(options: FileSourceOptions) {
    this.#options = options
    this.#timing = { ...defaultTiming, ...options.timing }
    this.#globs = options.filenames.map((pattern) => new PathGlob(pattern))
    this.#log = options.log ?? silentLog
    this.name = options.name ?? `file:${options.filenames.join(',')}`
    this.labels = options.labels
    const { clock, onVerdict } = options
    this.health = new SourceHealth(this.name, {
      clock,
      ...(onVerdict && { onChange: onVerdict }),
    })
    this.#watches = new DirectoryWatches(
      (hint) => this.#take(hint),
      async (directory) => options.isPolling ?? (await isRemoteDirectory(directory)),
    )
  }

  position(): unknown {
    return this.#tracker?.position() ?? this.#resume
  }

  async start(sink: Sink, signal: AbortSignal, resume?: unknown): Promise<void> {
    const { clock, startAt = 'end' } = this.#options
    const { rotatedWaitMs, missingAfterMs } = this.#timing
    this.#resume = resume
    const tracker = new FileTracker({
      ...{ clock, health: this.health, startAt, rotatedWaitMs, missingAfterMs },
      resume: readSavedFiles(resume),
    })
    this.#tracker = tracker
    const ring = () => this.#bell.ring()
    signal.addEventListener('abort', ring)
    try {
      while (!signal.aborted) {
        await this.#look(tracker)
        const isMore = await this.#readAll(tracker, sink, signal)
        await tracker.closeQuiet()
        this.health.refresh()
        if (signal.aborted) break
        if (!isMore) await this.#bell.wait(this.#restMs(tracker))
        await pause(this.#timing.breathMs)
      }
    } finally {
      signal.removeEventListener('abort', ring)
      this.#watches.close()
      await tracker.close()
    }
  }

  /** Looks at what is due: all that matches, what is known, or what notices were about. */
  async #look(tracker: FileTracker): Promise<void> {
    const nowMs = this.#options.clock.nowMs()
    if (nowMs >= this.#nextScanMs) {
      await this.#scan(tracker)
    } else if (nowMs >= this.#nextLookMs) {
      for (const [path, { isExpected }] of this.#paths) await tracker.look(path, isExpected)
      for (const reader of tracker.rotatedReaders()) reader.isDue = true
    } else {
      for (const path of [...this.#duePaths]) {
        this.#duePaths.delete(path)
        const known = this.#paths.get(path)
        if (known) await tracker.look(path, known.isExpected)
      }
      return
    }
    this.#duePaths.clear()
    this.#nextLookMs = this.#options.clock.nowMs() + this.#lookEveryMs()
  }

  async #scan(tracker: FileTracker): Promise<void> {
    const { clock, discoveryMs = defaultDiscoveryMs, isExcluded } = this.#options
    this.#lastScanMs = clock.nowMs()
    const directories = new Set<string>()
    const paths = new Map<string, { readonly isExpected: boolean }>()
    for (const glob of this.#globs) {
      const matching = await glob.expand({
        directory: (path) => directories.add(path),
        failure: (path, cause) => this.#noteUnlistable(path, cause),
      })
      const wanted = isExcluded ? matching.filter((path) => !isExcluded(path)) : matching
      for (const path of wanted) paths.set(path, { isExpected: glob.isLiteral })
      this.#noteMatches(glob, wanted.length)
    }
    for (const path of this.#paths.keys()) if (!paths.has(path)) this.health.forget(path)
    this.#paths = paths
    this.#realPaths.clear()
    for (const path of paths.keys()) await this.#noteRealPath(path, directories)
    // Watches first: what changes between looking and watching would go unnoticed.
    const isNew = await this.#watches.set(directories)
    this.#noteWatchFailure()
    const isNoticed = this.#watches.failure === undefined
    this.#nextScanMs =
      this.#lastScanMs +
      (isNoticed ? discoveryMs : Math.min(discoveryMs, this.#timing.pollMs * looksPerScan))
    if (isNew) this.#scanSoon()
    for (const [path, { isExpected }] of paths) await tracker.look(path, isExpected)
    await tracker.endScan(new Set(paths.keys()))
    for (const reader of tracker.rotatedReaders()) reader.isDue = true
  }

  /** @returns Whether a file had more than its turn allowed. */
  async #readAll(tracker: FileTracker, sink: Sink, signal: AbortSignal): Promise<boolean> {
    let isMore = false
    for (const reader of tracker.readers) {
      if (!reader.isDue) continue
      const outcome = await this.#readFile(reader, tracker, sink, signal)
      if (signal.aborted) return false
      if (outcome === 'more') isMore = true
      // Earlier lines turned up: they go first.
      if (outcome === 'replaced') return true
    }
    return isMore
  }

  async #readFile(
    reader: FileReader,
    tracker: FileTracker,
    sink: Sink,
    signal: AbortSignal,
  ): Promise<'end' | 'more' | 'replaced'> {
    const { clock, transform } = this.#options
    for (let turn = 0; turn < readsPerTurn && !signal.aborted; turn++) {
      const reading = await this.#tryRead(reader)
      if (!reading || reading.kind === 'end') {
        reader.noteEnd()
        return 'end'
      }
      if (reading.kind === 'replaced') {
        const before = reader.restart()
        this.health.stream(reader.path).rotationCount++
        await tracker.openCutAway(reader, before)
        return 'replaced'
      }
      const { lines, truncatedCount, next } = reading
      const byteCount = next.offset - reader.place.offset
      const delivery = { origin: this.#originOf(reader.path), lines, byteCount, truncatedCount }
      await deliver(delivery, sink, { clock, health: this.health, transform }, () =>
        reader.commit(reading, clock.nowMs()),
      )
    }
    return 'more'
  }

  async #tryRead(reader: FileReader) {
    const { clock } = this.#options
    try {
      return await reader.read(this.#buffer, clock.nowMs(), this.#timing.partialWaitMs)
    } catch (cause) {
      if (errnoOf(cause) === undefined) throw cause
      const message = cause instanceof Error ? cause.message : String(cause)
      this.health.fail(reader.path, {
        kind: troubleOf(cause),
        message: `${reader.path}: ${message}`,
      })
      return undefined
    }
  }

  #originOf(path: string): LineOrigin {
    let origin = this.#origins.get(path)
    if (!origin) {
      // Paths that come and go for years must not fill the memory.
      if (this.#origins.size >= 10_000) this.#origins.clear()
      origin = { name: path, module: this.module, labels: this.labels }
      this.#origins.set(path, origin)
    }
    return origin
  }

  #take({ directory, fileName, isRename }: Hint): void {
    const path = fileName === undefined ? undefined : join(directory, fileName)
    const known = path === undefined ? undefined : (this.#realPaths.get(path) ?? path)
    if (known !== undefined && this.#paths.has(known)) {
      this.#duePaths.add(known)
      // A link may lead elsewhere now.
      if (isRename) this.#scanSoon()
    } else if (isRename || fileName === undefined) this.#scanSoon()
    else return
    this.#bell.ring()
  }

  #scanSoon(): void {
    this.#nextScanMs = Math.min(this.#nextScanMs, this.#lastScanMs + scanGapMs)
  }

  async #noteRealPath(path: string, directories: Set<string>): Promise<void> {
    try {
      const real = await realpath(path)
      if (real !== path) this.#realPaths.set(real, path)
      directories.add(dirname(real))
    } catch (cause) {
      // Not there yet; its own directory is watched.
      if (errnoOf(cause) === undefined) throw cause
    }
  }

  #noteMatches(glob: PathGlob, count: number): void {
    if (glob.isLiteral) return
    if (count > 0) this.health.forget(glob.pattern)
    else {
      const message = `no file matches ${glob.pattern}`
      this.health.fail(glob.pattern, { kind: 'missing', message })
    }
  }

  #noteUnlistable(path: string, cause: unknown): void {
    const message = `${path} cannot be listed: ${basename(String(errnoOf(cause) ?? cause))}`
    this.health.fail(path, { kind: troubleOf(cause), message })
  }

  #noteWatchFailure(): void {
    const { failure } = this.#watches
    if (failure !== undefined && failure !== this.#watchFailure && !this.#options.isPolling) {
      this.#log.warn({ source: this.name, reason: failure }, 'files are polled')
    }
    this.#watchFailure = failure
  }

  #lookEveryMs(): number {
    const { pollMs, safetyPollMs } = this.#timing
    return this.#watches.failure === undefined ? safetyPollMs : pollMs
  }

  /** How long nothing has to be done unless there is notice. */
  #restMs(tracker: FileTracker): number {
    const nowMs = this.#options.clock.nowMs()
    const restMs = Math.min(this.#nextScanMs, this.#nextLookMs) - nowMs
    const isWaiting = tracker.readers.some((reader) => reader.hasPartialLine)
    const isRotating = tracker.rotatedReaders().length > 0
    if (isWaiting || isRotating) {
      this.#nextLookMs = Math.min(this.#nextLookMs, nowMs + this.#timing.pollMs)
    }
    return Math.max(0, Math.min(restMs, this.#nextLookMs - nowMs))
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms))
}
