import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { escapePath, escapeQuery, unescapePath, unescapeQuery } from './percent.ts'
import { parseQueryLenient, parseUriQuery } from './query.ts'

suite('escapes', () => {
  const every = 'a-_.~!*\'();:@&=+$,/?#[]% é\u0000"<>\\^`{|}'
  test('of a query', () => {
    assert.equal(
      escapeQuery(every),
      'a-_.~%21%2A%27%28%29%3B%3A%40%26%3D%2B%24%2C%2F%3F%23%5B%5D%25+%C3%A9%00%22%3C%3E%5C%5E%60%7B%7C%7D',
    )
  })
  test('of a path segment', () => {
    assert.equal(
      escapePath(every),
      'a-_.~%21%2A%27%28%29%3B:@&=+$%2C%2F%3F%23%5B%5D%25%20%C3%A9%00%22%3C%3E%5C%5E%60%7B%7C%7D',
    )
  })

  const decoded: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['a+b%20c', 'a b c', 'a+b c'],
    ['%C3%A9%41', 'éA', 'éA'],
    ['é%41', 'éA', 'éA'],
    ['%e9', '\ufffd', '\ufffd'],
    ['%zz', undefined, undefined],
    ['ok%', undefined, undefined],
    ['%4', undefined, undefined],
  ]
  for (const [text, query, path] of decoded) {
    test(text, () => {
      assert.equal(unescapeQuery(text), query)
      assert.equal(unescapePath(text), path)
    })
  }

  test('come back', () => {
    const law = fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      assert.equal(unescapeQuery(escapeQuery(text)), text)
      assert.equal(unescapePath(escapePath(text)), text)
    })
    fc.assert(law)
  })
})

suite('parseUriQuery', () => {
  const valid: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
    '/foo?a=1&b=2?': { a: ['1'], b: ['2?'] },
    '/foo?&?&&&&?=123': { '?': ['', '123'] },
    '/foo?a=1&a=2&=3&b': { a: ['1', '2'], '': ['3'], b: [''] },
    'http://[::1]:80/?x=1': { x: ['1'] },
    'http://u@h:1/?x=a+b%20c': { x: ['a b c'] },
    'http://h:/?x=1': { x: ['1'] },
    'http://[fe80::1%25en0]/?x=1': { x: ['1'] },
    'http://a"b/?x=1': { x: ['1'] },
    'http:///p?x=1': { x: ['1'] },
    'foo:bar?x=1': { x: ['1'] },
    'mailto:%zz?x=1': { x: ['1'] },
    '*?x=1': { x: ['1'] },
    'a/b:c?x=1': { x: ['1'] },
    'a?b?c=1': { 'b?c': ['1'] },
    '/a?x=1#f?y=2': { x: ['1'] },
    '/a': {},
    '': {},
    '/a?__proto__=1': JSON.parse('{"__proto__":["1"]}'),
  }
  for (const [uri, values] of Object.entries(valid)) {
    test(uri, () => assert.deepEqual(entries(parseUriQuery(uri)), entries(values)))
  }

  const invalid = [
    'http://a b/?x=1',
    'http://a:80x/?x=1',
    'http://[::1/?x=1',
    'http://[x]y/?a=1',
    'http://h%41?x=1',
    'http://u%zz@h/?x=1',
    'x://h|?a=1',
    'http://h\\x/?a=1',
    '///p%zz?x',
    '1a:b?x=1',
    ':x?x=1',
    '/a%zz?x=1',
    '/a?x=%zz',
    '/a?x=1;y=2',
    '/a?x=1#%zz',
    '/a\u0001?x=1',
    '/a?x=\u007f',
  ]
  for (const uri of invalid) {
    test(`${JSON.stringify(uri)} has no values`, () => {
      assert.deepEqual(entries(parseUriQuery(uri)), [])
    })
  }
})

suite('parseQueryLenient', () => {
  const cases: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
    '': {},
    '&&': {},
    'a=1;b=2&c': { a: ['1;b=2'], c: [''] },
    'a=%zz+%41&a=%': { a: ['%zz A', '%'] },
    'a=b=c': { a: ['b=c'] },
  }
  for (const [query, values] of Object.entries(cases)) {
    test(query, () => assert.deepEqual(entries(parseQueryLenient(query)), entries(values)))
  }

  test('a megabyte of escapes takes no time', () => {
    const started = performance.now()
    parseQueryLenient('%'.repeat(1e6))
    parseQueryLenient('%41'.repeat(3e5))
    parseQueryLenient('&'.repeat(1e6))
    assert.ok(performance.now() - started < 1000)
  })
})

function entries(
  values: Readonly<Record<string, readonly string[]>>,
): [string, readonly string[]][] {
  return Object.entries(values)
}
