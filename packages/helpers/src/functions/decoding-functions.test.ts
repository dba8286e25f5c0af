import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { EvaluationError } from '@tocsin/expr'
import { createCaller, createListLog, dictOf } from './caller.test-support.ts'

const call = createCaller()
const js = '{"a":{"b":[1,{"c":"x\\ny"}],"n":null},"s":"q\\"","e":[],"o":{}}'
const xml = `<Event><Data Name="A" s:x="1">v<b/>w</Data><Data Name="B"/></Event>`

suite('JSON, URL and XML', () => {
  const cases: readonly (readonly [string, readonly unknown[], unknown])[] = [
    ['JsonExtract', [js, 'a.b[1].c'], 'x\\ny'],
    ['JsonExtract', [js, 'a.b'], '[1,{"c":"x\\ny"}]'],
    ['JsonExtract', [js, 'a.n'], 'null'],
    ['JsonExtract', [js, 's'], 'q\\"'],
    ['JsonExtract', [js, 'a.x'], ''],
    ['JsonExtract', ['not json', 'a'], ''],
    ['JsonExtractLib', [js, 'a', 'b', '[0]'], '1'],
    ['JsonExtractLib', [js, 'a.b'], ''],
    ['JsonExtractUnescape', [js, 's'], 'q"'],
    ['JsonExtractUnescape', ['{"a.b":"x\\ty"}', 'a.b', 'ignored'], 'x\ty'],
    ['JsonExtractUnescape', [js, 'a'], ''],
    ['JsonExtractUnescape', ['{"a":"\\x"}', 'a'], ''],
    ['JsonExtractSlice', [js, 'a.b'], [1, { c: 'x\ny' }]],
    ['JsonExtractSlice', [js, 'e'], []],
    ['JsonExtractSlice', [js, 'a'], undefined],
    ['JsonExtractSlice', ['{"a":[1,}', 'a'], undefined],
    ['JsonExtractObject', [js, 'o'], {}],
    ['JsonExtractObject', [js, 'a.b'], undefined],
    ['JsonExtractObject', [js, 'nope'], undefined],
    ['ToJsonString', [{ b: '<', a: [1.5] }], '{"a":[1.5],"b":"\\u003c"}'],
    ['ToJsonString', [Number.NaN], ''],
    ['QueryEscape', ['a b&'], 'a+b%26'],
    ['QueryUnescape', ['a+b%26'], 'a b&'],
    ['QueryUnescape', ['100%+'], '100%+'],
    ['PathEscape', ['a b/c'], 'a%20b%2Fc'],
    ['PathUnescape', ['a+b%20c'], 'a+b c'],
    ['PathUnescape', ['%2'], '%2'],
    ['ExtractQueryParam', ['/a?x=1&y=2&x=%zz#f', 'x'], ['1', '%zz#f']],
    ['ExtractQueryParam', ['/a', 'x'], []],
    ['ExtractQueryParam', ['/a?b', '__proto__'], []],
    ['XMLGetNodeValue', [xml, "/Event/Data[@Name='A']"], 'v'],
    ['XMLGetNodeValue', [xml, "/Event/Data[@Name='B']"], ''],
    ['XMLGetNodeValue', ['<a>', '/a'], ''],
    ['XMLGetAttributeValue', [xml, '/Event/Data[2]', 'Name'], 'B'],
    ['XMLGetAttributeValue', [xml, '/Event/Data', 'x'], '1'],
    ['XMLGetAttributeValue', [xml, '/Event/Data', 'y'], ''],
  ]
  for (const [name, args, result] of cases) {
    test(`${name}(${JSON.stringify(args).slice(1, -1)})`, () => {
      assert.deepEqual(call(name, ...args), result)
    })
  }

  test('an invalid XML path is logged', () => {
    const { log, records } = createListLog()
    assert.equal(createCaller({ log })('XMLGetNodeValue', xml, '/a['), '')
    assert.deepEqual(records, ['error: an expression asked for an invalid XML path'])
  })
})

suite('UnmarshalJSON', () => {
  test('decodes into a map and gives nil', () => {
    const map = dictOf({ old: 1 })
    assert.equal(call('UnmarshalJSON', '{"a":[1,null]}', map, 'x'), undefined)
    assert.deepEqual({ ...map }, { old: 1, x: { a: [1, null] } })
    call('UnmarshalJSON', '"text"', map, 'x')
    assert.equal(map.x, 'text')
  })

  test('refuses what is not JSON, and nil', () => {
    const map = dictOf({})
    assert.throws(() => call('UnmarshalJSON', '{', map, 'x'), EvaluationError)
    assert.throws(() => call('UnmarshalJSON', '1', undefined, 'x'), EvaluationError)
    assert.deepEqual({ ...map }, {})
  })

  test('cannot reach a prototype', () => {
    const map = JSON.parse('{}')
    call('UnmarshalJSON', '{"isAdmin":true}', map, '__proto__')
    assert.equal(map.isAdmin, undefined)
    assert.deepEqual(Object.keys(map), ['__proto__'])
    const dict = dictOf({})
    call('UnmarshalJSON', '1', dict, '__proto__')
    assert.deepEqual(Object.keys(dict), ['__proto__'])
  })
})

suite('ParseKV', () => {
  test('makes a map of texts, then extends it', () => {
    const map = dictOf({})
    assert.equal(call('ParseKV', 'a=1 b="x y"', map, 'kv'), undefined)
    call('ParseKVLax', 'b=two words c=3', map, 'kv')
    assert.deepEqual({ ...(map.kv as object) }, { a: '1', b: 'two words', c: '3' })
  })

  test('the last of equal keys wins, __proto__ is only a key', () => {
    const map = dictOf({})
    call('ParseKV', 'a=1 a=2 __proto__=x', map, 'kv')
    assert.deepEqual(Object.entries(map.kv as object), [
      ['a', '2'],
      ['__proto__', 'x'],
    ])
  })

  for (const name of ['ParseKV', 'ParseKVLax']) {
    test(`${name} refuses text without a pair, another value and nil`, () => {
      assert.throws(() => call(name, 'nothing', dictOf({}), 'kv'), EvaluationError)
      assert.throws(() => call(name, 'a=1', dictOf({ kv: [] }), 'kv'), EvaluationError)
      assert.throws(() => call(name, 'a=1', undefined, 'kv'), EvaluationError)
    })
  }
})
