import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { decodeJsonString, findJson, splitJsonPath } from './scan.ts'

function find(text: string, path: string): string | undefined {
  const span = findJson(text, splitJsonPath(path))
  return span && text.slice(span.start, span.end)
}

suite('findJson', () => {
  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ['{"a":1}', 'a', '1'],
    [' { "a" : { "b" : [ 1 , "x" ] } } ', 'a.b[1]', '"x"'],
    ['{"a":"q\\"\\\\"}', 'a', '"q\\"\\\\"'],
    ['{"a":{"b":{}}}', 'a', '{"b":{}}'],
    ['{"a":[[1,2],[3]]}', 'a[1][0]', '3'],
    ['{"a":null,"b":true,"c":-1.5e3}', 'a', 'null'],
    ['{"a":null,"b":true,"c":-1.5e3}', 'b', 'true'],
    ['{"a":null,"b":true,"c":-1.5e3}', 'c', '-1.5e3'],
    ['{"a":1,"a":2}', 'a', '1'],
    ['[{"a":[7]}]', '[0].a', '[7]'],
    // A path that starts with a bracket has no brackets later.
    ['[{"a":[7]}]', '[0].a[0]', undefined],
    ['{"a.b":1}', 'a.b', undefined],
    ['{"\\u0061":1}', 'a', '1'],
    ['{"":1}', '', '1'],
    ['{"a":1', 'a', '1'],
    ['{"a":1,!!', 'a', '1'],
    ['{"a":"open', 'a', undefined],
    ['{"a":{"b":1', 'a', undefined],
    ['{"a":{"b":1', 'a.b', '1'],
    ['{"a":nope}', 'a', undefined],
    ['{"a":}', 'a', undefined],
    ['{a:1}', 'a', undefined],
    ['{"b":1 "a":2}', 'a', undefined],
    ['[1,2]', '[2]', undefined],
    ['[]', '[0]', undefined],
    ['[1]', '[-1]', undefined],
    ['[1]', '[x]', undefined],
    ['{"a":"]}"}', 'a', '"]}"'],
    ['{"x":"\\\\","a":1}', 'a', '1'],
    ['{"x":["}",{"a":5}],"a":1}', 'a', '1'],
    ['', 'a', undefined],
    ['"text"', 'a', undefined],
  ]
  for (const [text, path, value] of cases) {
    test(`${path} in ${text}`, () => assert.equal(find(text, path), value))
  }

  test('agrees with JSON.parse', () => {
    const key = fc.string({ maxLength: 4 })
    const law = fc.property(fc.dictionary(key, fc.jsonValue({ maxDepth: 3 })), (object) => {
      for (const pretty of [0, 2]) {
        const text = JSON.stringify(object, undefined, pretty)
        for (const [name, value] of Object.entries(object)) {
          const span = findJson(text, [name])
          assert.ok(span)
          const found: unknown = JSON.parse(text.slice(span.start, span.end))
          assert.deepEqual(found, JSON.parse(JSON.stringify(value)))
        }
      }
    })
    fc.assert(law)
  })

  test('hostile text takes linear time', () => {
    const deep = 1e5
    const texts = [
      `{"x":${'['.repeat(deep)}${']'.repeat(deep)},"a":1}`,
      `{"x":${'{"y":'.repeat(deep)}1${'}'.repeat(deep)},"a":1}`,
      `{"x":"${'\\\\'.repeat(5e5)}","a":1}`,
      `{"x":"${'\\"'.repeat(5e5)}","a":1}`,
    ]
    const started = performance.now()
    for (const text of texts) assert.equal(find(text, 'a'), '1')
    assert.equal(find('{"a":'.repeat(deep), 'a.a.a.b'), undefined)
    assert.equal(find('['.repeat(1e6), '[0]'), undefined)
    assert.ok(performance.now() - started < 1000)
  })
})

suite('decodeJsonString', () => {
  const cases: Readonly<Record<string, string | undefined>> = {
    plain: 'plain',
    'a\\n\\t\\"\\\\\\/\\b\\f\\r': 'a\n\t"\\/\b\f\r',
    '\\u00e9\\ud83d\\ude00': 'é😀',
    '\\x': undefined,
    '\\u12': undefined,
    'end\\': undefined,
  }
  for (const [raw, text] of Object.entries(cases)) {
    test(raw, () => assert.equal(decodeJsonString(raw), text))
  }

  test('is the inverse of JSON.stringify', () => {
    const law = fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      assert.equal(decodeJsonString(JSON.stringify(text).slice(1, -1)), text)
    })
    fc.assert(law)
  })
})
