import assert from 'node:assert/strict'
import { test } from 'node:test'
import { viewResults } from './result-view.ts'

test('what nothing reached is empty, and is not counted', () => {
  const view = viewResults(new Map([['s01-parse', new Map([['a', []]])]]))
  assert.equal(view.size, 2)
  assert.equal(view.get('s09-none')?.get('x')?.length, 0)
  assert.equal(view.get('s01-parse')?.get('x')?.length, 0)
  assert.equal(view.get('success')?.get('')?.length, 0)
})
