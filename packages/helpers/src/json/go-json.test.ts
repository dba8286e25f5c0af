import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Duration, Instant } from '@tocsin/model'
import fc from 'fast-check'
import { decodeJson } from './decode.ts'
import { encodeGoJson } from './go-json.ts'

suite('encodeGoJson', () => {
  const cases: readonly (readonly [unknown, string | undefined])[] = [
    [undefined, 'null'],
    ['<a>&\u2028\u0001\u007f', '"\\u003ca\\u003e\\u0026\\u2028\\u0001\u007f"'],
    ['\ud800', '"\ufffd"'],
    [
      [1, 1e21, 1e-7, 1e-6, 1e20, true, null],
      '[1,1e+21,1e-7,0.000001,100000000000000000000,true,null]',
    ],
    [{ b: 1, a: { d: [], c: {} } }, '{"a":{"c":{},"d":[]},"b":1}'],
    [{ '\u{1f600}': 1, '\uffee': 2 }, '{"\uffee":2,"\u{1f600}":1}'],
    [new Map([['k', 'v']]), '{"k":"v"}'],
    [new Instant(0), '"1970-01-01T00:00:00Z"'],
    [new Duration(5), '5'],
    [Number.NaN, undefined],
    [[Number.POSITIVE_INFINITY], undefined],
    [{ a: () => 1 }, undefined],
  ]
  for (const [index, [value, text]] of cases.entries()) {
    test(`${index}: ${text}`, () => assert.equal(encodeGoJson(value), text))
  }

  test('is read back by JSON.parse', () => {
    const law = fc.property(fc.jsonValue(), (value) => {
      const text = encodeGoJson(value)
      assert.deepEqual(JSON.parse(text ?? ''), value)
    })
    fc.assert(law)
  })

  test('data nested without end is refused', () => {
    let deep: unknown = 1
    for (let i = 0; i < 1e5; i++) deep = [deep]
    assert.equal(encodeGoJson(deep), undefined)
  })
})

suite('decodeJson', () => {
  test('reads values, and nothing from what is not JSON', () => {
    assert.deepEqual(decodeJson('{"a":[1,null]}'), { a: [1, null] })
    assert.equal(decodeJson('{"a":1} x'), undefined)
    assert.equal(decodeJson(''), undefined)
  })

  test('a key named __proto__ is only a key', () => {
    const value = decodeJson('{"__proto__":{"isAdmin":true}}')
    assert.ok(typeof value === 'object' && value !== null)
    assert.deepEqual(Object.keys(value), ['__proto__'])
    assert.equal('isAdmin' in value, false)
  })

  test('depth has an end', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    assert.notEqual(decodeJson(nested(10_000)), undefined)
    assert.equal(decodeJson(nested(10_001)), undefined)
    assert.equal(decodeJson('['.repeat(1e6)), undefined)
    assert.equal(decodeJson(`"${'['.repeat(20_000)}"`), '['.repeat(20_000))
  })
})
