import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { addDistinct, type DistinctValues, listDistinct } from './distinct-values.ts'

/** What a bucket does with them. */
class Seen {
  values: DistinctValues = undefined

  add(value: string, limit: number): boolean {
    const next = addDistinct(this.values, value, limit)
    if (next === undefined) return false
    this.values = next
    return true
  }
}

test('law: below the limit, a value is new once', () => {
  const law = fc.property(fc.array(fc.string()), (values) => {
    const distinct = new Seen()
    const seen = new Set<string>()
    for (const value of values) {
      assert.equal(distinct.add(value, 1000), !seen.has(value))
      seen.add(value)
    }
    assert.deepEqual(listDistinct(distinct.values) ?? [], [...seen])
  })
  fc.assert(law)
})

test('past the limit the oldest value is forgotten', () => {
  for (const limit of [1, 3, 8, 9, 20]) {
    const distinct = new Seen()
    for (let i = 0; i <= limit; i++) assert.equal(distinct.add(`value ${i}`, limit), true)
    assert.equal(listDistinct(distinct.values)?.length, limit)
    assert.equal(distinct.add(`value ${limit}`, limit), false)
    assert.equal(distinct.add('value 0', limit), true)
  }
})
