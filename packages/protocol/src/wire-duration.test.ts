import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { parseDuration } from '@tocsin/model'
import fc from 'fast-check'
import { formatRemaining, readWireDuration } from './wire-duration.ts'

suite('readWireDuration', () => {
  const hour = 3600e9
  const read: Record<string, number> = {
    '4h': 4 * hour,
    ' 1.5h ': 1.5 * hour,
    '7d': 168 * hour,
    '2d3h': 51 * hour,
    '-30s': -30e9,
    '-1d1h': -25 * hour,
    '0': 0,
    '300ms': 3e8,
  }
  for (const [text, nanos] of Object.entries(read)) {
    test(text, () => assert.deepEqual(readWireDuration(text), { nanos }))
  }
  const refused: Record<string, string> = {
    '': 'time: invalid duration ""',
    '1zuzu': 'time: unknown unit "zuzu" in duration "1zuzu"',
    '3h1d': 'time: unknown unit "d" in duration "3h1d"',
    '10': 'time: missing unit in duration "10"',
    soon: 'time: invalid duration "soon"',
    '1d-2h': 'time: invalid duration "-2h"',
    '99999999999d': 'time: invalid duration "99999999999d"',
  }
  for (const [text, message] of Object.entries(refused)) {
    test(`"${text}" is refused`, () => assert.deepEqual(readWireDuration(text), { message }))
  }
})

suite('formatRemaining', () => {
  const written: Record<string, number> = {
    '0s': 499,
    '1s': 500,
    '59s': 59_400,
    '1m0s': 59_500,
    '3h59m49s': 14_389_000,
    '167h59m58s': 604_798_000,
    '-1m2s': -62_000,
    '-1s': -500,
  }
  for (const [text, ms] of Object.entries(written)) {
    test(text, () => assert.equal(formatRemaining(ms), text))
  }

  test('is whole seconds, and reads as what it was', () => {
    const law = fc.property(fc.integer({ min: -1e12, max: 1e12 }), (ms) => {
      const text = formatRemaining(ms)
      assert.match(text, /^-?(\d+h)?(\d+m)?\d+s$/)
      const nanos = parseDuration(text) ?? Number.NaN
      assert.ok(Math.abs(nanos / 1e6 - ms) <= 500)
    })
    fc.assert(law)
  })
})
