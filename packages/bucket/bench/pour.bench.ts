import assert from 'node:assert/strict'
import type { Event } from '@tocsin/model'
import { eventAt, eventRule, scenarioOf, TestRun } from '../src/scenario.test-support.ts'
import type { Scenario } from '../src/scenario.ts'

// Run with `node --expose-gc packages/bucket/bench/pour.bench.ts`.

const rounds = 7
const eventCount = 100_000
const collect = (globalThis as { gc?: () => void }).gc

/** Runs `work` after a warm-up and prints the median and the spread of nanoseconds per event. */
function measure(question: string, work: () => number): void {
  work()
  const nanos = Array.from({ length: rounds }, () => {
    const start = process.hrtime.bigint()
    const events = work()
    return Number(process.hrtime.bigint() - start) / events
  }).sort((a, b) => a - b)
  const [median = 0, least = 0, most = 0] = [nanos[rounds >> 1], nanos[0], nanos.at(-1)]
  console.log(`${question}: ${median.toFixed(0)} ns (${least.toFixed(0)} … ${most.toFixed(0)})`)
}

const address = (i: number) => `198.${18 + ((i >> 16) & 1)}.${(i >> 8) & 255}.${i & 255}`

function failedLogin(i: number, source_ip: string): Event {
  return eventAt(Math.floor(i / 1000), {
    ...{ service: 'ssh', log_type: 'ssh_failed-auth', source_ip, target_user: `user${i % 97}` },
    ...{ datasource_path: '/var/log/auth.log', datasource_type: 'file', machine: 'web-17' },
  })
}

function sshBruteForce(name: string): Scenario {
  const filter = eventRule(({ meta }) => meta.log_type === 'ssh_failed-auth', {
    text: "evt.Meta.log_type == 'ssh_failed-auth'",
    requirements: [
      {
        kind: 'equals',
        path: ['evt', 'Meta', 'log_type'],
        place: ['meta', 'log_type'],
        values: ['ssh_failed-auth'],
      },
    ],
  })
  return scenarioOf({ name, filter, capacity: 5, blackholeNanos: 60e9 })
}

/** A rule that wants process creations whose command line has a word of its own. */
function processRule(i: number): Scenario {
  const filter = eventRule(
    ({ meta, parsed }) =>
      meta.service === 'sysmon' &&
      parsed.EventID === '1' &&
      (parsed.CommandLine ?? '').includes(`word${i}`),
    {
      text: `evt.Meta.service == 'sysmon' && evt.Parsed.EventID == '1' && word${i}`,
      requirements: [
        {
          kind: 'equals',
          path: ['evt', 'Meta', 'service'],
          place: ['meta', 'service'],
          values: ['sysmon'],
        },
        {
          kind: 'equals',
          path: ['evt', 'Parsed', 'EventID'],
          place: ['parsed', 'EventID'],
          values: ['1'],
        },
      ],
    },
  )
  return scenarioOf({ name: `rule${i}`, type: 'trigger', capacity: 0, groupBy: undefined, filter })
}

const attackers = Array.from({ length: eventCount }, (_, i) => failedLogin(i, address(i % 5000)))

for (const rules of [0, 52, 520, 5200]) {
  const scenarios = [
    sshBruteForce('ssh-bf'),
    ...Array.from({ length: rules }, (_, i) => processRule(i)),
  ]
  measure(`does an event cost more with ${rules} rules it is not for?`, () => {
    const run = new TestRun(scenarios)
    for (const event of attackers) run.set.offer(event, run.overflows)
    assert.equal(run.overflows.length, 5000)
    return eventCount
  })
}

measure('what does an event that nobody wants cost?', () => {
  const run = new TestRun([sshBruteForce('ssh-bf'), processRule(0), processRule(1), processRule(2)])
  const event = eventAt(0, { service: 'http' })
  for (let i = 0; i < eventCount; i++) run.set.offer(event, run.overflows)
  assert.equal(run.set.bucketCount, 0)
  return eventCount
})

measure('what does an event cost that pours into six buckets?', () => {
  const distinct = eventRule((event) => event.meta.target_user ?? '')
  const scenarios = Array.from({ length: 6 }, (_, i) => ({
    ...sshBruteForce(`bf${i}`),
    ...(i % 2 === 0 ? {} : { distinct }),
  }))
  const run = new TestRun(scenarios)
  for (const event of attackers) run.set.offer(event, run.overflows)
  return eventCount
})

/** Heap after a million sources poured once into each scenario; buckets in all stay a million. */
function memoryOfMillion(scenarioCount: number): void {
  if (!collect) {
    console.log('memory: run with --expose-gc')
    return
  }
  const scenarios = Array.from({ length: scenarioCount }, (_, i) => sshBruteForce(`bf${i}`))
  const limits = { buckets: 1e6, bucketsPerScenario: 1e6, replayPurge: 1e9 }
  const run = new TestRun(scenarios, { limits })
  collect()
  const before = process.memoryUsage()
  for (let i = 0; i < 1e6 / scenarioCount; i++) {
    run.set.offer(failedLogin(i, `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`), run.overflows)
  }
  collect()
  const after = process.memoryUsage()
  const mb = (after.heapUsed + after.external - before.heapUsed - before.external) / 1e6
  const rss = after.rss / 1e6
  console.log(
    `how much do ${run.set.bucketCount} buckets of ${scenarioCount} scenarios take? ${mb.toFixed(0)} MB (resident ${rss.toFixed(0)} MB)`,
  )
}

for (const scenarioCount of [1, 2, 4]) memoryOfMillion(scenarioCount)
