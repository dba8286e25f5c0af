import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Event, Instant, type Overflow, readInstant, type Source } from '@tocsin/model'
import { formatMessage } from './alert-text.ts'
import { eventAt, eventRule, scenarioOf, TestRun } from './scenario.test-support.ts'
import { shortestFloat32 } from './sources.ts'

const trigger = { type: 'trigger', capacity: 0, groupBy: undefined } as const

/** The overflow of one event poured into a trigger of the given scope. */
function overflowOf(event: Event, type: string, value?: (event: Event) => unknown) {
  const expression = value && eventRule(value)
  const run = new TestRun([scenarioOf({ ...trigger, scope: { type, expression } })]).offer(event)
  const [failure] = run.set.drainFailures()
  return { overflow: run.overflows[0]?.overflow, reason: failure?.reason ?? '' }
}

const located = () => {
  const event = eventAt(0, { SourceRange: '192.0.2.77/24' })
  Object.assign(event.enriched, {
    ...{ ASNNumber: '64496', ASNOrg: 'EXAMPLE', IsoCode: 'FR' },
    ...{ Latitude: '48.8566', Longitude: '2.352200' },
  })
  return event
}

suite('sources', () => {
  test('an address with all that is known about it', () => {
    assert.deepEqual(overflowOf(located(), 'Ip').overflow?.alert?.source, {
      ...{ scope: 'Ip', value: '192.0.2.7', ip: '192.0.2.7', range: '192.0.2.0/24' },
      ...{ asNumber: '64496', asName: 'EXAMPLE', country: 'FR' },
      ...{ latitude: 48.8566, longitude: 2.3522 },
    })
  })

  test('a range, from the event', () => {
    const source = overflowOf(located(), 'Range').overflow?.alert?.source
    assert.deepEqual([source?.scope, source?.value], ['Range', '192.0.2.0/24'])
  })

  test('another scope has its value alone', () => {
    const source = overflowOf(located(), 'Country', (event) => event.enriched.IsoCode).overflow
    assert.deepEqual([...(source?.sources.keys() ?? [])], ['FR'])
    assert.equal(source?.alert?.source.ip, '')
  })

  test('a value that is no text is empty', () => {
    const { overflow } = overflowOf(located(), 'pid', () => 7)
    assert.deepEqual([...(overflow?.sources.keys() ?? [])], [''])
  })

  const refused: Readonly<Record<string, [Event, string, RegExp]>> = {
    'no address': [eventAt(0, { source_ip: '' }), 'Ip', /source_ip, which is not set/],
    'a name for an address': [eventAt(0, { source_ip: 'x' }), 'Range', /"x" is not an address/],
    'a bad range': [eventAt(0, { SourceRange: '1.2.3.4/99' }), 'Ip', /"1.2.3.4\/99" is not a/],
  }
  for (const [name, [event, scope, reason]] of Object.entries(refused)) {
    test(`${name} gives no alert`, () => {
      const result = overflowOf(event, scope)
      assert.equal(result.overflow, undefined)
      assert.match(result.reason, reason)
    })
  }

  test('a failing expression gives no alert', () => {
    const { overflow, reason } = overflowOf(located(), 'user', () => {
      throw new Error('nil')
    })
    assert.equal(overflow, undefined)
    assert.match(reason, /scope.expression failed: nil/)
  })

  test('coordinates that are none are left out, and told', () => {
    const event = located()
    event.enriched.Latitude = 'north'
    const { overflow, reason } = overflowOf(event, 'Ip')
    assert.equal(overflow?.alert?.source.latitude, 0)
    assert.match(reason, /Latitude "north"/)
  })

  test('several sources make several alerts, one message', () => {
    const scope = { type: 'user', expression: eventRule((event) => event.meta.user ?? '') }
    const run = new TestRun([scenarioOf({ capacity: 2, scope })])
    run.offer(...['b', 'a', 'b'].map((user, i) => eventAt(i, { user })))
    const { overflow } = run.overflows[0] ?? {}
    assert.deepEqual([...(overflow?.sources.keys() ?? [])], ['b', 'a'])
    assert.deepEqual(
      overflow?.alerts.map(({ source }) => source.value),
      ['b', 'a'],
    )
    assert.match(overflow?.alert?.message ?? '', /^user 2 sources performed/)
    assert.equal(overflow?.alerts[0]?.source, overflow?.sources.get('b'))
  })

  test('the shortest text of a float32', () => {
    for (const value of [48.8566, 0, -122.4194, 1 / 3, 180, 1e-7]) {
      const short = shortestFloat32(value)
      assert.equal(Math.fround(short), Math.fround(value))
      assert.ok(String(short).length <= String(Math.fround(value)).length)
    }
    assert.equal(String(shortestFloat32(48.8566)), '48.8566')
  })
})

