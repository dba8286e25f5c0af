import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { compileLayout, Instant } from '@tocsin/model'
import fc from 'fast-check'
import { DateReader, knownLayouts } from './read-date.ts'

const nowMs = Date.UTC(2026, 1, 12, 14, 10, 21, 500)
const now = '2026-02-12T14:10:21.5Z'
const clock = { nowMs: () => nowMs }
const reader = () => new DateReader({ clock })

/** One text of each known layout in order, then Unix times. */
const read: Record<string, string> = {
  '2026-02-12T14:10:21Z': '2026-02-12T14:10:21Z',
  '2026-02-12T14:10:21.123+02:00': '2026-02-12T14:10:21.123+02:00',
  '07/Mar/2026:01:02:03 +0100': '2026-03-07T01:02:03+01:00',
  'Wed Feb  4 21:00:57 2010': '2010-02-04T21:00:57Z',
  '04-Feb-2026 01:02:03 europe/paris': '2026-02-04T01:02:03Z',
  '02/04/2026 01:02:03': '2026-02-04T01:02:03Z',
  '2026-02-04 01:02:03.5 +0100 CET': '2026-02-04T01:02:03.5+01:00',
  'Feb 12 14:10:21': '2026-02-12T14:10:21Z',
  'Dec  1 01:02:03': '2026-12-01T01:02:03Z',
  'Feb 29 01:02:03': '2026-03-01T01:02:03Z',
  'Feb 28 23:59:59': '2026-02-28T23:59:59Z',
  'Mar  1 00:00:00': '2026-03-01T00:00:00Z',
  'Wed Feb 04 21:00:57.123456 2010': '2010-02-04T21:00:57.123456Z',
  '2026/02/04': '2026-02-04T00:00:00Z',
  '2026/02/04 01:02': '2026-02-04T01:02:00Z',
  '2026-02-04': '2026-02-04T00:00:00Z',
  '2026-02-04 01:02': '2026-02-04T01:02:00Z',
  '2026/02/04 01:02:03': '2026-02-04T01:02:03Z',
  '2026-02-04 01:02:03': '2026-02-04T01:02:03Z',
  '2026-02-04 01:02:03,25': '2026-02-04T01:02:03.25Z',
  '2024-11-26T20:13:32.123': '2024-11-26T20:13:32.123Z',
  '1657116624': '2022-07-06T14:10:24Z',
  '1657116624.987': '2022-07-06T14:10:24Z',
  '1657116624123': '54481-12-07T13:22:03Z',
  '+5': '1970-01-01T00:00:05Z',
}

const unrecognised = [
  ...['', ' ', '0', '-5', '9223372036854775808', '1e9', '.5', 'yesterday', '2026-02-30', 'Feb 30'],
  ...['2026-02-12T14:10:21+0000', '2026-02-12 14:10:21 +00:00', '07/Mar/2026:01:02:03'],
  ...['Thu, 04 Feb 2010 21:00:57 -0800', 'Feb 12 2026 14:10:21', '2026-02-12T14:10:21Z ', '\0'],
  'Feb 12 14:10:21 '.repeat(4096),
]

suite('DateReader', () => {
  for (const [text, expected] of Object.entries(read)) {
    test(text, () => {
      const date = reader().read(text)
      assert.equal(date.marshaledTime, expected)
      assert.equal(date.instant.toString(), expected)
      assert.equal(date.isRecognised, true)
    })
  }
  for (const text of unrecognised) {
    test(`${JSON.stringify(text.slice(0, 40))} is now`, () => {
      const date = reader().read(text)
      assert.deepEqual([date.marshaledTime, date.isRecognised], [now, false])
    })
  }

  test('the layout of the line comes first, and the known ones when it does not fit', () => {
    const dates = reader()
    assert.equal(dates.read('02/04/2026', '02/01/2006').marshaledTime, '2026-04-02T00:00:00Z')
    assert.equal(dates.read('2026-02-04', '02/01/2006').marshaledTime, '2026-02-04T00:00:00Z')
    assert.equal(dates.read('02/04/2026').isRecognised, false)
    assert.equal(
      dates.read('04.02. +0200', '02.01. -0700').marshaledTime,
      '2026-02-04T00:00:00+02:00',
    )
  })

  test('the year is that of the clock when the line is read', () => {
    let year = 2026
    const dates = new DateReader({ clock, currentYear: () => year })
    assert.equal(dates.read('Feb 29 01:02:03').marshaledTime, '2026-03-01T01:02:03Z')
    year = 2028
    assert.equal(dates.read('Feb 29 01:02:03').marshaledTime, '2028-02-29T01:02:03Z')
    assert.equal(dates.read('Dec 31 01:02:03').marshaledTime, '2028-12-31T01:02:03Z')
  })

  test('a new year begins when the clock says so, and ends when it is set back', () => {
    let ms = Date.UTC(2026, 11, 31, 23, 59, 59, 999)
    const dates = new DateReader({ clock: { nowMs: () => ms } })
    const years = [0, 1, 0].map((step) => {
      ms = Date.UTC(2026, 11, 31, 23, 59, 59, 999) + step
      return dates.read('Jan  1 00:00:00').marshaledTime.slice(0, 4)
    })
    assert.deepEqual(years, ['2026', '2027', '2026'])
  })

  test('the present is not remembered', () => {
    let ms = nowMs
    const dates = new DateReader({ clock: { nowMs: () => ms } })
    dates.read('soon')
    ms += 1000
    assert.equal(dates.read('soon').marshaledTime, '2026-02-12T14:10:22.5Z')
  })

  test('a Unix time is shown with the offset of the machine', () => {
    const dates = new DateReader({ clock, offsetMinutesAt: () => 60 })
    assert.equal(dates.read('1657116624').marshaledTime, '2022-07-06T15:10:24+01:00')
  })

  test('more texts than are remembered', () => {
    const dates = reader()
    for (let i = 1; i < 2000; i++) {
      const text = `${1_657_116_624 + i}`
      assert.equal(dates.read(text).instant.epochMs, (1_657_116_624 + i) * 1000)
    }
  })
})

suite('laws', () => {
  const layouts = knownLayouts.map((source) => compileLayout(source))
  const instant = fc
    .tuple(
      fc.integer({ min: 0, max: 253_402_300_799 }),
      fc.nat(999_999),
      fc.integer({ min: -720, max: 840 }),
    )
    .map(
      ([seconds, micros, offset]) =>
        new Instant(seconds * 1000, micros * 1000 - (micros % 1000) * 1000, offset),
    )
  const written = fc
    .tuple(fc.nat(layouts.length - 1), instant)
    .map(([index, it]) => layouts[index]?.format(it) ?? '')
  const spoiled = fc
    .tuple(written, fc.nat(40), fc.constantFrom(...'0129:-/T.Z+ aJ'))
    .map(([text, at, c]) => text.slice(0, at) + c + text.slice(at + 1))

  test('the answer is that of trying all layouts in order', () => {
    const law = fc.property(fc.oneof(written, spoiled, fc.string()), (text) => {
      const tried = layouts.map((layout) => layout.parse(text)).find((it) => it !== undefined)
      const date = reader().read(text)
      if (!tried) assert.ok(!date.isRecognised || /^\+?\d/.test(text))
      else if (tried.epochMs > Date.UTC(1, 0, 1)) assert.deepEqual(date.instant, tried)
      else assert.equal(date.isRecognised, true)
    })
    fc.assert(law, { numRuns: 5000 })
  })
})
