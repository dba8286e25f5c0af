import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Duration, Instant } from '@tocsin/model'
import { compiled, evaluate } from './evaluate.test-support.ts'
import { createEvent } from './event-environment.test-support.ts'
import { EvaluationError } from './type.ts'

function plain(value: unknown): unknown {
  if (value instanceof Duration || value instanceof Instant) return value.toString()
  if (value instanceof Map) return { ...Object.fromEntries(value) }
  return typeof value === 'object' && value !== null ? JSON.parse(JSON.stringify(value)) : value
}

function gives(title: string, table: Record<string, unknown>): void {
  suite(title, () => {
    for (const [text, wanted] of Object.entries(table)) {
      test(text, () => assert.deepEqual(plain(evaluate(text)), wanted))
    }
  })
}

function fails(title: string, table: Record<string, RegExp>): void {
  suite(title, () => {
    for (const [text, message] of Object.entries(table)) {
      test(`${text} fails`, () => {
        const expression = compiled(text)
        const event = createEvent({ unmarshaled: { json: { n: 5, s: 'text', map: {} } } })
        const run = () => expression.evaluate(event, { queue: [], l: 0 })
        assert.throws(run, (error: unknown) => {
          assert.ok(error instanceof EvaluationError)
          assert.match(error.message, message)
          return true
        })
      })
    }
  })
}

gives('members', {
  'evt.Parsed.status': '404',
  "evt.Parsed['status']": '404',
  'evt.Parsed.absent': '',
  'evt.Parsed.constructor': '',
  'evt.Parsed.__proto__': '',
  'evt.Unmarshaled.json.constructor': undefined,
  "evt.Unmarshaled['json']['n']": 5,
  'evt.Unmarshaled.absent': undefined,
  'evt.Unmarshaled.absent?.a.b.c': undefined,
  'evt.Unmarshaled.json.none?.a': undefined,
  'evt.Unmarshaled.json.map?.k': 'v',
  "evt.Unmarshaled.absent?.['a']": undefined,
  'evt.Unmarshaled.json.list[-1]': undefined,
  'evt.Unmarshaled.json.list[1]': 'a',
  'evt.Overflow?.Mapkey': undefined,
  'evt.Overflow?.Mapkey ?? "none"': 'none',
  'evt.Line.Raw': 'raw',
  'evt.Type': 0,
  "evt.GetMeta('source_ip')": '192.0.2.7',
  'queue.Queue[-1].Parsed.status': '',
  'queue.Queue[0].Parsed.status': '404',
  'queue.L': 3,
  "$env['evt'].Parsed.status": '404',
  '$env.evt.Parsed.status': '404',
  "$env['nothing']": undefined,
  "'evt' in $env": true,
  "'nothing' in $env": false,
  '{a: 1}.a + {"b": 2}["b"]': 3,
})

gives('equality', {
  '1 == 1.0': true,
  "evt.Unmarshaled.json.n == '5'": false,
  'evt.Unmarshaled.json.n == 5': true,
  'evt.Unmarshaled.json.none == nil': true,
  'evt.Unmarshaled.absent == nil': true,
  'nil == evt.Overflow': true,
  'evt.Parsed.absent == nil': false,
  "evt.Parsed.absent == ''": true,
  '[1, 2] == [1, 2.0]': true,
  '[1, [2]] == [1, [3]]': false,
  "evt.Unmarshaled.json.list == [1, 'a', nil]": true,
  "evt.Unmarshaled.json.map == {k: 'v'}": true,
  "evt.Unmarshaled.json.map == {k: 'w'}": false,
  'evt.Time == evt.Line.Time': true,
  "duration('60s') == duration('1m')": true,
  "b'a' == b'a'": true,
  "b'é' == b'\\xc3\\xa9'": true,
  "b'\\u00e9' == b'\\303\\251'": true,
  "len(b'é')": 2,
  'evt.Time.Weekday() == 4': true,
})

