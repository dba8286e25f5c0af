import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type Event, timeMode } from '@tocsin/model'
import {
  eventAt,
  eventRule,
  queueRule,
  ruleOf,
  scenarioOf,
  TestRun,
} from './scenario.test-support.ts'
import type { Scenario } from './scenario.ts'

const second = 1e9
const minute = 60 * second

/** Events `time` or `time:user`, in seconds. */
function readEvents(text: string): Event[] {
  return text.split(' ').map((word) => {
    const [time, user] = word.split(':')
    return eventAt(Number(time), user === undefined ? {} : { user })
  })
}

const byUser = eventRule((event) => event.meta.user ?? '')
const filteredOut = ruleOf(['queue', 'signal', 'leaky'], () => false)
const five = { capacity: 5, leakSpeedNanos: 10 * second }

/** Name, settings of the scenarios, events, and `source @second #events_count` of each alert. */
const vectors: readonly (readonly [string, readonly Partial<Scenario>[], string, string[]])[] = [
  ['two quick events', [{}], '0 5', ['192.0.2.7 @5 #2']],
  ['exactly one token leaked', [{}], '0 10', []],
  ['kept at the very end of its life', [{}], '0 20 20', ['192.0.2.7 @20 #3']],
  ['replaced past the end of its life', [{}], '0 21 21', ['192.0.2.7 @21 #2']],
  ['cache_size', [{ ...five, cacheSize: 3 }], '0 5 5 5 5 5', ['192.0.2.7 @5 #6']],
  ['six at once', [five], '0 0 0 0 0 0', ['192.0.2.7 @0 #6']],
  ['one each two seconds', [five], '0 2 4 6 8 10 12', ['192.0.2.7 @12 #7']],
  [
    'blackhole',
    [{ blackholeNanos: minute }],
    '0 4 15 16 75 76',
    ['192.0.2.7 @4 #2', '192.0.2.7 @76 #2'],
  ],
  ['distinct', [{ distinct: byUser }], '0:a 1:a 2:b', ['192.0.2.7 @2 #2']],
  [
    'too few distinct',
    [{ capacity: 3, leakSpeedNanos: 20 * second, distinct: byUser, cacheSize: 1 }],
    '0:a 0.5:b 1:c 1.5:a 2:a 2.5:b',
    [],
  ],
  ['cancel_on', [{ cancelOn: eventRule((event) => event.meta.user === 'X') }], '0 5:X 5', []],
  [
    'overflow_filter',
    [
      { name: 'kept', overflowFilter: ruleOf(['queue', 'signal', 'leaky'], () => true) },
      { name: 'dropped', overflowFilter: filteredOut },
    ],
    '0 0',
    ['192.0.2.7 @0 #2'],
  ],
  [
    'conditional',
    [
      {
        ...{ type: 'conditional', capacity: -1, leakSpeedNanos: second },
        condition: queueRule(
          (events) =>
            events.some((e) => e.meta.user === '/') && events.some((e) => e.meta.user === '/foo'),
        ),
      },
    ],
    '0:/ 0:/foo',
    ['192.0.2.7 @0 #2'],
  ],
]

