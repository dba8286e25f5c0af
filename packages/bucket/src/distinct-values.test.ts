import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { DistinctValues } from './distinct-values.ts'

test('law: below the limit, a value is new once', () => {
  const law = fc.property(fc.array(fc.string()), (values) => {
    const distinct = new DistinctValues()
    const seen = new Set<string>()
    for (const value of values) {
      assert.equal(distinct.add(value, 1000), !seen.has(value))
      seen.add(value)
    }
    assert.equal(distinct.size, seen.size)
  })
  fc.assert(law)
})

test('past the limit the oldest value is forgotten', () => {
  for (const limit of [1, 3, 8, 9, 20]) {
    const distinct = new DistinctValues()
    for (let i = 0; i <= limit; i++) assert.equal(distinct.add(`value ${i}`, limit), true)
    assert.equal(distinct.size, limit)
    assert.equal(distinct.add(`value ${limit}`, limit), false)
    assert.equal(distinct.add('value 0', limit), true)
  }
})
