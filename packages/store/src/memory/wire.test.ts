import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { escapeJson, formatSeconds } from './wire.ts'

suite('formatSeconds', () => {
  const written: readonly (readonly [number, string])[] = [
    [0, '0s'],
    [499, '0s'],
    [500, '1s'],
    [-499, '0s'],
    [-500, '-1s'],
    [59_499, '59s'],
    [59_500, '1m0s'],
    [3_599_999, '1h0m0s'],
    [14_389_000, '3h59m49s'],
    [-62_000, '-1m2s'],
    [604_798_000, '167h59m58s'],
  ]
  for (const [ms, text] of written) test(`${ms} ms`, () => assert.equal(formatSeconds(ms), text))
})

test('JSON text says what was given, and nothing that HTML would read', () => {
  const law = fc.property(fc.string({ unit: 'binary' }), (text) => {
    const json = escapeJson(text)
    assert.equal(JSON.parse(json), text)
    assert.doesNotMatch(json, /[<>&\u2028\u2029]/)
  })
  fc.assert(law)
  assert.equal(escapeJson('<b>&\u2028'), '"\\u003cb\\u003e\\u0026\\u2028"')
})