suite('conformance in replay', () => {
  for (const [name, scenarios, events, alerts] of vectors) {
    test(name, () => {
      const run = new TestRun(scenarios.map(scenarioOf)).offer(...readEvents(events))
      assert.deepEqual(run.summary, alerts)
    })
  }

  test('cache_size keeps the last events', () => {
    const run = new TestRun([scenarioOf({ ...five, cacheSize: 3 })])
    run.offer(...readEvents('0:1 5:2 5:3 5:4 5:5 5:6'))
    const events = run.overflows[0]?.overflow?.alert?.events ?? []
    const users = events.map(({ meta }) => meta.find(({ key }) => key === 'user')?.value)
    assert.deepEqual(users, ['3', '4', '5', '6'])
  })

  test('an overflow that overflow_filter drops counts as overflowed', () => {
    const run = new TestRun([scenarioOf({ overflowFilter: filteredOut })]).offer(
      ...readEvents('0 0'),
    )
    const counted: string[] = []
    run.set.publish({
      add: (name, _, count) => counted.push(`${name} ${count}`),
      set: () => {},
    })
    assert.ok(counted.includes('cs_bucket_overflowed_total 1'))
    assert.deepEqual(run.summary, [])
  })

  test('bayesian with a guillotine', () => {
    const run = new TestRun([bayesianScenario()])
    const at = (source_ip: string, meta: Record<string, string>, seconds: number) =>
      eventAt(seconds, { source_ip, ...meta })
    run.offer(
      at('192.0.2.1', { path: '/' }, 0),
      at('192.0.2.2', { user: 'admin' }, 1),
      at('192.0.2.1', { user: 'admin' }, 2),
    )
    assert.deepEqual(run.summary, ['192.0.2.1 @2 #2'])
  })

  test('scope Range with an expression', () => {
    const scope = { type: 'Range', expression: eventRule(() => '192.168.0.0/16') }
    const run = new TestRun([scenarioOf({ scope })])
    run.offer(eventAt(0, { source_ip: '192.168.1.1' }), eventAt(0, { source_ip: '192.168.1.1' }))
    const sources = run.overflows[0]?.overflow?.sources ?? new Map()
    assert.deepEqual([...sources.keys()], ['192.168.0.0/16'])
    const { scope: type, value, ip } = sources.get('192.168.0.0/16') ?? {}
    assert.deepEqual([type, value, ip], ['Range', '192.168.0.0/16', '192.168.1.1'])
  })

  test('two documents of one name and filter share a bucket', () => {
    const shared = { name: 'bf', capacity: 5, leakSpeedNanos: 15 * minute }
    const filter = eventRule(() => true, { text: 'shared' })
    const a = scenarioOf({ ...shared, filter, blackholeNanos: 30 * minute })
    const b = scenarioOf({ ...shared, filter, blackholeNanos: 30 * minute, distinct: byUser })
    const admin = 5 * 3600 + 5 * 60 + 24
    const administrator = 5 * 3600 + 33 * 60 + 46
    const run = new TestRun([a, b])
    for (let i = 0; i < 5; i++) {
      run.offer(
        eventAt(admin, { user: 'admin' }),
        eventAt(administrator, { user: 'administrator' }),
      )
    }
    assert.deepEqual(run.summary, [`192.0.2.7 @${admin} #9`])
    const events = run.overflows[0]?.overflow?.alert?.events ?? []
    const users = events.map(({ meta }) => meta.find(({ key }) => key === 'user')?.value)
    assert.deepEqual(users, [
      ...['administrator', 'admin', 'admin', 'administrator', 'administrator', 'admin'],
    ])
  })

  test('a trigger, and a trigger on its overflow', () => {
    const isOverflow = (event: Event) => event.kind === 1
    const first = scenarioOf({
      ...{ name: 'first', type: 'trigger', capacity: 0, reprocess: true, groupBy: undefined },
      filter: eventRule((event) => event.kind === 0),
    })
    const second = scenarioOf({
      ...{ name: 'second', type: 'trigger', capacity: 0, groupBy: undefined },
      filter: eventRule(isOverflow),
    })
    const run = new TestRun([first, second]).offer(eventAt(3))
    const [again] = run.overflows
    assert.ok(again?.overflow?.reprocess)
    run.offer(again)
    const names = run.overflows.map(({ overflow }) => overflow?.alert?.scenario)
    assert.deepEqual(names, ['first', 'second'])
    assert.deepEqual(
      run.overflows.map(({ overflow }) => [...(overflow?.sources.keys() ?? [])]),
      [['192.0.2.7'], ['192.0.2.7']],
    )
  })
})

suite('conformance, live', () => {
  const live = (run: TestRun) => run.set.offer(eventAt(0, {}, timeMode.live), run.overflows)
  const counter = (durationNanos: number) =>
    scenarioOf({ type: 'counter', capacity: -1, leakSpeedNanos: 0, durationNanos })

  test('a counter of a second', () => {
    const run = new TestRun([counter(second)])
    const start = run.clock.ms
    live(run)
    run.clock.ms += 500
    live(run)
    run.set.advance(run.overflows)
    assert.equal(run.overflows.length, 0)
    run.clock.ms += 700
    run.set.advance(run.overflows)
    const { alert } = run.overflows[0]?.overflow ?? {}
    assert.equal(alert?.eventsCount, 2)
    assert.equal(alert?.stopAt.epochMs, start + 1000)
  })

  test('a counter of ten seconds waits for them', () => {
    const run = new TestRun([counter(10 * second)])
    live(run)
    for (let i = 1; i < 10; i++) {
      run.clock.ms += 1000
      run.set.advance(run.overflows)
    }
    assert.equal(run.overflows.length, 0)
    run.clock.ms += 1000
    run.set.advance(run.overflows)
    assert.equal(run.overflows.length, 1)
  })
})

/** Prior 0.5, threshold 0.8; the path / , then, for ever once seen, the user admin. */
function bayesianScenario(): Scenario {
  const [evt] = ['evt']
  const saw = (key: string, value: string) =>
    ruleOf([evt, 'queue', 'leaky'], ({ evt: event }) => (event as Event).meta[key] === value)
  const condition = (
    key: string,
    value: string,
    probabilityGivenEvil: number,
    probabilityGivenBenign: number,
    isGuillotine: boolean,
  ) => ({
    condition: saw(key, value),
    probabilityGivenEvil: Math.fround(probabilityGivenEvil),
    probabilityGivenBenign: Math.fround(probabilityGivenBenign),
    isGuillotine,
  })
  return scenarioOf({
    ...{ type: 'bayesian', capacity: -1, leakSpeedNanos: 30 * second },
    bayesian: {
      ...{ prior: 0.5, threshold: Math.fround(0.8) },
      conditions: [
        condition('path', '/', 0.8, 0.2, true),
        condition('user', 'admin', 0.9, 0.5, false),
      ],
    },
  })
}
