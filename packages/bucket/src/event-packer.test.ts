import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Event, Instant } from '@tocsin/model'
import fc from 'fast-check'
import { EventPacker } from './event-packer.ts'
import { eventAt } from './scenario.test-support.ts'

const needs = { isWhole: false, parsed: new Set(['user']), enriched: new Set(['extra']) }

test('law: what was packed comes back, of Parsed and Enriched what is needed', () => {
  const dict = fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }))
  const known = fc.record(
    { user: fc.string(), extra: fc.string(), ASNumber: fc.string() },
    { requiredKeys: [] },
  )
  const packer = new EventPacker(needs)
  const law = fc.property(dict, known, known, (meta, parsed, enriched) => {
    const event = eventAt(5, meta)
    Object.assign(event.parsed, parsed)
    Object.assign(event.enriched, enriched)
    const packed = packer.pack(event) ?? assert.fail('not packed')
    const again = packer.unpack(packed, event.mode)
    assert.equal(again.marshaledTime, event.marshaledTime)
    assert.deepEqual({ ...again.meta }, { ...event.meta })
    assert.deepEqual({ ...again.parsed }, 'user' in parsed ? { user: parsed.user } : {})
    const { user: _, ...kept } = enriched
    assert.deepEqual({ ...again.enriched }, kept)
  })
  fc.assert(law, { numRuns: 50 })
})

test('an overflow is not packed', () => {
  const overflow = { ...({} as Event['overflow']) } as NonNullable<Event['overflow']>
  const packer = new EventPacker(needs)
  assert.equal(packer.pack(Event.ofOverflow(overflow, new Instant(0))), undefined)
})

test('logs that make up keys without end are not packed any more', () => {
  const packer = new EventPacker(needs)
  for (let i = 0; i < 10_000; i++) packer.pack(eventAt(0, { [`key${i}`]: '' }))
  assert.equal(packer.pack(eventAt(0, { another: '' })), undefined)
})