gives('order and arithmetic', {
  '7 / 2': 3.5,
  '1 / 0': Number.POSITIVE_INFINITY,
  '7 % 3': 1,
  '-7 % 3': -1,
  '-3 * 0': 0,
  '2 ** 3 ** 2': 512,
  '-2 ** 2': -4,
  '1 + 2.5': 3.5,
  "'a' + 'b'": 'ab',
  "'\uffee' < '😀'": true,
  "'b' > 'a'": true,
  '1 < 2 < 3': true,
  '1 < 3 < 2': false,
  "evt.Time - evt.Time == duration('0s')": true,
  "(evt.Time + duration('1h')).Hour()": 15,
  "evt.Time < evt.Time + duration('1ns')": true,
  "duration('1h') - duration('30m')": '30m0s',
  "duration('1h') * 2": '2h0m0s',
  '2..4': [2, 3, 4],
  '4..2': [],
  'evt.Unmarshaled.json.n + 1': 6,
  "evt.Unmarshaled.json.s + '!'": 'text!',
})

gives('text operators', {
  "evt.Parsed.path contains 'min/L'": true,
  "evt.Parsed.path not contains 'x'": true,
  "evt.Parsed.path startsWith '/A' && evt.Parsed.path endsWith 'Login'": true,
  "evt.Parsed.path contains 'admin'": false,
  "evt.Unmarshaled.absent contains 'a'": false,
  "nil startsWith 'a'": false,
  "evt.Unmarshaled.absent matches 'a'": false,
  "evt.Parsed.path matches '(?i)^/admin'": true,
  "evt.Parsed.path matches '^' + evt.Parsed.path + '$'": true,
  "evt.Parsed.path matches Lower('^/ADMIN')": false,
  "b'abc' matches 'b'": true,
})

gives('in', {
  "evt.Parsed.status in ['404', '500']": true,
  "evt.Parsed.status not in ['404', '500']": false,
  "evt.Parsed.status in ['1', '2', '3', '4', '5', '404']": true,
  "nil in ['', 'a']": true,
  "nil in ['a']": false,
  "evt.Unmarshaled.absent in ['', 'a']": true,
  "evt.Unmarshaled.absent in ['', nil]": true,
  "evt.Unmarshaled.json.n in ['', nil]": false,
  "evt.Unmarshaled.json.n in [5, 'a']": true,
  'evt.Unmarshaled.json.n in [4, 5]': true,
  'evt.Type in [0, 2]': true,
  'evt.Type in [1, 2]': false,
  '1.0 in [1, 2]': true,
  "'x' in []": false,
  "'status' in evt.Parsed": true,
  "'absent' in evt.Parsed": false,
  "'k' in evt.Unmarshaled.json.map": true,
  "'toString' in evt.Unmarshaled.json.map": false,
  "'a' in evt.Unmarshaled.json.list": true,
  "'a' in evt.Unmarshaled.absent": false,
  "'Parsed' in evt": true,
  "'parsed' in evt": false,
  "'Mapkey' in evt.Overflow": false,
  "'admin' in File('list')": true,
  "'admin' in File('nothing')": false,
  '2 in 1..3': true,
})

gives('conditions and bindings', {
  'true || evt.Overflow.Reprocess': true,
  'false && evt.Overflow.Reprocess': false,
  'evt.Unmarshaled.json.yes && true': true,
  "evt.Whitelisted ? 'a' : 'b'": 'b',
  'evt.Whitelisted ?: true': true,
  "evt.Parsed.absent ?? 'never'": '',
  "evt.Unmarshaled.absent ?? evt.Unmarshaled.json.none ?? 'last'": 'last',
  'let s = evt.Parsed.status; let n = int(s); n + len(s)': 407,
  "if evt.Parsed.status == '404' { 'missing' } else if true { 'b' } else { 'c' }": 'missing',
  '1; 2; 3': 3,
  'any([1, 2], {let n = #; any([2, 3], {# == n})})': true,
  "any(File('list'), {Lower(evt.Parsed.path) contains #})": true,
  'all(queue.Queue, {.Line.Raw == "raw"})': true,
  'map(queue.Queue, {.Parsed.status})': ['404', ''],
  '{a: 1, (Lower("B")): [2]}': { a: 1, b: [2] },
})

gives('slices', {
  "'größe'[:3]": 'gr\ufffd',
  "'größe'[2:4]": 'ö',
  "'abc'[-2:]": 'bc',
  "'abc'[5:]": '',
  "'abc'[2:1]": '',
  '[1, 2, 3][1:]': [2, 3],
  '[1, 2, 3][-2:9]': [2, 3],
  'evt.Unmarshaled.json.list[:1]': [1],
  'evt.Unmarshaled.json.s[:2]': 'te',
})

