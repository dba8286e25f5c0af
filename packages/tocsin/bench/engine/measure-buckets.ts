/**
 * How much memory do a million live buckets take? As many addresses fail to log in once as it needs.
 * Prints the answer as JSON: `node measure-buckets.ts '{"hub": "…", "buckets": 1000000}'`
 */
import { createTextDict, timeMode } from '@tocsin/model'
import { prepareDetection } from '../../src/rules/prepare-detection.ts'
import type { RuleOptions } from '../../src/rules/rule-options.ts'

interface Task extends RuleOptions {
  readonly buckets: number
}

const task = JSON.parse(process.argv[2] ?? '') as Task
const quiet = { stdin: process.stdin, stdout: process.stdout, stderr: { write: () => true } }
const { detection } = prepareDetection(task, { ...quiet, env: {} } as never)
const engine = detection.createEngine({ mode: timeMode.replay, onAlert: () => {} })
const labels = Object.assign(createTextDict(), { type: 'syslog' })
const source = { name: 'auth.log', module: 'file', labels }
const readAt = engine.now()
const before = process.memoryUsage.rss()

let lines = 0
while (engine.bucketCount < task.buckets) {
  const ip = `${11 + (lines >> 20)}.${(lines >> 12) & 255}.${(lines >> 4) & 255}.${1 + (lines & 15)}`
  const line = `Nov  1 00:00:00 web01 sshd[4343]: Failed password for root from ${ip} port 57135 ssh2`
  engine.processLine(line, source, readAt)
  lines++
  if (lines > 2 * task.buckets) throw new Error('these rules keep no buckets of such lines')
}
const { rss } = process.memoryUsage()
process.stdout.write(
  `${JSON.stringify({
    ...{ lines, buckets: engine.bucketCount, residentBytes: rss },
    bytesPerBucket: (rss - before) / engine.bucketCount,
  })}\n`,
)
