import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { formatDuration, parseDuration, parseDurationWithDays } from './duration.ts'

suite('parseDuration', () => {
  const read: Record<string, number> = {
    '90s': 90e9,
    '1h30m': 5400e9,
    '0.5s': 0.5e9,
    '500ms': 0.5e9,
    '-2m': -120e9,
    '3us': 3e3,
    '0': 0,
  }
  for (const [text, nanos] of Object.entries(read)) {
    test(text, () => assert.equal(parseDuration(text), nanos))
  }
  for (const text of ['', '10', '1d', 'soon', '5 s', '1h x', '-', 's']) {
    test(`"${text}" is refused`, () => assert.equal(parseDuration(text), undefined))
  }
  test('days where they are allowed', () => {
    assert.equal(parseDurationWithDays('1d12h'), 36 * 3600e9)
  })
})

suite('formatDuration', () => {
  const written: Record<string, number> = {
    '0s': 0,
    '10s': 10e9,
    '1m0s': 60e9,
    '1m2.5s': 62.5e9,
    '4h0m0s': 4 * 3600e9,
    '500ms': 0.5e9,
    '-1.5s': -1.5e9,
    '15ns': 15,
    '1.5µs': 1500,
  }
  for (const [text, nanos] of Object.entries(written)) {
    test(text, () => assert.equal(formatDuration(nanos), text))
  }
})
