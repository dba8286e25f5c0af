import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ExpiryHeap } from './expiry-heap.ts'

test('what ends first comes first, whatever was pushed and popped between', () => {
  const moves = fc.array(fc.option(fc.nat(50)), { maxLength: 200 })
  const law = fc.property(moves, (untils) => {
    const heap = new ExpiryHeap(1)
    const list: { untilMs: number; slot: number }[] = []
    for (const [slot, untilMs] of untils.entries()) {
      assert.equal(heap.nextMs, Math.min(Infinity, ...list.map((entry) => entry.untilMs)))
      if (untilMs !== null) {
        heap.push(untilMs, slot)
        list.push({ untilMs, slot })
      } else if (list.length > 0) {
        const nextMs = heap.nextMs
        const popped = heap.pop()
        const at = list.findIndex((entry) => entry.slot === popped)
        assert.equal(list.splice(at, 1)[0]?.untilMs, nextMs)
      }
      assert.equal(heap.size, list.length)
    }
  })
  fc.assert(law)
})
