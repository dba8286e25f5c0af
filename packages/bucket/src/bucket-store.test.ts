import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { type Event, timeMode } from '@tocsin/model'
import fc from 'fast-check'
import {
  eventAt,
  eventRule,
  queueRule,
  ruleOf,
  scenarioOf,
  TestRun,
} from './scenario.test-support.ts'

const second = 1e9
const from = (source_ip: string, seconds: number) => eventAt(seconds, { source_ip })
const liveEvent = (source_ip = '192.0.2.7') => eventAt(0, { source_ip }, timeMode.live)

/** What a run counted, by name and scenario. */
function countsOf(run: TestRun): Record<string, number> {
  const counts: Record<string, number> = {}
  const note = (name: string, labels: Readonly<Record<string, string>>, value: number) => {
    if (value > 0) counts[`${name} ${Object.values(labels).join(' ')}`] = value
  }
  run.set.publish({ add: note, set: note })
  return counts
}

suite('hooks', () => {
  test('a duplicate never cancels, as distinct comes first', () => {
    const run = new TestRun([
      scenarioOf({
        distinct: eventRule((event) => event.meta.user ?? ''),
        cancelOn: eventRule((event) => event.meta.done === 'yes'),
      }),
    ])
    run.offer(eventAt(0, { user: 'a' }), eventAt(1, { user: 'a', done: 'yes' }))
    assert.equal(run.set.bucketCount, 1)
    run.offer(eventAt(2, { user: 'b', done: 'yes' }))
    assert.equal(run.set.bucketCount, 0)
  })

  test('a failing distinct pours, one that is no text counts as empty', () => {
    const distinct = eventRule((event) => {
      if (event.meta.user === 'bad') throw new Error('no user')
      return 7
    })
    const run = new TestRun([scenarioOf({ capacity: 2, distinct })])
    run.offer(eventAt(0), eventAt(1), eventAt(2, { user: 'bad' }), eventAt(3, { user: 'bad' }))
    assert.deepEqual(run.summary, ['192.0.2.7 @3 #3'])
    assert.deepEqual(
      run.set.drainFailures().map(({ part, count }) => [part, count]),
      [['distinct', 2]],
    )
  })

  test('a failing cancel_on pours', () => {
    const cancelOn = eventRule(() => {
      throw new Error('no')
    })
    const run = new TestRun([scenarioOf({ cancelOn })]).offer(eventAt(0), eventAt(1))
    assert.equal(run.overflows.length, 1)
  })

  test('a cancelling first event makes a bucket and ends it', () => {
    const run = new TestRun([scenarioOf({ cancelOn: eventRule(() => true) })]).offer(eventAt(0))
    assert.deepEqual(countsOf(run), {
      'cs_bucket_instantiation_total test/scenario': 1,
      'cs_bucket_canceled_total test/scenario': 1,
    })
  })

  test('a condition overflows a leaky bucket before its capacity', () => {
    const condition = queueRule((events) => events.length === 2)
    const run = new TestRun([scenarioOf({ capacity: 9, condition })])
    run.offer(eventAt(0), eventAt(1))
    assert.deepEqual(run.summary, ['192.0.2.7 @1 #2'])
  })

  test('a condition that fails or gives no truth does not overflow', () => {
    for (const condition of [
      queueRule(() => 'yes'),
      queueRule(() => {
        throw new Error('no')
      }),
    ]) {
      const run = new TestRun([scenarioOf({ type: 'conditional', capacity: -1, condition })])
      run.offer(eventAt(0))
      assert.equal(run.overflows.length, 0)
      assert.equal(run.set.drainFailures()[0]?.part, 'condition')
    }
  })

  test('conditions see the bucket', () => {
    let seen: unknown[] = []
    const condition = ruleOf(['evt', 'queue', 'leaky'], ({ evt, queue, leaky }) => {
      const bucket = leaky as Record<string, unknown>
      const { events, limit } = queue as { events: Event[]; limit: number }
      seen = [(evt as Event).meta.user, events.length, limit, bucket.totalCount, bucket.mode]
      seen.push(String(bucket.mapkey).length, String(bucket.uuid).length, `${bucket.duration}`)
      return false
    })
    const run = new TestRun([scenarioOf({ type: 'conditional', capacity: -1, condition })])
    run.offer(eventAt(0, { user: 'a' }), eventAt(1, { user: 'b' }))
    assert.deepEqual(seen, ['b', 2, 1000, 2, timeMode.replay, 40, 36, '10s'])
  })

  test('overflow_filter sees the alert, and what it drops leaves the blackhole alone', () => {
    const overflowFilter = ruleOf(['evt', 'queue', 'signal', 'leaky'], ({ evt, signal }) => {
      assert.equal(evt, undefined)
      const { alert } = signal as NonNullable<Event['overflow']>
      return alert?.startAt.epochMs !== eventAt(0).time.epochMs
    })
    const run = new TestRun([scenarioOf({ overflowFilter, blackholeNanos: 60 * second })])
    run.offer(eventAt(0), eventAt(1), eventAt(2), eventAt(3), eventAt(4), eventAt(5))
    assert.deepEqual(run.summary, ['192.0.2.7 @3 #2'])
  })

  test('an overflow_filter that fails lets pass', () => {
    const overflowFilter = ruleOf(['evt', 'queue', 'signal', 'leaky'], () => {
      throw new Error('evt is nil')
    })
    const run = new TestRun([scenarioOf({ overflowFilter })]).offer(eventAt(0), eventAt(1))
    assert.equal(run.overflows.length, 1)
  })

  test('an alert that cannot be built starts no blackhole', () => {
    const scenario = scenarioOf({
      ...{ type: 'trigger', capacity: 0, groupBy: undefined, blackholeNanos: 60 * second },
    })
    const run = new TestRun([scenario])
    run.offer(eventAt(0, { source_ip: 'nobody' }), eventAt(1), eventAt(2))
    assert.deepEqual(run.summary, ['192.0.2.7 @1 #1'])
    const counts = countsOf(run)
    assert.equal(counts['tocsin_bucket_unbuilt_total test/scenario'], 1)
    assert.equal(counts['cs_bucket_overflowed_total test/scenario'], 3)
    assert.match(run.set.drainFailures()[0]?.reason ?? '', /"nobody" is not an address/)
  })
})

