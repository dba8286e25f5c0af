/**
 * One measurement in a process of its own: replays a log with some threads that parse and prints
 * what they took, as JSON: `node measure-workers.ts '{"log": "web.log", "type": "nginx", "workers": 2}'`.
 */
import { createHash } from 'node:crypto'
import { openLog, readBlocks, readLines } from '@tocsin/acquisition'
import { ParallelEngine } from '@tocsin/engine'
import { createTextDict, timeMode } from '@tocsin/model'
import { prepareDetection } from '../src/rules/prepare-detection.ts'
import type { RuleOptions } from '../src/rules/rule-options.ts'

interface Task extends RuleOptions {
  readonly log: string
  readonly type: string
  readonly workers: number
}

const task = JSON.parse(process.argv[2] ?? '') as Task
const quiet = { stdin: process.stdin, stdout: process.stdout, stderr: { write: () => true } }
const { detection, clock, createSeed } = prepareDetection(task, { ...quiet, env: {} } as never)
const alerts = createHash('sha1')
let alertCount = 0
const engine = detection.createEngine({
  mode: timeMode.replay,
  onAlert: (alert) => {
    alertCount++
    alerts.update(JSON.stringify(alert))
  },
})
const labels = Object.assign(createTextDict(), { type: task.type })
const source = { name: task.log, module: 'file', labels }
const readAt = engine.now()

const parallel =
  task.workers <= 1
    ? undefined
    : new ParallelEngine({
        ...{ engine, detection, clock },
        mode: timeMode.replay,
        seed: createSeed(),
        workerCount: task.workers - 1,
        onSetAside: (block) => {
          throw new Error(`set aside: ${JSON.stringify(block)}`)
        },
      })
const { stream } = await openLog(task.log)
const startedMs = performance.now()
const startedCpu = process.cpuUsage()
const startedOwn = process.threadCpuUsage()
if (parallel) {
  await readBlocks(stream, task.log, (block, recycle) =>
    parallel.submit(block, source, readAt, recycle),
  )
  await parallel.drain()
} else {
  await readLines(stream, task.log, (line) => engine.processLine(line, source, readAt))
}
const seconds = (performance.now() - startedMs) / 1000
const cpu = process.cpuUsage(startedCpu)
const own = process.threadCpuUsage(startedOwn)
await parallel?.[Symbol.asyncDispose]()
const { lines } = engine.statistics
process.stdout.write(
  `${JSON.stringify({
    workers: task.workers,
    lines,
    poured: engine.statistics.poured,
    alerts: alertCount,
    alertsSha1: alerts.digest('hex'),
    seconds,
    linesPerSecond: Math.round(lines / seconds),
    cpuSeconds: (cpu.user + cpu.system) / 1e6,
    ownCpuSeconds: (own.user + own.system) / 1e6,
    maxResidentBytes: process.resourceUsage().maxRSS * 1024,
  })}\n`,
)
