import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { compileLayout, Instant } from '@tocsin/model'
import fc from 'fast-check'
import { knownLayouts } from './read-date.ts'
import { scanDate } from './scan-date.ts'

const layouts = knownLayouts.map((source) => compileLayout(source))
const byLayouts = (text: string) =>
  layouts.map((layout) => layout.parse(text)).find((instant) => instant !== undefined)

suite('scanDate', () => {
  const scanned = [
    '2026-02-12T14:10:21Z',
    '2026-02-12T14:10:21.000000001-09:30',
    '2026-02-12T14:10:21,5+00:00',
    '2026-02-12T14:10:21',
    '2026-02-12 14:10:21.25',
    '0000-02-29T00:00:00Z',
    '12/Feb/2026:14:10:21 +0100',
    '12/Feb/2026:14:10:21 -0000',
    'Feb 12 14:10:21',
    'Feb  2 14:10:21',
    'Feb 29 14:10:21',
    'Feb 02 14:10:21',
  ]
  for (const text of scanned) {
    test(text, () => {
      assert.ok(scanDate(text))
      assert.deepEqual(scanDate(text), byLayouts(text))
    })
  }

  const piece = fc.constantFrom(
    ...[
      '0',
      '1',
      '2',
      '9',
      '29',
      '31',
      '60',
      '24',
      '-',
      '/',
      ':',
      ' ',
      '+',
      'T',
      'Z',
      '.',
      ',',
      'Feb',
    ],
  )
  const spoiled = fc
    .tuple(fc.constantFrom(...scanned), fc.nat(36), fc.nat(3), piece)
    .map(([text, at, cut, more]) => text.slice(0, at) + more + text.slice(at + cut))
  const twice = fc
    .tuple(spoiled, fc.nat(36), piece)
    .map(([text, at, more]) => text.slice(0, at) + more + text.slice(at + more.length))

  test('what it reads, the layouts read alike', () => {
    const law = fc.property(fc.oneof(spoiled, twice), (text) => {
      const instant = scanDate(text)
      if (instant) assert.deepEqual(instant, byLayouts(text))
    })
    fc.assert(law, { numRuns: 20_000 })
  })

  test('it reads what the layouts write', () => {
    const sources = ['2006-01-02T15:04:05.999999999Z07:00', '02/Jan/2006:15:04:05 -0700']
    const instant = fc
      .tuple(fc.integer({ min: 0, max: 253_000_000_000 }), fc.integer({ min: -840, max: 840 }))
      .map(([seconds, offset]) => new Instant(seconds * 1000, 0, offset))
    const law = fc.property(instant, fc.constantFrom(...sources), (it, source) => {
      assert.deepEqual(scanDate(compileLayout(source).format(it)), it)
    })
    fc.assert(law, { numRuns: 2000 })
  })
})
