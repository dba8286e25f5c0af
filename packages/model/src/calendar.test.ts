import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { daysInMonth, epochMsOfDate, formatDate, isLeapYear } from './calendar.ts'
import { Instant, readInstant } from './instant.ts'

const dayMs = 86_400_000
/** 0000-01-01 to 9999-12-31. */
const anyDay = fc.integer({ min: -719_528, max: 2_932_896 })

test('days are written as Date writes them', () => {
  const law = fc.property(anyDay, (day) => {
    assert.equal(formatDate(day), new Date(day * dayMs).toISOString().slice(0, 10))
  })
  fc.assert(law, { numRuns: 2000 })
})

test('a date names the day it is written of', () => {
  const law = fc.property(anyDay, (day) => {
    const [year, month, date] = formatDate(day).split('-').map(Number)
    assert.equal(epochMsOfDate(year ?? 0, month ?? 0, date ?? 0), day * dayMs)
    assert.ok((date ?? 0) <= daysInMonth(year ?? 0, month ?? 0))
  })
  fc.assert(law, { numRuns: 2000 })
})

test('leap years', () => {
  assert.deepEqual([0, 1900, 2000, 2023, 2024].map(isLeapYear), [true, false, true, false, true])
})

test('days beyond the end of a month run on', () => {
  assert.equal(formatDate(epochMsOfDate(2026, 2, 29) / dayMs), '2026-03-01')
})

test('an instant is read from its own text', () => {
  const nanos = fc.oneof(fc.constant(0), fc.nat(999_999))
  const offset = fc.integer({ min: -1439, max: 1439 })
  const law = fc.property(anyDay, fc.nat(dayMs - 1), nanos, offset, (day, ms, ns, east) => {
    // Local time stays within years of four digits.
    const it = new Instant(day * dayMs + ms - east * 60_000, ns, east)
    assert.deepEqual(readInstant(it.toString()), it)
    assert.equal(it.toString().slice(0, 19), new Date(day * dayMs + ms).toISOString().slice(0, 19))
  })
  fc.assert(law, { numRuns: 1000 })
})
