/**
 * What does a line cost, step by step? The log is replayed again and again, each time one step
 * further; a step costs what it adds. Prints nanoseconds of the thread for each line, as JSON:
 * `node measure-steps.ts '{"log": "web.log", "type": "nginx", "hub": "…"}'`
 */
import { openLog, readLines } from '@tocsin/acquisition'
import { type Match, ScenarioSet } from '@tocsin/bucket'
import { ReplayClock } from '@tocsin/engine'
import { createTextDict, Event, Instant, Line, timeMode } from '@tocsin/model'
import { Stages } from '@tocsin/parser'
import { prepareDetection } from '../../src/rules/prepare-detection.ts'
import type { RuleOptions } from '../../src/rules/rule-options.ts'

interface Task extends RuleOptions {
  readonly log: string
  readonly type: string
}

const task = JSON.parse(process.argv[2] ?? '') as Task
const quiet = { stdin: process.stdin, stdout: process.stdout, stderr: { write: () => true } }
const { detection } = prepareDetection(task, { ...quiet, env: {} } as never)
const { rules, failures } = detection
const labels = Object.assign(createTextDict(), { type: task.type })
const readAt = new Instant(0)
const parsers = new Stages(
  rules.parsers.nodes.filter((node) => node.stage < 's02'),
  failures.note,
)

/** Everything up to a step, for one line. */
type Process = (line: string) => void

const eventOf = (line: string) =>
  Event.ofLine(new Line(line, task.log, 'file', labels, readAt), timeMode.replay)

function router(andPour: boolean): Process {
  const clock = new ReplayClock(0)
  const scenarios = new ScenarioSet(rules.scenarios, { clock, contexts: rules.contexts })
  const matches: Match[] = []
  const overflows: Event[] = []
  return (line) => {
    const event = eventOf(line)
    rules.parsers.parse(event)
    if (!event.isProcessed || event.isWhitelisted) return
    if (event.marshaledTime !== '') clock.observe(event.time)
    matches.length = 0
    scenarios.route(event, matches)
    if (andPour) for (const match of matches) scenarios.pour(match, overflows)
    overflows.length = 0
  }
}

let kept: Event | undefined
const steps: readonly (readonly [name: string, createProcess: () => Process])[] = [
  ['split', () => () => {}],
  [
    'parse',
    () => (line) => {
      kept = eventOf(line)
      parsers.parse(kept)
    },
  ],
  [
    'enrich',
    () => (line) => {
      kept = eventOf(line)
      rules.parsers.parse(kept)
    },
  ],
  ['filter', () => router(false)],
  ['pour', () => router(true)],
]

/** Nanoseconds of the thread that the log takes; without `take` its bytes are only read. */
async function read(take: Process | undefined): Promise<number> {
  const { stream } = await openLog(task.log)
  const started = process.threadCpuUsage()
  if (take) await readLines(stream, task.log, take)
  else for await (const _chunk of stream);
  const { user, system } = process.threadCpuUsage(started)
  return (user + system) * 1000
}

/** The cheapest of a few runs, after one to warm up. */
async function cost(createProcess: (() => Process) | undefined): Promise<number> {
  const costs: number[] = []
  for (let run = 0; run < 4; run++) costs.push(await read(createProcess?.()))
  return Math.min(...costs.slice(1))
}

let lineCount = 0
await read(() => {
  lineCount++
})
const nanos: Record<string, number> = {}
let before = await cost(undefined)
nanos.read = Math.round(before / lineCount)
for (const [name, createProcess] of steps) {
  const all = await cost(createProcess)
  nanos[name] = Math.round((all - before) / lineCount)
  before = all
}
nanos.all = Math.round(before / lineCount)
process.stdout.write(`${JSON.stringify(nanos)}\n`)
