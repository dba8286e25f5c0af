import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { toLower, toUpper } from './letter-case.ts'
import { splitFields, trimSpace } from './space.ts'

suite('letter case', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['', '', ''],
    ['aB1', 'AB1', 'ab1'],
    ['ßéñ', 'ßÉÑ', 'ßéñ'],
    ['ΑΣ', 'ΑΣ', 'ασ'],
    ['İ', 'İ', 'i'],
    ['ıſ', 'IS', 'ıſ'],
    ['𐐨', '𐐀', '𐐨'],
  ]
  for (const [text, upper, lower] of cases) {
    test(text, () => {
      assert.equal(toUpper(text), upper)
      assert.equal(toLower(text), lower)
    })
  }

  test('never changes the number of code points', () => {
    const law = fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      assert.equal([...toUpper(text)].length, [...text].length)
      assert.equal([...toLower(text)].length, [...text].length)
    })
    fc.assert(law)
  })
})

suite('white space', () => {
  test('is that of Unicode, without the byte order mark', () => {
    assert.equal(trimSpace('\ufeff a \u0085\u3000'), '\ufeff a')
    assert.deepEqual(splitFields(' a\u00a0b\u2003c\ufeffd\v\u1680'), ['a', 'b', 'c\ufeffd'])
    assert.deepEqual(splitFields(' \t'), [])
  })
})
