import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createTextDict, Event, Instant, Line, type TimeMode, timeMode } from '@tocsin/model'
import { DnsCache } from './dns-cache.ts'
import { createEnrichers } from './enrichers.ts'
import { Geo } from './geo.ts'
import { GeoDatabase } from './geo-database.ts'
import { DateReader } from './read-date.ts'
import { createFakeResolver } from './testing/fake-resolver.ts'
import { writeMmdb } from './testing/write-mmdb.ts'

const clock = { nowMs: () => Date.UTC(2026, 1, 12) }
const city = writeMmdb('City', { '192.0.2.0/24': { country: { iso_code: 'FR' } } })
const asn = writeMmdb('ASN', { '192.0.2.0/24': { autonomous_system_number: 64_496 } })
const dns = new DnsCache({
  clock,
  resolver: createFakeResolver({ '192.0.2.1': ['Host.example.'] }),
})
const geo = new Geo({ city: new GeoDatabase('city', city), asn: new GeoDatabase('asn', asn) })
const dates = new DateReader({ clock })
const unknownDates: string[] = []
const onUnknownDate = (text: string) => void unknownDates.push(text)
const enrichers = createEnrichers({ dates, geo, dns, onUnknownDate })
const bare = createEnrichers({ dates })

function createEvent(raw = '', mode: TimeMode = timeMode.live): Event {
  const line = new Line(raw, 'auth.log', 'file', createTextDict(), new Instant(clock.nowMs()))
  return Event.ofLine(line, mode)
}

function enrich(method: string, text: string, all = enrichers): object {
  const event = createEvent()
  const enricher = all.get(method) ?? assert.fail(method)
  enricher(text, event)
  return { ...event.enriched }
}

suite('createEnrichers', () => {
  const zero = { Latitude: '0.000000', Longitude: '0.000000', IsInEU: 'false' }
  const cases: readonly (readonly [string, string, object])[] = [
    ['GeoIpCity', '192.0.2.1', { ...zero, IsoCode: 'FR' }],
    ['GeoIpCity', '10.0.0.1', { ...zero, IsoCode: '' }],
    ['GeoIpCity', 'x', {}],
    ['GeoIpASN', '192.0.2.1', { ASNNumber: '64496', ASNumber: '64496', ASNOrg: '' }],
    ['GeoIpASN', '10.0.0.1', { ASNNumber: '0', ASNumber: '0', ASNOrg: '' }],
    ['GeoIpASN', '', {}],
    ['IpToRange', '192.0.2.1', { SourceRange: '192.0.2.0/24' }],
    ['IpToRange', '10.0.0.1', {}],
    ['ParseDate', '2026-02-04', { MarshaledTime: '2026-02-04T00:00:00Z' }],
    ['ParseDate', '', { MarshaledTime: '2026-02-12T00:00:00Z' }],
  ]
  for (const [method, text, expected] of cases) {
    test(`${method} of ${text || 'nothing'}`, () => {
      assert.deepEqual(enrich(method, text), expected)
    })
  }

  for (const method of ['GeoIpCity', 'GeoIpASN', 'IpToRange', 'reverse_dns']) {
    test(`${method} without its source sets nothing`, () => {
      assert.deepEqual(enrich(method, '192.0.2.1', bare), {})
    })
  }

  test('reverse_dns sets the name once it is known, as it was returned', async () => {
    assert.deepEqual(enrich('reverse_dns', '192.0.2.1'), {})
    await dns.settle()
    assert.deepEqual(enrich('reverse_dns', '192.0.2.1'), { reverse_dns: 'Host.example.' })
  })

  test('ParseDate moves the time of the event in replay only', () => {
    for (const mode of [timeMode.live, timeMode.replay]) {
      const event = createEvent('', mode)
      enrichers.get('ParseDate')?.('2026-02-04T05:06:07Z', event)
      const expected = mode === timeMode.replay ? '2026-02-04T05:06:07Z' : '2026-02-12T00:00:00Z'
      assert.equal(event.time.toString(), expected)
      enrichers.get('ParseDate')?.('soon', event)
      assert.equal(event.time.toString(), expected)
    }
    assert.ok(unknownDates.includes('soon'))
  })

  test('ParseDate obeys the layout of the event', () => {
    const event = createEvent()
    event.strTimeFormat = '02/01/2006'
    enrichers.get('ParseDate')?.('04/02/2026', event)
    assert.equal(event.enriched.MarshaledTime, '2026-02-04T00:00:00Z')
  })
})

suite('UnmarshalJSON', () => {
  function decode(raw: string): Event {
    const event = createEvent(raw)
    event.unmarshaled.before = 1
    enrichers.get('UnmarshalJSON')?.('ignored', event)
    return event
  }

  test('merges the top-level keys of the line', () => {
    const { unmarshaled } = decode('{"a":{"b":[1,"x",null,{"c":true}]},"before":2}')
    assert.deepEqual(JSON.parse(JSON.stringify(unmarshaled)), {
      before: 2,
      a: { b: [1, 'x', null, { c: true }] },
    })
  })

  test('keys of a line inherit nothing and change nothing', () => {
    const { unmarshaled } = decode('{"__proto__":{"polluted":1},"a":{"__proto__":2}}')
    assert.deepEqual(Object.keys(unmarshaled), ['before', '__proto__', 'a'])
    assert.equal(unmarshaled.polluted, undefined)
    assert.equal((unmarshaled.a as { toString?: unknown }).toString, undefined)
    assert.equal(Object.hasOwn(Object.prototype, 'polluted'), false)
  })

  for (const raw of ['', '{', '[1]', '"x"', 'null', '3', '{"a":1} x']) {
    test(`${raw || 'nothing'} changes nothing`, () => {
      assert.deepEqual(Object.keys(decode(raw).unmarshaled), ['before'])
    })
  }

  test('any depth is copied', () => {
    const depth = 50_000
    const event = decode(`{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`)
    let value: unknown = event.unmarshaled.a
    let count = 0
    for (; Array.isArray(value); value = value[0]) count++
    assert.equal(count, depth)
  })
})
