import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import {
  byteOffset,
  indexOfAny,
  replaceParts,
  splitParts,
  splitPartsAfter,
  trimLeft,
  trimRight,
} from './parts.ts'

suite('parts', () => {
  const split: readonly (readonly [string, string, number, readonly string[]])[] = [
    ['a,b,c', ',', -1, ['a', 'b', 'c']],
    ['a,b,c', ',', 2, ['a', 'b,c']],
    ['a,b,c', ',', 9, ['a', 'b', 'c']],
    ['a,b,c', ',', 0, []],
    ['abc', ',', -1, ['abc']],
    ['', ',', -1, ['']],
    ['', '', -1, []],
    ['a😀b', '', -1, ['a', '😀', 'b']],
    ['a😀b', '', 2, ['a', '😀b']],
  ]
  for (const [text, by, limit, parts] of split) {
    test(`${JSON.stringify(text)} at ${JSON.stringify(by)}, ${limit}`, () => {
      assert.deepEqual(splitParts(text, by, limit), parts)
    })
  }

  test('parts keep the separator after them', () => {
    assert.deepEqual(splitPartsAfter('a,b,c', ','), ['a,', 'b,', 'c'])
    assert.deepEqual(splitPartsAfter('a,b,c', ',', 2), ['a,', 'b,c'])
    assert.deepEqual(splitPartsAfter('a,', ','), ['a,', ''])
  })

  const replaced: readonly (readonly [string, string, string, number, string])[] = [
    ['aaa', 'a', 'b', 2, 'bba'],
    ['aaa', 'a', 'b', -1, 'bbb'],
    ['aaa', 'a', 'b', 0, 'aaa'],
    ['abc', '', '-', 2, '-a-bc'],
    ['abc', '', '-', -1, '-a-b-c-'],
    ['', '', '-', -1, '-'],
    ['a$b', '$', '$&$1', -1, 'a$&$1b'],
  ]
  for (const [text, old, by, limit, result] of replaced) {
    test(`${old} in ${text} by ${by}, ${limit}`, () => {
      assert.equal(replaceParts(text, old, by, limit), result)
    })
  }

  test('trims code points', () => {
    assert.equal(trimLeft('ééaé', 'é'), 'aé')
    assert.equal(trimRight('x😀😀', '😀'), 'x')
    assert.equal(trimRight('x\u{1f600}', '\u{1f601}'), 'x\u{1f600}')
    assert.equal(trimRight('', 'x'), '')
  })

  test('finds by bytes', () => {
    assert.equal(byteOffset('éb', 'éb'.indexOf('b')), 2)
    assert.equal(byteOffset('b', -1), -1)
    assert.equal(indexOfAny('a😀b', 'b😀'), 1)
    assert.equal(indexOfAny('abc', ''), -1)
  })

  test('joining what was split gives the text', () => {
    const law = fc.property(fc.string(), fc.string({ maxLength: 2 }), fc.nat(4), (text, by, n) => {
      assert.equal(splitParts(text, by, n + 1).join(by), text)
      assert.equal(splitPartsAfter(text, by, n + 1).join(''), text)
    })
    fc.assert(law)
  })

  test('without a limit it replaces as JavaScript does', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', '$') })
    const law = fc.property(letters, fc.constantFrom('a', 'ab', '$'), letters, (text, old, by) => {
      assert.equal(replaceParts(text, old, by), text.split(old).join(by))
    })
    fc.assert(law)
  })
})
