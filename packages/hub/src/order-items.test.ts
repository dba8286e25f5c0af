import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SourceText } from '@tocsin/diagnostic'
import fc from 'fast-check'
import type { RuleItem, RuleKind } from './item.ts'
import { compareBytes, orderItems } from './order-items.ts'

function item(kind: RuleKind, stage: string, place: string, name: string): RuleItem {
  const source = new SourceText(place, '')
  return { kind, stage, place, name, path: place, source, version: '', hash: '', isLocal: true }
}

test('parsers by stage and place, the others by name whatever its case', () => {
  const items = [
    item('scenario', '', 'a.yaml', 'b/x'),
    item('scenario', '', 'b.yaml', 'A/x'),
    item('postoverflow', 's00-enrich', 'a.yaml', 'z'),
    item('parser', 's01-parse', 'a.yaml', 'z'),
    item('parser', 's01-parse', 'B.yaml', 'z'),
    item('parser', 's01-parse', 'a-b.yaml', 'z'),
    item('parser', 's00-raw', 'z.yaml', 'z'),
    item('context', '', 'a.yaml', 'c'),
  ]
  assert.deepEqual(
    orderItems(items).map(({ stage, place, name }) => `${stage} ${place} ${name}`),
    [
      's00-raw z.yaml z',
      's01-parse B.yaml z',
      's01-parse a-b.yaml z',
      's01-parse a.yaml z',
      's00-enrich a.yaml z',
      ' b.yaml A/x',
      ' a.yaml b/x',
      ' a.yaml c',
    ],
  )
})

test('texts are ordered as their bytes are', () => {
  const text = fc.string({ unit: 'grapheme' })
  const law = fc.property(text, text, (a, b) => {
    return Math.sign(compareBytes(a, b)) === Buffer.compare(Buffer.from(a), Buffer.from(b))
  })
  fc.assert(law)
  assert.ok(compareBytes('\uffee', '\u{1f600}') < 0)
})