suite('time', () => {
  test('in replay an event without a readable time is not poured', () => {
    const run = new TestRun([scenarioOf()])
    for (const text of ['', 'yesterday']) {
      const event = eventAt(0)
      event.marshaledTime = text
      run.offer(event, event, event)
    }
    assert.equal(run.overflows.length, 0)
    assert.equal(run.set.bucketCount, 0)
  })

  test('a trigger without a time uses the clock', () => {
    const run = new TestRun([scenarioOf({ type: 'trigger', capacity: 0 })])
    const event = eventAt(0)
    event.marshaledTime = ''
    run.offer(event)
    assert.equal(run.overflows[0]?.overflow?.alert?.stopAt.epochMs, run.clock.ms)
  })

  test('live, time is the clock and an idle bucket ends silently', () => {
    const run = new TestRun([scenarioOf()])
    run.offer(liveEvent())
    run.clock.ms += 20_000
    run.offer(liveEvent())
    assert.equal(run.overflows.length, 0, 'it ended just then')
    run.clock.ms += 5_000
    run.offer(liveEvent())
    assert.equal(run.overflows.length, 1)
    assert.equal(countsOf(run)['cs_bucket_underflowed_total test/scenario'], 1)
  })

  test('live, idle buckets nobody touches are swept', () => {
    const run = new TestRun([scenarioOf()])
    for (let i = 0; i < 50; i++) run.offer(liveEvent(`192.0.2.${i}`))
    for (let i = 0; i < 26; i++) {
      run.clock.ms += 1000
      run.set.advance(run.overflows)
    }
    assert.equal(run.set.bucketCount, 0)
    assert.equal(countsOf(run)['cs_bucket_underflowed_total test/scenario'], 50)
  })

  test('a duration makes a leaky bucket overflow at its end', () => {
    const run = new TestRun([scenarioOf({ capacity: 5, durationNanos: 60 * second })])
    run.offer(liveEvent())
    run.clock.ms += 30_000
    run.offer(liveEvent())
    run.clock.ms += 30_000
    run.set.advance(run.overflows)
    assert.equal(run.overflows[0]?.overflow?.alert?.eventsCount, 2)
  })

  test('a clock that jumps ends every timed bucket once, earliest first', () => {
    const counter = (durationNanos: number, name: string) =>
      scenarioOf({ name, type: 'counter', capacity: -1, leakSpeedNanos: 0, durationNanos })
    const run = new TestRun([counter(3600 * second, 'slow'), counter(60 * second, 'fast')])
    run.offer(liveEvent())
    run.clock.ms += 1e9
    run.set.advance(run.overflows)
    run.set.advance(run.overflows)
    const names = run.overflows.map(({ overflow }) => overflow?.alert?.scenario)
    assert.deepEqual(names, ['fast', 'slow'])
  })
})

