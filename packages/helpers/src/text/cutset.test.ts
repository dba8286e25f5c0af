import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { byteIndexOfAny, trimLeft, trimRight } from './cutset.ts'
import { splitFields } from './fields.ts'

suite('cutsets are code points', () => {
  const trimmed: readonly (readonly [string, string, string, string])[] = [
    ['ééaé', 'é', 'aé', 'ééa'],
    ['😀x😀😀', '😀', 'x😀😀', '😀x'],
    ['x\u{1f600}', '\u{1f601}', 'x\u{1f600}', 'x\u{1f600}'],
    ['\ude00\ude00', '\ude00', '', ''],
    ['', 'x', '', ''],
    ['a', '', 'a', 'a'],
  ]
  for (const [text, cutset, left, right] of trimmed) {
    test(`${JSON.stringify(text)} without ${JSON.stringify(cutset)}`, () => {
      assert.equal(trimLeft(text, cutset), left)
      assert.equal(trimRight(text, cutset), right)
    })
  }

  test('an offset counts bytes', () => {
    assert.equal(byteIndexOfAny('é😀b', 'b😀'), 2)
    assert.equal(byteIndexOfAny('é😀b', 'b'), 6)
    assert.equal(byteIndexOfAny('abc', ''), -1)
  })
})

test('fields stand between white space as Unicode has it', () => {
  assert.deepEqual(splitFields(' a\u00a0b\u2003c\ufeffd\v\u1680e'), ['a', 'b', 'c\ufeffd', 'e'])
  assert.deepEqual(splitFields(' \t'), [])
  assert.deepEqual(splitFields('a'), ['a'])
})
