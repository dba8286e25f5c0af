import assert from 'node:assert/strict'
import { test } from 'node:test'
import { rememberLast } from './remember-case.ts'

test('asks again only for what is not among the last texts', () => {
  const asked: string[] = []
  const upper = rememberLast((text) => {
    asked.push(text)
    return text.toUpperCase()
  })
  assert.equal(upper(''), '')
  for (const text of ['a', 'b', 'a', 'b']) assert.equal(upper(text), text.toUpperCase())
  assert.deepEqual(asked, ['a', 'b'])
  for (const text of 'cdefghij') upper(text)
  assert.equal(upper('a'), 'A')
  assert.equal(asked.filter((text) => text === 'a').length, 2)
})