suite('limits', () => {
  test('past the most buckets the longest idle one goes', () => {
    const run = new TestRun([scenarioOf()], { limits: { bucketsPerScenario: 3 } })
    run.offer(from('192.0.2.1', 0), from('192.0.2.2', 1), from('192.0.2.3', 2))
    run.offer(from('192.0.2.4', 3), from('192.0.2.1', 4), from('192.0.2.4', 5))
    assert.equal(run.set.bucketCount, 2)
    assert.deepEqual(run.summary, ['192.0.2.4 @5 #2'])
    assert.equal(countsOf(run)['tocsin_bucket_evicted_total test/scenario'], 2)
  })

  test('the most buckets of all scenarios', () => {
    const run = new TestRun([scenarioOf(), scenarioOf({ name: 'other' })], {
      limits: { buckets: 10 },
    })
    for (let i = 0; i < 100; i++) run.offer(from(`192.0.2.${i}`, i / 1000))
    assert.equal(run.set.bucketCount, 10)
  })

  test('in replay what is expired goes once there is much of it', () => {
    const run = new TestRun([scenarioOf()], { limits: { replayPurge: 100 } })
    for (let i = 0; i < 1000; i++) run.offer(from(`192.0.${i >> 8}.${i & 255}`, i))
    assert.ok(run.set.bucketCount <= 100)
    assert.equal(countsOf(run)['tocsin_bucket_evicted_total test/scenario'], undefined)
  })

  test('a bucket without capacity keeps so many events and counts all', () => {
    const condition = queueRule((events) => {
      assert.ok(events.length <= 6)
      return false
    })
    const scenario = scenarioOf({ type: 'conditional', capacity: -1, condition })
    const run = new TestRun([scenario], { limits: { queueLength: 5 } })
    for (let i = 0; i < 50; i++) run.offer(eventAt(i))
    assert.equal(run.set.drainFailures().length, 0)
  })
})

suite('determinism', () => {
  test('alerts and ids are a function of the input', () => {
    const play = () => {
      const run = new TestRun([scenarioOf({ blackholeNanos: second })])
      for (let i = 0; i < 60; i++) run.offer(from(`192.0.2.${i % 7}`, i))
      return JSON.stringify(run.overflows.map(({ overflow }) => overflow))
    }
    assert.equal(play(), play())
  })

  test('two buckets of one key have two ids', () => {
    const run = new TestRun([scenarioOf()])
    run.offer(eventAt(0), eventAt(0), eventAt(0), eventAt(0))
    const ids = new Set(run.overflows.map(({ overflow }) => overflow?.bucketId))
    const keys = new Set(run.overflows.map(({ overflow }) => overflow?.mapkey))
    assert.deepEqual([ids.size, keys.size], [2, 1])
  })
})

suite('laws', () => {
  const pours = fc.array(fc.tuple(fc.nat(3), fc.nat(200)), { maxLength: 80 })

  test('other keys change nothing', () => {
    const law = fc.property(pours, fc.integer({ min: 1, max: 4 }), (list, capacity) => {
      const sorted = list.toSorted((a, b) => a[1] - b[1])
      const play = (events: typeof list) => {
        const run = new TestRun([scenarioOf({ capacity })])
        for (const [key, seconds] of events) run.offer(from(`192.0.2.${key}`, seconds))
        return run.summary.toSorted()
      }
      const alone = [0, 1, 2, 3].flatMap((key) => play(sorted.filter((pour) => pour[0] === key)))
      assert.deepEqual(play(sorted), alone.toSorted())
    })
    fc.assert(law)
  })

  test('nothing overflows within its capacity', () => {
    const law = fc.property(pours, (list) => {
      const run = new TestRun([scenarioOf({ capacity: Math.max(1, list.length) })])
      for (const [, seconds] of list) run.offer(from('192.0.2.1', seconds))
      assert.equal(run.overflows.length, 0)
    })
    fc.assert(law)
  })

  test('packed or whole, the alerts are the same', () => {
    const looks = ruleOf(['evt', 'queue', 'signal', 'leaky'], () => true)
    const law = fc.property(pours, (list) => {
      const play = (overflowFilter: typeof looks | undefined) => {
        const run = new TestRun([scenarioOf({ capacity: 2, overflowFilter })])
        for (const [key, seconds] of list) {
          const event = from(`192.0.2.${key}`, seconds)
          event.enriched.IsoCode = 'FR'
          event.enriched.Latitude = '48.8566'
          run.offer(event)
        }
        return JSON.stringify(run.overflows.map(({ overflow }) => overflow?.alerts))
      }
      assert.equal(play(looks), play(undefined))
    })
    fc.assert(law)
  })
})