suite('sources of meta-buckets', () => {
  const source = (scope: string, value: string, range = ''): Source => ({
    ...{ scope, value, ip: scope === 'Ip' ? value : '', range, asNumber: '1', asName: '' },
    ...{ country: '', latitude: 0, longitude: 0 },
  })
  const overflowed = (...sources: Source[]): Event => {
    const overflow: Overflow = {
      ...{ mapkey: '', bucketId: '', isWhitelisted: false, reprocess: true },
      ...{ sources: new Map(sources.map((s) => [s.value, s])), alerts: [], alert: undefined },
    }
    return Event.ofOverflow(overflow, new Instant(0))
  }
  const valuesOf = (event: Event, type: string, value?: (event: Event) => unknown) => {
    const { overflow, reason } = overflowOf(event, type, value)
    return [[...(overflow?.sources.keys() ?? [])].join(), reason]
  }

  test('the same scope is copied', () => {
    const event = overflowed(source('Ip', '192.0.2.1'), source('Ip', '192.0.2.2'))
    assert.deepEqual(valuesOf(event, 'Ip'), ['192.0.2.1,192.0.2.2', ''])
  })
  test('addresses become their range, without the address', () => {
    const event = overflowed(source('Ip', '192.0.2.1', '192.0.2.0/24'))
    assert.deepEqual(valuesOf(event, 'Range'), ['192.0.2.0/24', ''])
    assert.equal(overflowOf(event, 'Range').overflow?.alert?.source.ip, '')
  })
  test('or what the expression says', () => {
    const event = overflowed(source('Ip', '192.0.2.1'))
    assert.deepEqual(
      valuesOf(event, 'Range', () => '192.0.0.0/16'),
      ['192.0.0.0/16', ''],
    )
  })
  test('without a range nobody is left, and no alert', () => {
    const [values, reason] = valuesOf(overflowed(source('Ip', '192.0.2.1')), 'Range')
    assert.equal(values, '')
    assert.match(reason ?? '', /range of 192.0.2.1 is not known/)
  })
  test('another scope is left out', () => {
    const [values, reason] = valuesOf(overflowed(source('Range', '192.0.2.0/24')), 'Ip')
    assert.equal(values, '')
    assert.match(reason ?? '', /left out/)
  })
})

suite('the alert', () => {
  test('says what was done', () => {
    const run = new TestRun([
      scenarioOf({
        ...{ name: 'acme/login-bf', leakSpeedNanos: 60e9, hasRemediation: true, isSimulated: true },
        ...{ version: '0.3', hash: 'abc' },
      }),
    ])
    run.offer(eventAt(0, { b: '1', a: '2' }), eventAt(4))
    const { alert } = run.overflows[0]?.overflow ?? {}
    const message =
      "Ip 192.0.2.7 performed 'acme/login-bf' (2 events over 4s) at 2026-02-12 00:00:04 +0000 UTC"
    assert.equal(alert?.message, message)
    assert.deepEqual(alert?.events[0], {
      timestamp: '2026-02-12T00:00:00Z',
      meta: [
        { key: 'a', value: '2' },
        { key: 'b', value: '1' },
        { key: 'source_ip', value: '192.0.2.7' },
      ],
    })
    const { scenarioVersion, scenarioHash, leakSpeed, capacity, kind } = alert ?? {}
    assert.deepEqual(
      [scenarioVersion, scenarioHash, leakSpeed, capacity, kind],
      ['0.3', 'abc', '1m0s', 1, 'crowdsec'],
    )
    assert.ok(alert?.isSimulated && alert.hasRemediation)
    assert.equal(run.overflows[0]?.marshaledTime, '2026-02-12T00:00:04Z')
  })

  test('keeps the offset of the log', () => {
    const run = new TestRun([scenarioOf(trigger)])
    const event = eventAt(0)
    event.marshaledTime = '2022-02-16T12:24:19.5+02:00'
    run.offer(event)
    const { alert } = run.overflows[0]?.overflow ?? {}
    assert.equal(alert?.startAt.toString(), '2022-02-16T12:24:19.5+02:00')
    assert.match(alert?.message ?? '', / over 0s\) at 2022-02-16 12:24:19.5 \+0200 \+0200$/)
  })

  test('says unknown when it is nobody', () => {
    const at = readInstant('2026-02-12T00:01:02.5Z') ?? assert.fail()
    const first = readInstant('2026-02-12T00:00:00Z') ?? assert.fail()
    const facts = { scenario: 's', eventsCount: 3, first, last: at, overflowAt: at }
    const message =
      " UNKNOWN performed 's' (3 events over 1m2.5s) at 2026-02-12 00:01:02.5 +0000 UTC"
    assert.equal(formatMessage(facts, '', []), message)
  })
})
