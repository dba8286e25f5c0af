import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Problems, SourceText } from '@tocsin/diagnostic'
import type { Type } from '@tocsin/expr'
import { type Event, timeMode } from '@tocsin/model'
import { readYaml } from '@tocsin/yaml'
import fc from 'fast-check'
import { type ContextLayout, ContextSet, contextTexts, encodeValues } from './alert-context.ts'
import { testContextEnvironment } from './environment.test-support.ts'
import { RuleFailures } from './rule-failures.ts'
import { eventAt, scenarioOf, TestRun } from './scenario.test-support.ts'

function contextOf(...texts: readonly (readonly [ContextLayout, string])[]) {
  const set = new ContextSet(testContextEnvironment, { match: {}, req: {} })
  const problems = new Problems()
  for (const [layout, text] of texts) {
    for (const document of readYaml(new SourceText('context.yaml', text), problems)) {
      set.add(document, layout, problems)
    }
  }
  return { set, codes: problems.list.map(({ code }) => code) }
}

function evaluate(set: ContextSet, ...events: Event[]): Record<string, string> {
  const items = set.evaluate(events, new RuleFailures())
  return Object.fromEntries(items.map(({ key, value }) => [key, value]))
}

suite('ContextSet', () => {
  test('values of all events, each once, by key', () => {
    const { set, codes } = contextOf(['item', 'context: {user: [evt.Meta.user], a: [evt.Meta.a]}'])
    assert.deepEqual(codes, [])
    const events = ['x', 'y', 'x', ''].map((user, i) => eventAt(i, { user }))
    assert.deepEqual(evaluate(set, ...events), { user: '["x","y"]' })
  })

  test('files add up, the same expression counts once', () => {
    const { set } = contextOf(
      ['item', 'context: {u: [evt.Meta.user]}'],
      ['console', 'u: [evt.Meta.user, evt.Parsed.user]'],
    )
    assert.deepEqual(
      set.rules.map(({ text }) => text),
      ['evt.Meta.user', 'evt.Parsed.user'],
    )
  })

  test('a failing expression leaves the others', () => {
    const { set } = contextOf(['item', 'context: {u: [evt.Unmarshaled.a.b, evt.Meta.user]}'])
    const failures = new RuleFailures()
    const [item] = set.evaluate([eventAt(0, { user: 'x' })], failures)
    assert.equal(item?.value, '["x"]')
    assert.equal(failures.drain()[0]?.part, 'context u')
  })

  const shapes: Readonly<Record<string, [ContextLayout, string, string]>> = {
    'no context': ['item', 'name: x', 'TOC_CONTEXT_EMPTY'],
    'an empty file of the console is fine': ['console', '', ''],
    'a key that is no list': ['console', 'a: evt.Meta.b', 'TOC_CONTEXT_SHAPE'],
    'an expression that is no text': ['console', 'a: [[evt.Meta.b]]', 'TOC_CONTEXT_SHAPE'],
    'a list': ['console', '- a', 'TOC_CONTEXT_SHAPE'],
  }
  for (const [name, [layout, text, code]] of Object.entries(shapes)) {
    test(name, () => assert.equal(contextOf([layout, text]).codes.join(), code))
  }

  test('what a context reads is kept by waiting buckets', () => {
    for (const text of ['u: [evt.Parsed.user]', 'u: [evt.Parsed.user, string(evt.Unmarshaled)]']) {
      const { set, codes } = contextOf(['console', text])
      assert.deepEqual(codes, [])
      const run = new TestRun([scenarioOf()], { contexts: set })
      for (const user of ['x', 'y']) {
        const event = eventAt(0, {}, timeMode.replay)
        event.parsed.user = user
        run.offer(event)
      }
      const [item] = run.overflows[0]?.overflow?.alert?.meta ?? []
      assert.match(item?.value ?? '', /"x".*"y"/)
    }
  })
})

suite('contextTexts', () => {
  const unknown: Type = { kind: 'unknown' }
  const string: Type = { kind: 'string' }
  const int: Type = { kind: 'int' }
  const float: Type = { kind: 'float' }
  const bool: Type = { kind: 'bool' }
  const list = (element: Type): Type => ({ kind: 'list', element })
  const cases: readonly (readonly [string, unknown, Type, string[]])[] = [
    ['a text', 'x', string, ['x']],
    ['an integer', 0, int, ['0']],
    ['a float zero', 0, float, []],
    ['a float', 1.5, float, ['1.5']],
    ['nothing', undefined, unknown, []],
    ['null', null, unknown, []],
    ['false', false, bool, []],
    ['true', true, bool, ['true']],
    ['a list of texts', ['a', 'b'], list(string), ['a', 'b']],
    ['a list of integers', [1, 0], list(int), ['1', '0']],
    ['any other list', ['a', 'b'], list(unknown), ['[a b]']],
  ]
  for (const [name, result, type, texts] of cases) {
    test(name, () => assert.deepEqual(contextTexts(result, type), texts))
  }
})

suite('encodeValues', () => {
  test('as Go writes JSON', () => {
    assert.equal(encodeValues(['<a>&\u2028"'], 4000), '["\\u003ca\\u003e\\u0026\\u2028\\""]')
  })
  test('the last values go first', () => {
    assert.equal(encodeValues(['aaaa', 'bbbb', 'cccc'], 16), '["aaaa","bbbb"]')
  })
  test('the only one is halved', () => {
    assert.equal(encodeValues(['a'.repeat(100)], 60), `["${'a'.repeat(50)}..."]`)
    assert.equal(encodeValues(['a'.repeat(100)], 40), `["${'a'.repeat(26)}..."]`)
  })
  test('law: within the limit, and still a list', () => {
    const law = fc.property(
      fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }),
      fc.integer({ min: 30, max: 200 }),
      (values, limit) => {
        const encoded = encodeValues(values, limit)
        assert.ok(Buffer.byteLength(encoded) <= limit)
        assert.ok(Array.isArray(JSON.parse(encoded)))
      },
    )
    fc.assert(law)
  })
})
