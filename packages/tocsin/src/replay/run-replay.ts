import {
  type OpenLog,
  openLog,
  type ReadSummary,
  readLines,
  SourceError,
} from '@tocsin/acquisition'
import type { Detection, Engine } from '@tocsin/engine'
import { type Alert, createTextDict, type Decision, timeMode } from '@tocsin/model'
import { applyProfiles, type Profile } from '@tocsin/profile'
import { guessSampleSize, guessType, knownTypes } from './guess-type.ts'
import type { ReplayReport, SourceReport } from './report.ts'

export interface ReplayOptions {
  readonly detection: Detection
  readonly profiles: readonly Profile[]
  /** The type of every log; found out per log when absent. */
  readonly type: string | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly stdin: NodeJS.ReadableStream
  readonly newUuid: () => string
  /** Milliseconds of a clock that never steps back. */
  readonly stopwatchMs: () => number
  readonly loadSeconds: number
  /** Told after every chunk. */
  readonly onProgress: (doneBytes: number, totalBytes: number | undefined, lines: number) => void
}

/** Replays logs, one after the other through one engine; `-` is standard input. */
export async function runReplay(
  paths: readonly string[],
  options: ReplayOptions,
): Promise<ReplayReport> {
  const alerts: Alert[] = []
  const engine = options.detection.createEngine({
    mode: timeMode.replay,
    onAlert: (alert) => alerts.push(alert),
  })
  const startedMs = options.stopwatchMs()
  const sources: SourceReport[] = []
  for (const path of paths) sources.push(await replaySource(path, engine, options))
  const seconds = (options.stopwatchMs() - startedMs) / 1000
  const { statistics } = engine
  return {
    sources,
    lines: statistics.lines,
    parsed: statistics.parsed,
    unparsed: statistics.unparsed,
    whitelisted: statistics.whitelisted,
    undated: statistics.undated,
    poured: statistics.poured,
    seconds,
    loadSeconds: options.loadSeconds,
    firstAt: statistics.firstAt?.toString(),
    lastAt: statistics.lastAt?.toString(),
    parsers: countParsers(options.detection),
    alerts,
    decisions: decide(alerts, options),
    clusters: statistics.unparsedLines.largest(50),
    otherUnparsed: statistics.unparsedLines.otherCount,
    failures: options.detection.failures.list(),
  }
}

function countParsers({ rules }: Detection): ReplayReport['parsers'] {
  return rules.parsers.nodes
    .filter((node) => node.takenCount > 0)
    .map(({ name, stage, takenCount }) => ({ name, stage, lines: takenCount }))
}

async function replaySource(
  path: string,
  engine: Engine,
  options: ReplayOptions,
): Promise<SourceReport> {
  const { statistics } = engine
  const before = { lines: statistics.lines, parsed: statistics.parsed }
  const feed = new SourceFeed(path, engine, options)
  let summary: ReadSummary
  try {
    const log = await open(path, options.stdin)
    summary = await readLines(
      log.stream,
      path,
      (line) => feed.take(line),
      () => options.onProgress(log.readBytes(), log.sizeBytes, statistics.lines),
    )
    feed.end()
  } catch (failure) {
    if (!(failure instanceof SourceError)) throw failure
    summary = { truncatedCount: 0, failure }
  }
  return {
    name: path === '-' ? 'standard input' : path,
    type: feed.type ?? '–',
    isGuessed: options.type === undefined && feed.type !== undefined,
    lines: statistics.lines - before.lines,
    parsed: statistics.parsed - before.parsed,
    truncated: summary.truncatedCount,
    failure: summary.failure?.message ?? feed.failure,
  }
}

async function open(
  path: string,
  stdin: NodeJS.ReadableStream,
): Promise<Omit<OpenLog, 'stream'> & { readonly stream: AsyncIterable<unknown> }> {
  if (path !== '-') return openLog(path)
  return { stream: stdin, sizeBytes: undefined, readBytes: () => 0 }
}

/** Gives the lines of one source to the engine, after the first ones have told its type. */
class SourceFeed {
  type: string | undefined
  failure: string | undefined
  readonly #path: string
  readonly #engine: Engine
  readonly #options: ReplayOptions
  readonly #sample: string[] = []
  readonly #readAt
  #source: Parameters<Engine['processLine']>[1] | undefined

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
    if (!this.#source && this.failure === undefined && this.#sample.length > 0) this.#guess()
    else if (!this.#source) this.failure ??= 'it has no lines'
  }

  #guess(): void {
    const { detection } = this.#options
    const type = guessType(detection, this.#sample, this.#path, this.#readAt)
    if (type === undefined) {
      const known = knownTypes(detection.rules.parsers)
      const shown = known.slice(0, 12).join(', ')
      const rest = known.length > 12 ? ` and ${known.length - 12} more` : ''
      this.failure = `no parser takes these lines; give --type if you know better: ${shown}${rest}`
      return
    }
    this.#begin(type)
    for (const line of this.#sample.splice(0)) this.take(line)
  }

  #begin(type: string): void {
    this.type = type
    const labels = Object.assign(createTextDict(), this.#options.labels, { type })
    const name = this.#path === '-' ? 'stdin' : this.#path
    this.#source = { name, module: 'file', labels }
  }
}

/** One decision per scope, value and type: a later alert renews it. */
function decide(alerts: readonly Alert[], { profiles, newUuid }: ReplayOptions): Decision[] {
  const decisions = new Map<string, Decision>()
  for (const alert of alerts) {
    for (const decision of applyProfiles(alert, profiles, { newUuid }).decisions) {
      const key = `${decision.scope}\0${decision.value}\0${decision.type}`
      if (!decisions.has(key)) decisions.set(key, decision)
    }
  }
  return [...decisions.values()]
}
