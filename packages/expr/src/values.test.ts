import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createTextDict, Duration, Instant } from '@tocsin/model'
import fc from 'fast-check'
import { equal } from './equal.ts'
import { formatValue } from './format-value.ts'
import { staticText } from './static-text.ts'
import { byteIndexOf, byteLength, codePointCount, compareText, sliceBytes } from './text-bytes.ts'
import { weekdayType } from './time-members.ts'
import type { Type } from './type.ts'
import {
  boolType,
  floatType,
  intType,
  listOf,
  mapOf,
  stringType,
  timeType,
  unknownType,
} from './types.ts'

const dict = Object.assign(createTextDict(), { b: '2', a: '1' })

suite('formatValue', () => {
  const written: [unknown, Type, string][] = [
    [undefined, unknownType, '<nil>'],
    [null, unknownType, '<nil>'],
    [1e6, floatType, '1e+06'],
    [999_999, floatType, '999999'],
    [1_234_567, floatType, '1.234567e+06'],
    [1e6, intType, '1000000'],
    [0.0001, floatType, '0.0001'],
    [0.00001, floatType, '1e-05'],
    [1e300, floatType, '1e+300'],
    [-0.5, unknownType, '-0.5'],
    [1 / 3, unknownType, '0.3333333333333333'],
    [Number.POSITIVE_INFINITY, floatType, '+Inf'],
    [Number.NaN, floatType, 'NaN'],
    [2, weekdayType, 'Tuesday'],
    [true, boolType, 'true'],
    [['a', 1, null], unknownType, '[a 1 <nil>]'],
    [[1e6], listOf(intType), '[1000000]'],
    [dict, mapOf(stringType), 'map[a:1 b:2]'],
    [new Map([[1, ['x']]]), unknownType, 'map[1:[x]]'],
    [new Instant(1500, 0, 90), timeType, '1970-01-01 01:30:01.5 +0130 +0130'],
    [new Duration(90e9), unknownType, '1m30s'],
    [new Uint8Array([1, 2]), unknownType, '[1 2]'],
  ]
  for (const [value, type, text] of written) {
    test(text, () => assert.equal(formatValue(value, type), text))
  }
  test('any float reads back as itself', () => {
    const law = fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) =>
      Object.is(Number(formatValue(value, floatType)), value),
    )
    fc.assert(law)
  })
})

suite('staticText', () => {
  const results: [string, unknown, Type, string | undefined][] = [
    ['text', 'a', stringType, 'a'],
    ['text of unknown type', 'a', unknownType, 'a'],
    ['int', 443, intType, '443'],
    ['float', 443, floatType, '443.000000'],
    ['number of unknown type', 443, unknownType, '443.000000'],
    ['large float', 1e21, floatType, '1000000000000000000000.000000'],
    ['nil', undefined, unknownType, undefined],
    ['null', null, unknownType, undefined],
    ['map of anything', {}, unknownType, undefined],
    ['list of anything', [1], listOf(unknownType), undefined],
  ]
  for (const [title, value, type, text] of results) {
    test(title, () => {
      const wanted = text === undefined ? { kind: 'empty' } : { kind: 'text', text }
      assert.deepEqual(staticText(value, type), wanted)
    })
  }
  const unsupported: [string, unknown, Type][] = [
    ['bool', true, boolType],
    ['bool', true, unknownType],
    ['list of string', ['a'], listOf(stringType)],
    ['map of string', dict, mapOf(stringType)],
    ['time', new Instant(0), timeType],
    ['time.Duration', new Duration(1), unknownType],
    ['Weekday', 1, weekdayType],
  ]
  for (const [typeName, value, type] of unsupported) {
    test(`${typeName} has no text`, () => {
      assert.deepEqual(staticText(value, type), { kind: 'unsupported', typeName })
    })
  }
})

suite('text by bytes', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', 'b', 'é', '中', '😀', '\uffee'),
    maxLength: 12,
  })
  test('agrees with UTF-8', () => {
    const law = fc.property(text, text, fc.nat(20), fc.nat(20), (a, b, x, y) => {
      const bytes = Buffer.from(a)
      assert.equal(byteLength(a), bytes.length)
      assert.equal(codePointCount(a), [...a].length)
      assert.equal(byteIndexOf(a, b), bytes.indexOf(b))
      assert.equal(Math.sign(compareText(a, b)), Buffer.compare(bytes, Buffer.from(b)))
      const [from, to] = [Math.min(x, y, bytes.length), Math.min(Math.max(x, y), bytes.length)]
      assert.equal(sliceBytes(a, from, to), bytes.subarray(from, to).toString())
    })
    fc.assert(law)
  })
})

test('equality is an equivalence, however a map is kept', () => {
  const value = fc.jsonValue({ maxDepth: 2 })
  const law = fc.property(value, value, (a, b) => {
    assert.ok(equal(a, structuredClone(a)))
    assert.equal(equal(a, b), equal(b, a))
    if (typeof a === 'object' && a !== null && !Array.isArray(a)) {
      assert.ok(equal(a, new Map(Object.entries(a))))
      assert.ok(equal(new Map(Object.entries(a)), a))
    }
  })
  fc.assert(law)
})
