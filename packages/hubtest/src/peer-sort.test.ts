import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { peerSort } from './peer-sort.ts'

suite('peerSort', () => {
  test('sorts whatever the input', () => {
    const law = fc.property(fc.array(fc.nat(30), { maxLength: 300 }), (numbers) => {
      const sorted = [...numbers]
      peerSort(sorted, (a, b) => a > b)
      assert.deepEqual(
        sorted,
        [...numbers].sort((a, b) => b - a),
      )
    })
    fc.assert(law)
  })

  test('up to twelve equal elements keep their order', () => {
    const items = Array.from({ length: 12 }, (_, id) => ({ key: id % 2, id }))
    peerSort(items, (a, b) => a.key > b.key)
    assert.deepEqual(
      items.map((item) => item.id),
      [1, 3, 5, 7, 9, 11, 0, 2, 4, 6, 8, 10],
    )
  })
})