fails('while running', {
  'evt.Overflow.Mapkey': /member "Mapkey" of nil/,
  'evt.Unmarshaled.absent.a': /member "a" of nil/,
  'evt.Unmarshaled.json.n.a': /member "a" of float/,
  'evt.Unmarshaled.json.s.a': /member "a" of string/,
  'evt.Unmarshaled.absent?.a + "x"': /cannot apply \+ to nil and string/,
  'evt.Unmarshaled.json.n && true': /&& takes a bool, not float/,
  'not evt.Unmarshaled.absent': /not takes a bool, not nil/,
  "evt.Unmarshaled.json.s ? 'a' : 'b'": /a condition takes a bool, not string/,
  "evt.Unmarshaled.json.n contains 'a'": /contains/,
  "evt.Unmarshaled.json.n matches 'a'": /cannot match float/,
  "evt.Unmarshaled.json.n in ['a']": /cannot look for float in a list of strings/,
  "'a' in evt.Unmarshaled.json.s": /cannot look for a value in string/,
  'evt.Unmarshaled.json.n in evt.Unmarshaled.json.map': /a key must be a string/,
  'evt.Unmarshaled.absent < 1': /cannot apply < to nil and float/,
  "evt.Unmarshaled.json.n > 'a'": /cannot apply > to float and string/,
  'Lower(evt.Unmarshaled.absent)': /Lower takes a string, not nil/,
  'Lower(evt.Unmarshaled.json.n)': /Lower takes a string, not float/,
  'Join(evt.Unmarshaled.json.map, "")': /Join takes a list of strings, not map/,
  'Describe(evt.Unmarshaled.absent)': /Describe takes a value, not nil/,
  'evt.Unmarshaled.json.s[0]': /cannot read an element of string/,
  'queue.Queue[0]': /index 0 is out of range of 0 elements/,
  '[1][1.5 + evt.Unmarshaled.json.n]': /an index must be an int/,
  '1 % (evt.Type - evt.Type)': /integer division by zero/,
  "evt.Parsed.a matches Upper('(') + '['": /invalid pattern/,
  'any(evt.Unmarshaled.json.map, {true})': /any takes a list, not map/,
  'any(evt.Unmarshaled.absent, {true})': /any takes a list, not nil/,
  'any([1], {evt.Unmarshaled.absent})': /the predicate of any takes a bool/,
  'evt.Unmarshaled.json.s.Hour()': /string has no method Hour/,
  '{(evt.Unmarshaled.json.n): 1}': /a key takes a string, not float/,
  'map(1..1000000, {map(1..10, {#})})': /memory budget exceeded/,
  '0..1000000': /memory budget exceeded/,
  "duration('soon')": /duration cannot read "soon"/,
})

suite('who calls', () => {
  test('a nil variable is an error of the expression', () => {
    const run = () => compiled("evt.Parsed.a == ''").evaluate(undefined, undefined)
    assert.throws(run, EvaluationError)
  })
  test('a value that breaks its declared type is an error of the expression', () => {
    const run = () => compiled("evt.Parsed.a == ''").evaluate({}, undefined)
    assert.throws(run, { name: 'EvaluationError', message: /cannot evaluate/ })
  })
  test('null is nil', () => {
    assert.equal(compiled('evt.Overflow == nil').evaluate({ overflow: null }), true)
  })
  test('side effects happen, in order, and what they change is seen', () => {
    const event = createEvent({ meta: { a: 'before' } })
    const text = "evt.Meta.a == 'before' && evt.SetMeta('a', 'after') && evt.Meta.a == 'after'"
    assert.equal(compiled(text).evaluate(event), true)
    const inLoop = "any(['x', 'y'], {evt.SetMeta('a', #) && evt.Meta.a == 'y'})"
    assert.equal(compiled(inLoop).evaluate(event), true)
  })
  test('what a method gives nil for is evaluated all the same', () => {
    const event = createEvent()
    assert.equal(compiled("(evt.SetMeta('b', 'c') ? nil : nil) == nil").evaluate(event), true)
    assert.equal(event.meta.b, 'c')
  })
  test('every evaluation has its own memory budget', () => {
    const expression = compiled('len(1..600000)')
    assert.equal(expression.evaluate(), 600_000)
    assert.equal(expression.evaluate(), 600_000)
  })
  test('an expression as long as the limit allows', () => {
    const terms = Array.from({ length: 1000 }, (_, i) => `Lower(evt.Parsed.path) contains 'x${i}'`)
    assert.equal(compiled(terms.join(' || ')).evaluate(createEvent()), false)
  })
})
