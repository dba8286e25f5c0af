/**
 * Do memory and the cost of a line stay flat? A live engine at a fixed rate, attacked by ever new
 * addresses. `npm run bench:soak -- --seconds 600 --rate 4000 --speed 240 [--hub DIR --data DIR]`
 *
 * The clock of the engine runs `speed` times as fast as the wall's, so that buckets, blackholes and
 * caches live their lives and end within the run.
 */
import { writeFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { Problems } from '@tocsin/diagnostic'
import { createDetection, type LineSource } from '@tocsin/engine'
import { createTextDict, timeMode } from '@tocsin/model'
import { chooseData, chooseRules } from '../../src/rules/rule-options.ts'
import { fitSlope, type Slope } from './slope.ts'
import { Traffic } from './traffic.ts'

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '600' },
    rate: { type: 'string', default: '4000' },
    speed: { type: 'string', default: '240' },
    seed: { type: 'string', default: '1' },
    hub: { type: 'string' },
    data: { type: 'string', multiple: true },
    save: { type: 'string' },
  },
})
const [seconds, rate, speed] = [options.seconds, options.rate, options.speed].map(Number) as [
  number,
  number,
  number,
]
const { hub, data } = options
const rules = { ...(hub === undefined ? {} : { hub }), ...(data === undefined ? {} : { data }) }

const startMs = performance.now()
const beginMs = Date.UTC(2026, 10, 1)
const clock = { nowMs: () => beginMs + Math.floor((performance.now() - startMs) * speed) }
const detection = createDetection(
  chooseRules(rules, new Problems()),
  { clock, ...chooseData(rules) },
  new Problems(),
)
let alerts = 0
const engine = detection.createEngine({
  mode: timeMode.live,
  onAlert: () => {
    alerts++
  },
})
const source = (name: string, type: string): LineSource => {
  return { name, module: 'file', labels: Object.assign(createTextDict(), { type }) }
}
const sources = { web: source('access.log', 'nginx'), ssh: source('auth.log', 'syslog') }
const traffic = new Traffic(Number(options.seed))

interface Sample {
  readonly second: number
  readonly residentMb: number
  readonly heapMb: number
  readonly cpuMicrosPerLine: number
  readonly linesPerSecond: number
  readonly buckets: number
  readonly alerts: number
}

const sampleSeconds = Math.max(2, seconds / 60)
const samples: Sample[] = []
let sent = 0
let sampledLines = 0
let sampledCpu = process.cpuUsage()
let sampledMs = performance.now()
const runStartMs = performance.now()
const elapsed = () => (performance.now() - runStartMs) / 1000

while (elapsed() < seconds) {
  // Behind its rate, a tick sends no more than it can: the rate reached is part of the result.
  const due = Math.min(Math.floor(elapsed() * rate) - sent, rate)
  for (let i = 0; i < due; i++) {
    const now = engine.now()
    const line = traffic.next(now)
    engine.processLine(line.raw, sources[line.source], now)
  }
  sent += due
  engine.advance()
  if (performance.now() - sampledMs >= sampleSeconds * 1000) takeSample()
  await sleep(20)
}

function takeSample(): void {
  const cpu = process.cpuUsage(sampledCpu)
  const { rss, heapUsed } = process.memoryUsage()
  const lines = engine.statistics.lines - sampledLines
  const nowMs = performance.now()
  const sample = {
    second: Math.round(elapsed()),
    residentMb: rss / 2 ** 20,
    heapMb: heapUsed / 2 ** 20,
    cpuMicrosPerLine: (cpu.user + cpu.system) / Math.max(1, lines),
    linesPerSecond: Math.round((lines * 1000) / (nowMs - sampledMs)),
    buckets: engine.bucketCount,
    alerts,
  }
  samples.push(sample)
  sampledLines = engine.statistics.lines
  sampledCpu = process.cpuUsage()
  sampledMs = nowMs
  process.stdout.write(
    `${String(sample.second).padStart(5)} s  ${sample.linesPerSecond} lines/s  ${sample.residentMb.toFixed(0)} MB resident  ${sample.heapMb.toFixed(0)} MB heap  ${sample.cpuMicrosPerLine.toFixed(1)} µs/line  ${sample.buckets} buckets  ${alerts} alerts\n`,
  )
}

// In the first half rules are compiled, buckets reach their number and the heap its size.
const steady = samples.filter(({ second }) => second >= seconds / 2)
const resident = fitSlope(steady.map(({ second, residentMb }) => [second / 60, residentMb]))
const cost = fitSlope(steady.map(({ second, cpuMicrosPerLine }) => [second / 60, cpuMicrosPerLine]))
const describe = ({ mean, perUnit, margin }: Slope, unit: string) =>
  `${mean.toFixed(1)} ${unit}, changing by ${perUnit.toFixed(2)} ± ${margin.toFixed(2)} ${unit} a minute`
const minutes = seconds / 2 / 60
/** Flat: no growth beyond the margin, or none that would come to 5 % within the time looked at. */
const isFlat = ({ mean, perUnit, margin }: Slope) =>
  perUnit <= margin || perUnit * minutes < 0.05 * mean
process.stdout.write(
  `\n${engine.statistics.lines} lines, ${alerts} alerts, ${engine.bucketCount} buckets alive, ${((seconds * speed) / 3600).toFixed(1)} h on the engine's clock\nresident memory: ${describe(resident, 'MB')}: ${isFlat(resident) ? 'flat' : 'NOT flat'}\ncost of a line: ${describe(cost, 'µs')}: ${isFlat(cost) ? 'flat' : 'NOT flat'}\n`,
)
if (options.save !== undefined) {
  const result = { seconds, rate, speed, node: process.version, resident, cost, samples }
  writeFileSync(options.save, `${JSON.stringify(result, undefined, 2)}\n`)
}
if (!isFlat(resident) || !isFlat(cost)) process.exitCode = 1
