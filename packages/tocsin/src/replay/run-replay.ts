import { openLog, SourceError } from '@tocsin/acquisition'
import { type Detection, type Engine, ParallelEngine, type SetAsideBlock } from '@tocsin/engine'
import { type Alert, type Decision, timeMode } from '@tocsin/model'
import { applyProfiles } from '@tocsin/profile'
import { formatSetAside, replayBlocks } from './replay-blocks.ts'
import { type LogStream, type LogSummary, replayLines } from './replay-lines.ts'
import type { ReplayOptions } from './replay-options.ts'
import type { ReplayReport, SourceReport } from './report.ts'

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
  const setAside: SetAsideBlock[] = []
  await using parallel = startWorkers(engine, setAside, options)
  for (const path of paths) {
    const source = await replaySource(path, engine, parallel, options)
    const lost = setAside.splice(0).map(formatSetAside)
    const failure = [source.failure, ...lost].filter((text) => text !== undefined).join('; ')
    sources.push({ ...source, failure: failure === '' ? undefined : failure })
  }
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
  parallel: ParallelEngine | undefined,
  options: ReplayOptions,
): Promise<SourceReport> {
  const { statistics } = engine
  const before = { lines: statistics.lines, parsed: statistics.parsed }
  let summary: LogSummary
  try {
    const log = await open(path, options.stdin)
    summary = parallel
      ? await replayBlocks(path, log, engine, parallel, options)
      : await replayLines(path, log, engine, options)
  } catch (failure) {
    if (!(failure instanceof SourceError)) throw failure
    summary = { type: options.type, truncated: 0, failure: failure.message }
  }
  return {
    name: path === '-' ? 'standard input' : path,
    type: summary.type ?? '–',
    isGuessed: options.type === undefined && summary.type !== undefined,
    lines: statistics.lines - before.lines,
    parsed: statistics.parsed - before.parsed,
    truncated: summary.truncated,
    failure: summary.failure,
  }
}

async function open(path: string, stdin: NodeJS.ReadableStream): Promise<LogStream> {
  if (path !== '-') return openLog(path)
  return { stream: stdin, sizeBytes: undefined, readBytes: () => 0 }
}

/** Workers for the engine; undefined when one thread does it all. */
function startWorkers(
  engine: Engine,
  setAside: SetAsideBlock[],
  { detection, clock, workerCount, createSeed }: ReplayOptions,
): ParallelEngine | undefined {
  if (workerCount <= 1) return undefined
  return new ParallelEngine({
    ...{ engine, detection, clock },
    // This thread is one of them.
    workerCount: workerCount - 1,
    mode: timeMode.replay,
    seed: createSeed(),
    onSetAside: (block) => setAside.push(block),
  })
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
