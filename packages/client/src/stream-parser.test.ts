import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { StreamParser } from './stream-parser.ts'

type Lists = Record<string, unknown[]>

function parse(bytes: Buffer, cuts: readonly number[]): { lists: Lists; isComplete: boolean } {
  const lists: Lists = {}
  const parser = new StreamParser((key, items) => {
    const list = lists[key] ?? []
    lists[key] = list
    list.push(...(JSON.parse(items) as unknown[]))
  })
  const sorted = [...new Set(cuts.map((cut) => cut % (bytes.byteLength + 1)))].sort((a, b) => a - b)
  let from = 0
  for (const cut of [...sorted, bytes.byteLength]) {
    parser.push(bytes.subarray(from, cut))
    from = cut
  }
  return { lists, isComplete: parser.isComplete }
}

suite('StreamParser', () => {
  const documents: Record<string, Lists> = {
    '{"new": [], "deleted": []}': {},
    '{"new":null,"deleted":null}': {},
    '{"new": [{"id":1},{"id":2}], "deleted": [{"id":3}]}': {
      new: [{ id: 1 }, { id: 2 }],
      deleted: [{ id: 3 }],
    },
    ' { "deleted" : [ { "id" : 1 } , {"a":[{}]} ] , "links": {}, "new" : [ ] } ': {
      deleted: [{ id: 1 }, { a: [{}] }],
    },
    '{"new": [{"value":"},{\\"]}"}], "deleted": []}': { new: [{ value: '},{"]}' }] },
  }
  for (const [text, lists] of Object.entries(documents)) {
    test(text, () => {
      assert.deepEqual(parse(Buffer.from(text), []), { lists, isComplete: true })
      const everywhere = Array.from({ length: text.length }, (_, i) => i)
      assert.deepEqual(parse(Buffer.from(text), everywhere), { lists, isComplete: true })
    })
  }

  test('reads what JSON.parse reads, however it is cut', () => {
    const fields = { id: fc.nat(), value: fc.string({ unit: 'binary' }) }
    const item = fc.record(fields, { noNullPrototype: true })
    const items = fc.array(item, { minLength: 1 })
    const document = fc.record({ new: items, deleted: items }, { noNullPrototype: true })
    const law = fc.property(document, fc.array(fc.nat(), { maxLength: 20 }), (lists, cuts) => {
      const bytes = Buffer.from(JSON.stringify(lists))
      assert.deepEqual(parse(bytes, cuts), { lists, isComplete: true })
    })
    fc.assert(law)
  })

  test('a document that is cut off never looks complete', () => {
    const text = '{"new": [{"id":1},{"id":2}], "deleted": [{"id":3}]}'
    for (let end = 0; end < text.length; end++) {
      assert.equal(parse(Buffer.from(text.slice(0, end)), []).isComplete, false, text.slice(0, end))
    }
  })

  test('an item that is too long is left out, and no other', () => {
    const long = { value: `}],[{${'x'.repeat(3 * 1024 * 1024)}`, nested: [{ a: 1 }] }
    const text = JSON.stringify({ new: [{ id: 1 }, long, { id: 2 }], deleted: [long, { id: 3 }] })
    const lists: Lists = {}
    const parser = new StreamParser((key, items) => {
      lists[key] = [...(lists[key] ?? []), ...(JSON.parse(items) as unknown[])]
    })
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.byteLength; at += 65_536) {
      parser.push(bytes.subarray(at, at + 65_536))
    }
    assert.deepEqual(lists, { new: [{ id: 1 }, { id: 2 }], deleted: [{ id: 3 }] })
    assert.deepEqual([parser.skipped, parser.isComplete], [2, true])
  })

  test('a key without end is refused', () => {
    const parser = new StreamParser(() => {})
    parser.push(Buffer.from('{"new'))
    assert.throws(() => parser.push(Buffer.alloc(1024 * 1024, 'x')), SyntaxError)
  })

  test('brackets closed too often are refused', () => {
    const parser = new StreamParser(() => {})
    assert.throws(() => parser.push(Buffer.from('}}')), SyntaxError)
  })
})
