import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { Instant, readInstant } from './instant.ts'
import { compileLayout, formatLayout, parseLayout } from './layout.ts'

const rfc3339 = '2006-01-02T15:04:05Z07:00'

/** layout, text, RFC 3339 text of the result. */
const read: readonly (readonly [string, string, string])[] = [
  [rfc3339, '2026-02-12T14:10:21Z', '2026-02-12T14:10:21Z'],
  [rfc3339, '2026-02-12T14:10:21.123456789+02:00', '2026-02-12T14:10:21.123456789+02:00'],
  [rfc3339, '2026-02-12T14:10:21,5-09:30', '2026-02-12T14:10:21.5-09:30'],
  [rfc3339, '2026-02-12T4:10:21Z', '2026-02-12T04:10:21Z'],
  ['02/Jan/2006:15:04:05 -0700', '07/Mar/2026:01:02:03 +0100', '2026-03-07T01:02:03+01:00'],
  ['02/Jan/2006:15:04:05 -0700', '07/mAR/2026:01:02:03.25 -0000', '2026-03-07T01:02:03.25Z'],
  ['Mon Jan 2 15:04:05 2006', 'wed feb  4 21:00:57 2010', '2010-02-04T21:00:57Z'],
  ['Mon Jan _2 15:04:05 MST 2006', 'Thu Feb  4 21:00:57 CEST 2010', '2010-02-04T21:00:57Z'],
  ['Monday, 02-Jan-06 15:04:05 MST', 'Thursday, 04-Feb-10 21:00:57 PST', '2010-02-04T21:00:57Z'],
  ['January 2 2006', 'december 31 1969', '1969-12-31T00:00:00Z'],
  ['02 Jan 06', '04 Feb 69', '1969-02-04T00:00:00Z'],
  ['02 Jan 06', '04 Feb 68', '2068-02-04T00:00:00Z'],
  ['Jan  2 15:04:05', 'Feb 29 01:02:03', '0000-02-29T01:02:03Z'],
  ['Jan  2 15:04:05', 'Feb      9 01:02:03', '0000-02-09T01:02:03Z'],
  ['2006-01-02 ', '2026-01-31', '2026-01-31T00:00:00Z'],
  ['2006-01-02 15:04:05 PM', '2026-01-31 12:00:00 AM', '2026-01-31T00:00:00Z'],
  ['2006-01-02 3:04 pm', '2026-01-31 12:30 pm', '2026-01-31T12:30:00Z'],
  ['2006-01-02 03:04PM', '2026-01-31 01:30PM', '2026-01-31T13:30:00Z'],
  ['2006-002', '2024-060', '2024-02-29T00:00:00Z'],
  ['2006-002', '2024-366', '2024-12-31T00:00:00Z'],
  ['2006-002', '2026-365', '2026-12-31T00:00:00Z'],
  ['2006 __2', '2026   1', '2026-01-01T00:00:00Z'],
  ['2006-01-02 002', '2026-02-01 032', '2026-02-01T00:00:00Z'],
  ['_2006-1-2', '_2026-3-4', '2026-03-04T00:00:00Z'],
  ['15:04:05.000', '01:02:03.456', '0000-01-01T01:02:03.456Z'],
  ['15:04:05,000', '01:02:03.456', '0000-01-01T01:02:03.456Z'],
  ['15:04:05.999 -07', '01:02:03 +05', '0000-01-01T01:02:03+05:00'],
  // The same instant; offsets are kept to the minute.
  ['15:04:05 -070000', '01:02:03 +053015', '0000-01-01T01:01:48+05:30'],
  ['15:04 -07:00:00', '01:02 -05:30:00', '0000-01-01T01:02:00-05:30'],
  ['15:04 Z0700', '01:02 Z', '0000-01-01T01:02:00Z'],
  ['15:04 Z07', '01:02 -11', '0000-01-01T01:02:00-11:00'],
  ['15:04 -0700 MST', '01:02 +0200 CEST', '0000-01-01T01:02:00+02:00'],
  ['15:04 -0700 MST', '01:02 +0200 UTC', '0000-01-01T01:02:00Z'],
  // The wall clock counts as UTC, the offset is only shown: the peer's way with `GMT±n`.
  ['Mon Jan _2 15:04:05 MST 2006', 'Fri Feb  5 05:00:57 GMT-8 2010', '2010-02-04T21:00:57-08:00'],
  ['15:04 MST', '01:02 WITA', '0000-01-01T01:02:00Z'],
  ['15:04 MST', '01:02 ChST', '0000-01-01T01:02:00Z'],
  ['15:04 MST', '01:02 +03', '0000-01-01T01:02:00Z'],
  ['15:04 MST', '01:02 GMT', '0000-01-01T01:02:00Z'],
  [
    '2006-01-02 15:04:05.999999999 -0700 MST',
    '2026-02-03 04:05:06.7 +0100 CET',
    '2026-02-03T04:05:06.7+01:00',
  ],
  ['Janus Month 2006', 'Janus Month 2026', '2026-01-01T00:00:00Z'],
  [
    '02-Jan-2006 15:04:05 europe/paris',
    '04-Feb-2026 01:02:03 europe/paris',
    '2026-02-04T01:02:03Z',
  ],
]

