import type { Block } from '@tocsin/acquisition'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import type { RuleItem, RuleKind } from '@tocsin/hub'
import { type Alert, createTextDict, timeMode } from '@tocsin/model'
import { createDetection } from '../detection.ts'
import { ReplayClock } from '../replay-clock.ts'
import { ParallelEngine, type SetAsideBlock } from './parallel-engine.ts'
import { createWorkerSeed } from './worker-seed.ts'

const parser = `name: words
stage: s00-raw
filter: evt.Line.Labels.type == 'words'
grok:
  pattern: '^%{DATA:stamp}\\|%{IP:ip} %{WORD:word}( %{GREEDYDATA:rest})?$'
  apply_on: Line.Raw
statics:
  - {target: evt.StrTime, expression: evt.Parsed.stamp}
  - {meta: source_ip, expression: evt.Parsed.ip}
  - {meta: word, expression: evt.Parsed.word}
nodes:
  - filter: evt.Parsed.word == 'remember'
    stash: [{name: seen, key: evt.Parsed.ip, value: evt.Parsed.rest, ttl: 1m}]
    statics: [{meta: remembers, value: 'yes'}]
  - filter: evt.Parsed.word == 'recall'
    statics: [{meta: recalled, expression: "GetFromStash('seen', evt.Parsed.ip)"}]
  - filter: evt.Parsed.word == 'now'
    statics: [{meta: asked_at, expression: TimeNow()}]
  - filter: evt.Parsed.word == 'odd'
    statics: [{meta: odd, expression: fromJSON(evt.Parsed.rest).x}]
  - filter: evt.Parsed.word == 'data'
    statics: [{parsed: ok, expression: "UnmarshalJSON(evt.Parsed.rest, evt.Unmarshaled, 'json')"}]
---
name: dates
stage: s01-enrich
statics:
  - {method: ParseDate, expression: evt.StrTime}
  - {target: MarshaledTime, expression: evt.Enriched.MarshaledTime}
---
name: friends
stage: s01-enrich
whitelist: {reason: friends, ip: [192.0.2.7]}
`

const scenarios = `name: leaky
type: leaky
description: packed events
filter: evt.Meta.word in ['fail', 'remember']
groupby: evt.Meta.source_ip
capacity: 3
leakspeed: 10s
reprocess: true
labels: {remediation: true}
---
name: distinct
type: leaky
description: distinct and cancel
filter: evt.Meta.word != 'ok'
groupby: evt.Meta.source_ip
distinct: evt.Meta.word
cancel_on: evt.Meta.word == 'odd'
capacity: 2
leakspeed: 1m
labels: {remediation: true}
---
name: pull
type: trigger
description: packed, but needed at once
filter: "evt.Meta.word in ['recall', 'now', 'pull']"
labels: {remediation: true}
---
name: marked
type: trigger
description: a filter that writes
filter: "evt.Meta.word == 'mark' && evt.SetMeta('mark', evt.Parsed.rest)"
labels: {remediation: true}
---
name: whole
type: conditional
description: whole events
filter: evt.Meta.word == 'fail' || evt.Meta.word == 'data'
groupby: evt.Meta.source_ip
condition: len(queue.Queue) >= 4 && queue.Queue[-1].Line.Raw != '' && any(queue.Queue, {#.Parsed.rest == 'x'})
capacity: -1
leakspeed: 1m
labels: {remediation: true}
---
name: shared
type: leaky
description: one
filter: evt.Meta.word in ['pull', 'mark']
groupby: evt.Parsed.rest
distinct: evt.Parsed.ip
capacity: 1
leakspeed: 1m
labels: {remediation: true}
---
name: shared
type: leaky
description: the other
filter: evt.Meta.word in ['pull', 'mark']
groupby: evt.Parsed.rest
capacity: 2
leakspeed: 1m
labels: {remediation: true}
---
name: often
type: leaky
description: of overflows
filter: "evt.GetType() == 'overflow' && evt.Overflow.Alert.Scenario == 'leaky'"
groupby: evt.Overflow.Alert.Source.Value
capacity: 1
leakspeed: 1h
labels: {remediation: true}
`

