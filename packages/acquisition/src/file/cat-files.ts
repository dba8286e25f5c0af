import type { Clock, TextDict } from '@tocsin/model'
import { deliver } from '../deliver.ts'
import { errnoOf, troubleOf } from '../errno.ts'
import { SourceHealth, type VerdictChange } from '../health/source-health.ts'
import { LineSplitter } from '../line-splitter.ts'
import { openLog, SourceError, sourceError } from '../open-log.ts'
import type { Sink, Source } from '../source.ts'
import type { Transform } from '../transform.ts'
import { PathGlob } from './path-glob.ts'

export interface CatFilesOptions {
  readonly name: string
  readonly filenames: readonly string[]
  readonly isExcluded?: (path: string) => boolean
  readonly labels: TextDict
  readonly clock: Clock
  readonly transform?: Transform | undefined
  readonly onVerdict?: (change: VerdictChange) => void
  readonly maxLineBytes?: number | undefined
}

/** Reads files once, to their ends, one after the other, gzip and zstd too; then it ends. */
export class CatFiles implements Source {
  readonly module = 'file'
  readonly name: string
  readonly labels: TextDict
  readonly health: SourceHealth
  readonly #options: CatFilesOptions

  constructor(options: CatFilesOptions) {
    this.#options = options
    this.name = options.name
    this.labels = options.labels
    const { clock, onVerdict } = options
    this.health = new SourceHealth(this.name, { clock, ...(onVerdict && { onChange: onVerdict }) })
  }

  position(): undefined {
    return undefined
  }

  async start(sink: Sink, signal: AbortSignal): Promise<void> {
    for (const pattern of this.#options.filenames) {
      const paths = await new PathGlob(pattern).expand({
        directory: () => {},
        failure: (path, cause) => this.#fail(path, cause),
      })
      const wanted = paths.filter((path) => !this.#options.isExcluded?.(path))
      if (wanted.length === 0) {
        this.health.fail(pattern, { kind: 'missing', message: `no file matches ${pattern}` })
      }
      for (const path of wanted) if (!signal.aborted) await this.#cat(path, sink, signal)
    }
  }

  async #cat(path: string, sink: Sink, signal: AbortSignal): Promise<void> {
    const { clock, transform, maxLineBytes = 0 } = this.#options
    const tools = { clock, health: this.health, transform }
    const origin = { name: path, module: this.module, labels: this.labels }
    const splitter = new LineSplitter(Math.max(maxLineBytes, 64 * 1024))
    let lines: string[] = []
    const take = (line: string) => lines.push(line)
    const give = async (byteCount: number) => {
      const delivery = { origin, lines, byteCount, truncatedCount: splitter.truncatedCount }
      splitter.truncatedCount = 0
      lines = []
      await deliver(delivery, sink, tools, () => {})
    }
    const reading: Reading = { failure: undefined }
    for await (const chunk of readChunks(path, reading)) {
      if (signal.aborted) return
      splitter.push(chunk, take)
      await give(chunk.length)
    }
    splitter.end(take)
    await give(0)
    // After the last line, which says that all is well.
    if (reading.failure !== undefined) this.#fail(path, reading.failure)
  }

  #fail(path: string, cause: unknown): void {
    const failure = sourceError(path, cause)
    const isOfTheWorld = cause instanceof SourceError || errnoOf(cause) !== undefined
    if (!isOfTheWorld && failure.code === 'TOC_SOURCE_UNREADABLE') throw cause
    // A pattern may match folders; nobody meant them.
    if (failure.code === 'TOC_SOURCE_DIRECTORY') return
    this.health.fail(path, { kind: troubleOf(failure.cause), message: failure.message })
  }
}

interface Reading {
  /** Why it ended before its end. */
  failure: unknown
}

/** The bytes of a file up to its end or to where it cannot be read. */
async function* readChunks(path: string, reading: Reading): AsyncGenerator<Buffer> {
  try {
    const { stream } = await openLog(path)
    yield* stream as AsyncIterable<Buffer>
  } catch (cause) {
    reading.failure = cause
  }
}
