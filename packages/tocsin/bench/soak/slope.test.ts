import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fitSlope } from './slope.ts'

test('a straight line is found exactly', () => {
  const { perUnit, margin, mean } = fitSlope([0, 1, 2, 3].map((x) => [x, 5 + 2 * x] as const))
  assert.deepEqual([perUnit, mean], [2, 8])
  assert.ok(margin < 1e-9)
})

test('noise around a level has no slope within its margin', () => {
  const noise = [3, -1, 2, -4, 0, 1, -2, 3, -3, 1]
  const { perUnit, margin } = fitSlope(noise.map((value, x) => [x, 100 + value] as const))
  assert.ok(Math.abs(perUnit) < margin && margin < 1)
})
