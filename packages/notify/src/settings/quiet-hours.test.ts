import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import {
  type QuietHours,
  quietUntilMs,
  readTimeOfDay,
  type Weekday,
  weekdays,
} from './quiet-hours.ts'

const at = (text: string) => Date.parse(text)
const hours = (
  from: string,
  to: string,
  zone = 'UTC',
  days: readonly Weekday[] = weekdays,
): QuietHours => ({
  fromMinute: readTimeOfDay(from) ?? Number.NaN,
  toMinute: readTimeOfDay(to) ?? Number.NaN,
  zone,
  days: new Set(days),
})

suite('quietUntilMs', () => {
  const night = hours('22:00', '07:00')
  const berlin = hours('22:00', '07:00', 'Europe/Berlin')
  const weekend = hours('00:00', '24:00', 'UTC', ['sat', 'sun'])
  const cases: readonly (readonly [string, QuietHours, string, string | undefined])[] = [
    ['before', night, '2026-11-03T21:59:59Z', undefined],
    ['at its beginning', night, '2026-11-03T22:00:00Z', '2026-11-04T07:00:00Z'],
    ['after midnight', night, '2026-11-04T03:00:00Z', '2026-11-04T07:00:00Z'],
    ['at its end', night, '2026-11-04T07:00:00Z', undefined],
    ['winter in Berlin', berlin, '2026-11-03T21:30:00Z', '2026-11-04T06:00:00Z'],
    ['summer in Berlin', berlin, '2026-07-03T20:30:00Z', '2026-07-04T05:00:00Z'],
    ['within a day', hours('12:00', '13:00'), '2026-11-03T12:30:00Z', '2026-11-03T13:00:00Z'],
    ['on Saturday', weekend, '2026-11-07T10:00:00Z', '2026-11-08T00:00:00Z'],
    ['on Monday', weekend, '2026-11-09T00:00:00Z', undefined],
    [
      'Sunday night goes on into Monday',
      hours('22:00', '07:00', 'UTC', ['sun']),
      '2026-11-09T05:00:00Z',
      '2026-11-09T07:00:00Z',
    ],
  ]
  for (const [name, quiet, now, until] of cases) {
    test(name, () => {
      assert.equal(quietUntilMs(quiet, at(now)), until === undefined ? undefined : at(until))
    })
  }
})

test('times of day', () => {
  assert.deepEqual(['00:00', '7:05', '24:00', '24:01', '12:60', 'noon', '12'].map(readTimeOfDay), [
    0,
    425,
    1440,
    undefined,
    undefined,
    undefined,
    undefined,
  ])
})