/** layout, text that does not fit it. */
const refused: readonly (readonly [string, string])[] = [
  [rfc3339, '2026-02-12T14:10:21'],
  [rfc3339, '2026-02-12T14:10:21+0200'],
  [rfc3339, '2026-02-12T14:10:21z'],
  [rfc3339, '2026-02-12 14:10:21Z'],
  [rfc3339, '2026-02-12T14:10:21Z '],
  [rfc3339, '2026-02-12T24:10:21Z'],
  [rfc3339, '2026-02-12T14:60:21Z'],
  [rfc3339, '2026-02-12T14:10:60Z'],
  [rfc3339, '2026-13-12T14:10:21Z'],
  [rfc3339, '2026-00-12T14:10:21Z'],
  [rfc3339, '2026-02-30T14:10:21Z'],
  [rfc3339, '2025-02-29T14:10:21Z'],
  [rfc3339, '2026-02-00T14:10:21Z'],
  [rfc3339, '2026-2-12T14:10:21Z'],
  [rfc3339, '2026-02-12T14:1:21Z'],
  [rfc3339, '2026-02-12T14:10:21.Z'],
  [rfc3339, '2026-02-12T14:10:21+25:00'],
  [rfc3339, '٢٠٢٦-02-12T14:10:21Z'],
  ['02/Jan/2006', '7/Mar/2026'],
  ['02/Jan/2006', '07/Mars/2026'],
  ['15:04:05.000', '01:02:03.45'],
  ['15:04:05.000', '01:02:03.4567'],
  ['15:04:05.000000 2006', '01:02:03.4567890 2026'],
  ['2006-01-02 15:04', '2026-01-31'],
  ['2006-01-02 15:04', '2026-01-3115:04'],
  ['3:04PM', '13:04PM'],
  ['3:04PM', '1:04pm'],
  ['2006-002', '2025-366'],
  ['2006-002', '2025-60'],
  ['2006-01-02 002', '2026-02-01 033'],
  ['15:04 MST', '01:02 ABCD'],
  ['15:04 MST', '01:02 ab'],
  ['15:04 MST', '01:02 ABCDEF'],
  ['15:04 MST', '01:02 +24'],
  ['Mon Jan 2', 'Xyz Feb 3'],
  ['', 'x'],
]

suite('parseLayout', () => {
  for (const [layout, text, expected] of read) {
    test(`${layout} reads ${text}`, () => {
      assert.equal(parseLayout(text, layout)?.toString(), expected)
    })
  }
  for (const [layout, text] of refused) {
    test(`${layout} refuses ${JSON.stringify(text)}`, () => {
      assert.equal(parseLayout(text, layout), undefined)
    })
  }
})

test('an offset of -00:00 is plain zero', () => {
  for (const text of ['2026-02-12T14:10:21-00:00', '2026-02-12T14:10:21+00:00']) {
    assert.equal(Object.is(parseLayout(text, rfc3339)?.offsetMinutes, 0), true)
    assert.equal(Object.is(readInstant(text)?.offsetMinutes, 0), true)
  }
})

suite('formatLayout', () => {
  const instant = readInstant('2026-02-04T01:02:03.045678-09:30') ?? assert.fail()
  const written: Record<string, string> = {
    [rfc3339]: '2026-02-04T01:02:03-09:30',
    '2006-01-02T15:04:05.999999999Z07:00': '2026-02-04T01:02:03.045678-09:30',
    '02/Jan/2006:15:04:05 -0700': '04/Feb/2026:01:02:03 -0930',
    'Monday Mon January Jan 1 2 _2 06': 'Wednesday Wed February Feb 2 4  4 26',
    '3:4:5 PM pm 03': '1:2:3 AM am 01',
    '.000 ,000000 .99': '.045 ,045678 .04',
    '-07 -07:00:00 Z0700 MST': '-09 -09:30:00 -0930 -0930',
    '002 __2': '035  35',
    'no part of a date': 'no part of a date',
  }
  for (const [layout, text] of Object.entries(written)) {
    test(layout, () => assert.equal(formatLayout(instant, layout), text))
  }
  test('UTC', () => {
    assert.equal(formatLayout(new Instant(0), 'Z07:00 -0700 MST'), 'Z +0000 UTC')
  })
})

suite('laws', () => {
  const day = 86_400_000
  const instant = fc
    .tuple(
      fc.integer({ min: -60_000 * day, max: 2_900_000 * day }),
      fc.nat(999_999),
      fc.integer({ min: -1439, max: 1439 }),
    )
    .filter(([ms]) => ms > -719_000 * day)
    .map(([ms, nanos, offset]) => new Instant(ms, nanos, offset))

  const lossless = [
    '2006-01-02T15:04:05.999999999Z07:00',
    'Mon, 02 January 2006 15:04:05.000000000 -0700',
    '002 2006 03.04.05,999999999PM -07:00',
  ]
  for (const source of lossless) {
    test(`${source} keeps an instant and its offset`, () => {
      const layout = compileLayout(source)
      const law = fc.property(instant, (it) => {
        assert.deepEqual(layout.parse(layout.format(it)), it)
      })
      fc.assert(law, { numRuns: 1000 })
    })
  }

  test('RFC 3339 reads as the reader of instants does', () => {
    const layout = compileLayout(rfc3339)
    const law = fc.property(instant, fc.nat(40), fc.constantFrom(...'0129:-T.Z+ '), (it, at, c) => {
      const text = it.toString()
      const changed = text.slice(0, at) + c + text.slice(at + 1)
      const known = readInstant(changed)
      if (known) assert.deepEqual(layout.parse(changed), known)
    })
    fc.assert(law, { numRuns: 2000 })
  })

  test('no text makes it throw', () => {
    const piece = fc.constantFrom('2006', '01', '02', 'Jan', 'Mon', '15', '04', '05', '.000', 'MST')
    const layout = fc.array(fc.oneof(piece, fc.string({ maxLength: 3 }))).map((all) => all.join(''))
    const law = fc.property(layout, fc.string(), (source, text) => {
      const it = compileLayout(source).parse(text)
      assert.ok(it === undefined || Number.isFinite(it.epochMs))
    })
    fc.assert(law, { numRuns: 2000 })
  })
})
