import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { createTextDict } from '@tocsin/model'
import fc from 'fast-check'
import { PatternLibrary } from './index.ts'

const library = PatternLibrary.base()
library.define('PAIR', '%{WORD:key}=%{WORD:value}')
library.define('PAIRS', '%{PAIR}(?: %{PAIR})?')
library.define('EITHER', '(?:%{INT:number}|%{WORD:word})')
library.define('INSENSITIVE', '(?i)yes|no')

/** What an expression captures; undefined when it does not match. */
function captures(expression: string, text: string, before: Record<string, string> = {}) {
  const dict = Object.assign(createTextDict(), before)
  return library.compile(expression).match(text, dict) ? { ...dict } : undefined
}

suite('match', () => {
  const rows: readonly (readonly [
    expression: string,
    text: string,
    expected: Record<string, string> | undefined,
  ])[] = [
    // What took no part is empty, and overwrites.
    ['%{WORD:a}( %{WORD:b})?', 'x', { a: 'x', b: '' }],
    ['%{EITHER}', '12', { number: '12', word: '' }],
    // Of equal names the last in the text wins, whether or not it took part.
    ['(?:%{INT:v}|%{WORD:v})', '12', { v: '' }],
    ['%{INT:v} %{INT:v}', '1 2', { v: '2' }],
    ['%{PAIRS}', 'a=1', { key: '', value: '' }],
    ['%{PAIRS}', 'a=1 b=2', { key: 'b', value: '2' }],
    // Outer names hide those from inside.
    ['%{PAIR} %{WORD:key}', 'a=1 k', { key: 'k', value: '1' }],
    ['%{WORD:key} %{PAIR}', 'k a=1', { key: 'k', value: '1' }],
    ['%{PAIR:key}', 'a=1', { key: 'a=1', value: '1' }],
    ['%{PAIR:pair}', 'a=1', { key: 'a', value: '1', pair: 'a=1' }],
    // Nothing but references is exported, and without exports nothing matches.
    ['^foo$', 'foo', undefined],
    ['(?P<x>foo)', 'foo', undefined],
    ['%{WORD}', 'foo', undefined],
    ['(?P<a>\\w+) (\\d+) %{WORD:b}', 'x 1 y', { b: 'y' }],
    ['(?P<b>\\w+) %{WORD:b}', 'x y', { b: 'y' }],
    // References are groups: alternatives, flags and repetitions stay their own.
    ['^%{INSENSITIVE:a} yes$', 'NO yes', { a: 'NO' }],
    ['^%{INSENSITIVE:a} yes$', 'NO YES', undefined],
    ['^%{EITHER:e}+$', 'a1', { e: 'a1', number: '', word: 'a1' }],
    ['^%{INT:n}{2}$', '+1-2', { n: '-2' }],
    ['^(?:%{DAY2:d}:?)+$', '01:02:03', { d: '03' }],
    // Flags reach into what references stand for.
    ['(?s)^%{GREEDYDATA:all}$', 'a\nb', { all: 'a\nb' }],
    ['^%{GREEDYDATA:all}$', 'a\nb', undefined],
    ['(?i)%{LOGLEVEL:level}', 'eRRoR', { level: 'eRRoR' }],
    ['(?i)(?P<level>x)%{LOGLEVEL:level}', 'XwArN', { level: 'wArN' }],
    ['(?i:%{PAIR}) %{PAIR:last}', 'A=b c=d', { key: 'c', value: 'd', last: 'c=d' }],
    // There are no types and no escapes.
    ['%{INT:n:int} %{INT:m}', '%{INT:n:int} 5', { m: '5' }],
    ['%{INT:a-b}%{INT:m}', '%{INT:a-b}5', { m: '5' }],
    ['50%%{INT:m}', '50%5', { m: '5' }],
    ['[%{INT:n}]+ %{INT:m}', '%IN}T 7', { m: '7' }],
    // A search: leftmost, first alternative.
    ['%{INT:n}', 'abc 12 34', { n: '12' }],
    ['%{IP:ip}', 'from 2001:db8::1 via 192.0.2.1', { ip: '2001:db8::1' }],
  ]
  for (const [expression, text, expected] of rows) {
    test(`${expression} on ${JSON.stringify(text)}`, () => {
      assert.deepEqual(captures(expression, text), expected)
    })
  }

  test('a match overwrites with what took no part, a miss changes nothing', () => {
    const before = { b: 'old', c: 'kept' }
    assert.deepEqual(captures('%{WORD:a}( %{WORD:b})?', 'x', before), { a: 'x', b: '', c: 'kept' })
    const dict = Object.assign(createTextDict(), before)
    assert.equal(library.compile('%{IP:b}').match('none', dict), false)
    assert.deepEqual({ ...dict }, before)
  })

  test('names that mean something to JavaScript are only names', () => {
    const names = ['__proto__', 'constructor', 'toString', 'into', '0']
    const expression = names.map((name) => `%{INT:${name}}`).join(' ')
    const dict = createTextDict()
    assert.equal(library.compile(expression).match('1 2 3 4 5', dict), true)
    assert.deepEqual(
      names.map((name) => dict[name]),
      ['1', '2', '3', '4', '5'],
    )
    assert.equal(Object.prototype.toString.call({}), '[object Object]')
  })

  test('names come once each, whatever the order of groups', () => {
    const grok = library.compile('%{PAIRS} %{WORD:key} %{EITHER}')
    assert.deepEqual([...grok.names].sort(), ['key', 'number', 'value', 'word'])
  })

  test('a line without the literals of the expression is refused', () => {
    const grok = library.compile('%{SSHD_FAIL}')
    assert.notDeepEqual(grok.pattern.requiredLiterals, [])
    assert.equal(grok.match('Failed password for root', createTextDict()), false)
  })

  test('no line is slow', () => {
    const groks = [
      '^(\\w+\\s?)*%{IP:a}$',
      '%{DATA:a}x%{DATA:b}y%{DATA:c}z$',
      '%{COMMONAPACHELOG}',
      '%{EMAILADDRESS:a}!',
      '%{PATH:a}!',
      '%{URI:a}!',
      '(?i)%{SYSLOGLINE}!',
    ].map((expression) => library.compile(expression))
    const texts = ['a', '1:', '/', 'a.', '\\', 'x y ', '\0', '::', '-/'].map((unit) =>
      unit.repeat(8_000 / unit.length),
    )
    const started = performance.now()
    for (const grok of groks) for (const text of texts) grok.match(text, createTextDict())
    assert.ok(performance.now() - started < 3000)
  })
})

test('what is between two literals is captured whole', () => {
  const grok = library.compile('^<%{GREEDYDATA:inside}>$')
  const text = fc.string({ unit: 'binary' }).filter((inside) => !inside.includes('\n'))
  fc.assert(
    fc.property(text, (inside) => {
      const dict = createTextDict()
      return grok.match(`<${inside}>`, dict) && dict.inside === inside.toWellFormed()
    }),
  )
})
