/**
 * One measurement in a process of its own: replays a log through one engine and prints what it
 * took, as JSON. `node measure-replay.ts '{"log": "web.log", "type": "nginx", "hub": "…"}'`
 */
import { createHash } from 'node:crypto'
import { openLog, readLines } from '@tocsin/acquisition'
import { createTextDict, timeMode } from '@tocsin/model'
import { prepareDetection } from '../../src/rules/prepare-detection.ts'
import type { RuleOptions } from '../../src/rules/rule-options.ts'

interface Task extends RuleOptions {
  readonly log: string
  readonly type: string
  /** How often the log is replayed, one time after the other. */
  readonly times?: number
}

const task = JSON.parse(process.argv[2] ?? '') as Task
const quiet = { stdin: process.stdin, stdout: process.stdout, stderr: { write: () => true } }
const { detection } = prepareDetection(task, { ...quiet, env: {} } as never)
const readyMs = performance.now()

const alerts = createHash('sha1')
let alertCount = 0
const engine = detection.createEngine({
  mode: timeMode.replay,
  onAlert: (alert) => {
    alertCount++
    alerts.update(`${alert.scenario} ${alert.source.value} ${alert.stopAt.toString()}\n`)
  },
})
const labels = Object.assign(createTextDict(), { type: task.type })
const source = { name: task.log, module: 'file', labels }
const residentBytes: number[] = []
const startedMs = performance.now()
const startedCpu = process.cpuUsage()
const startedThread = process.threadCpuUsage()
for (let time = 0; time < (task.times ?? 1); time++) {
  const { stream } = await openLog(task.log)
  const readAt = engine.now()
  await readLines(stream, task.log, (line) => engine.processLine(line, source, readAt))
  residentBytes.push(process.memoryUsage.rss())
}
const seconds = (performance.now() - startedMs) / 1000
const cpu = process.cpuUsage(startedCpu)
const thread = process.threadCpuUsage(startedThread)
const { statistics } = engine
process.stdout.write(
  `${JSON.stringify({
    lines: statistics.lines,
    parsed: statistics.parsed,
    poured: statistics.poured,
    alerts: alertCount,
    alertsSha1: alerts.digest('hex'),
    buckets: engine.bucketCount,
    startSeconds: readyMs / 1000,
    seconds,
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    threadSeconds: (thread.user + thread.system) / 1e6,
    residentBytes,
    maxResidentBytes: process.resourceUsage().maxRSS * 1024,
  })}\n`,
)