const context = 'context:\n  rest: [evt.Parsed.rest]\n'

function item(kind: RuleKind, stage: string, yaml: string): RuleItem {
  const place = `${kind}.yaml`
  const source = new SourceText(place, yaml)
  return {
    ...{ kind, stage, name: place, path: place, place, source },
    ...{ version: '', hash: '', isLocal: true },
  }
}

const items: readonly RuleItem[] = [
  item('parser', 's00-raw', parser),
  item('scenario', '', scenarios),
  item('context', '', context),
]

/** What a run came to, as plain text that can be compared. */
export interface RunOutcome {
  readonly alerts: string
  readonly counts: string
  readonly setAside: readonly SetAsideBlock[]
  readonly handedBack: number
}

export interface RunOptions {
  readonly workers: number
  /** Whether the thread of the engine parses some of the blocks. */
  readonly helps?: boolean
  readonly linesPerBlock?: number
  readonly startMs?: number
  readonly entry?: URL
  readonly blockTimeoutMs?: number
}

/** Runs lines through rules that use everything that is hard to do in a worker; 0 is no worker. */
export async function runLines(lines: readonly string[], options: RunOptions): Promise<RunOutcome> {
  const { workers, linesPerBlock = 7, startMs = Date.UTC(2025, 11, 31), entry } = options
  const clock = new ReplayClock(startMs)
  const problems = new Problems()
  const services = { clock, findData: () => undefined }
  const detection = createDetection(items, services, problems)
  const errors = problems.list.filter((problem) => problem.severity === 'error')
  if (errors.length > 0) throw new Error(errors.map(formatProblem).join('\n'))
  const alerts: Alert[] = []
  const setAside: SetAsideBlock[] = []
  const mode = timeMode.replay
  const engine = detection.createEngine({ mode, onAlert: (alert) => alerts.push(alert) })
  const labels = Object.assign(createTextDict(), { type: 'words' })
  const source = { name: 'test.log', module: 'file', labels }
  const readAt = engine.now()
  let handedBack = 0
  if (workers === 0) {
    for (const line of lines) engine.processLine(line, source, readAt)
  } else {
    const seed = createWorkerSeed(items, detection, services, { mode, year: undefined })
    await using parallel = new ParallelEngine({
      ...{ engine, detection, clock, mode, seed, workerCount: workers },
      ...(entry ? { entry } : {}),
      onlyPours: !options.helps,
      blockTimeoutMs: options.blockTimeoutMs ?? 60_000,
      onSetAside: (block) => setAside.push(block),
    })
    await parallel.started()
    for (const block of blocksOf(lines, linesPerBlock)) {
      await parallel.submit(block, source, readAt)
    }
    await parallel.drain()
    handedBack = parallel.handedBackCount
  }
  const { unparsedLines, ...statistics } = engine.statistics
  const counts = {
    ...statistics,
    clusters: unparsedLines.largest(10),
    taken: detection.rules.parsers.nodes.map((node) => [node.name, node.takenCount]),
    failures: detection.failures.list(),
    scenarioFailures: engine.drainScenarioFailures().map(({ span, ...rest }) => ({
      ...rest,
      at: span?.start,
    })),
  }
  return {
    alerts: JSON.stringify(alerts, undefined, 1),
    counts: JSON.stringify(counts, undefined, 1),
    setAside,
    handedBack,
  }
}

/** Blocks of so many lines, as they would stand in a file. */
function* blocksOf(lines: readonly string[], size: number): Generator<Block> {
  let startByte = 0
  for (let i = 0; i < lines.length; i += size) {
    const text = Buffer.from(`${lines.slice(i, i + size).join('\n')}\n`)
    const bytes = Buffer.from(new SharedArrayBuffer(text.length))
    bytes.set(text)
    const endByte = startByte + text.length
    yield { bytes, startByte, endByte }
    startByte = endByte
  }
}
