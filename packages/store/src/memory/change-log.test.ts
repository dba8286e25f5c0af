import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { ChangeLog } from './change-log.ts'

test('all after a mark is there, as long as the mark is not below the floor', () => {
  const steps = fc.array(fc.nat(3), { maxLength: 2_000 })
  const law = fc.property(steps, fc.nat(6_000), (rises, after) => {
    const log = new ChangeLog(300, 0)
    const all: { mark: number; id: number }[] = []
    let mark = 0
    for (const [id, rise] of rises.entries()) {
      mark += rise
      log.push(mark, id)
      all.push({ mark, id })
    }
    if (after < log.floor) return
    const expected = all.filter((pair) => pair.mark > after).map((pair) => pair.id)
    assert.deepEqual([...log.after(after)], expected)
  })
  fc.assert(law)
})

test('it forgets, and says so', () => {
  const log = new ChangeLog(100, 0)
  for (let i = 1; i <= 10_000; i++) log.push(i, i)
  assert.ok(log.size < 1_000, `${log.size} are kept`)
  assert.ok(log.floor >= 9_000)
  assert.equal(log.after(log.floor).length, log.size)
})

test('a mark that steps back is as late as the one before', () => {
  const log = new ChangeLog(100, 0)
  log.push(10, 1)
  log.push(5, 2)
  assert.deepEqual([...log.after(9)], [1, 2])
})
