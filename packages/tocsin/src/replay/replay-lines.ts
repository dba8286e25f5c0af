import { type OpenLog, readLines } from '@tocsin/acquisition'
import type { Engine, LineSource } from '@tocsin/engine'
import { guessSampleSize } from './guess-type.ts'
import { findLogType } from './log-type.ts'
import { lineSource, type ReplayOptions } from './replay-options.ts'

/** A log that was opened, standard input included. */
export type LogStream = Omit<OpenLog, 'stream'> & { readonly stream: AsyncIterable<unknown> }

/** What reading a log came to, beside what the engine counted. */
export interface LogSummary {
  readonly type: string | undefined
  readonly truncated: number
  readonly failure: string | undefined
}

/** Gives a log to an engine, line by line. */
export async function replayLines(
  path: string,
  log: LogStream,
  engine: Engine,
  options: ReplayOptions,
): Promise<LogSummary> {
  const feed = new LineFeed(path, engine, options)
  const { truncatedCount, failure } = await readLines(
    log.stream,
    path,
    (line) => feed.take(line),
    () => options.onProgress(log.readBytes(), log.sizeBytes, engine.statistics.lines),
  )
  feed.end()
  return {
    type: feed.type,
    truncated: truncatedCount,
    failure: failure?.message ?? feed.failure,
  }
}

/** Gives the lines of one source to the engine, after the first ones have told its type. */
class LineFeed {
  type: string | undefined
  failure: string | undefined
  readonly #path: string
  readonly #engine: Engine
  readonly #options: ReplayOptions
  readonly #sample: string[] = []
  readonly #readAt
  #source: LineSource | undefined

  constructor(path: string, engine: Engine, options: ReplayOptions) {
    this.#path = path
    this.#engine = engine
    this.#options = options
    this.#readAt = engine.now()
    if (options.type !== undefined) this.#begin(options.type)
  }

  take(line: string): void {
    if (this.#source) this.#engine.processLine(line, this.#source, this.#readAt)
    else if (this.failure === undefined && this.#sample.push(line) >= guessSampleSize) this.#guess()
  }

  end(): void {
    if (!this.#source && this.failure === undefined) this.#guess()
  }

  #guess(): void {
    const { detection } = this.#options
    const found = findLogType(detection, this.#sample, this.#path, this.#readAt)
    if ('failure' in found) {
      this.failure = found.failure
      return
    }
    this.#begin(found.type)
    for (const line of this.#sample.splice(0)) this.take(line)
  }

  #begin(type: string): void {
    this.type = type
    this.#source = lineSource(this.#path, type, this.#options)
  }
}
