import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { enqueue, type Queue, queueItems, queueLimit } from './queue.ts'

suite('queueLimit', () => {
  const cases: readonly (readonly [number, number, number])[] = [
    // capacity, cache_size, limit
    [5, 0, 5],
    [40, 5, 5],
    [5, 5, 5],
    [5, 6, 5],
    [-1, 0, 1000],
    [-1, 10, 10],
    [-1, 5000, 1000],
    [0, 0, 0],
  ]
  for (const [capacity, cacheSize, limit] of cases) {
    test(`capacity ${capacity}, cache_size ${cacheSize}`, () =>
      assert.equal(queueLimit(capacity, cacheSize, 1000), limit))
  }
})

test('law: a queue holds the last limit + 1 items in order', () => {
  const law = fc.property(fc.nat(40), fc.nat(20), (count, limit) => {
    let queue: Queue<string>
    const all = Array.from({ length: count }, (_, i) => `item ${i}`)
    for (const item of all) queue = enqueue(queue, item, limit)
    assert.deepEqual(queueItems(queue), all.slice(-(limit + 1)))
  })
  fc.assert(law)
})
