import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Problems, SourceText } from '@tocsin/diagnostic'
import { expressionSource, readYaml } from '@tocsin/yaml'
import { testContextEnvironment } from './environment.test-support.ts'
import { eventNeedsOf } from './event-needs.ts'
import { compileRule } from './read-rule.ts'

suite('eventNeedsOf', () => {
  const cases: Readonly<Record<string, string>> = {
    'evt.Meta.user': '',
    'evt.Meta["a b"]': '',
    'evt.Meta[evt.Meta.key]': '',
    'evt.Parsed.user': 'user',
    "evt.Parsed['a b'] + evt.Enriched.IsoCode": 'a b,IsoCode',
    'let p = evt.Parsed; p.x': 'whole',
    "any(['a'], {# == evt.Parsed.x})": 'x',
    'evt.Parsed[evt.Meta.key]': 'whole',
    'keys(evt.Parsed)': 'whole',
    'evt.Type == 1': 'whole',
    'evt.Unmarshaled.a': 'whole',
    "evt.SetMeta('a', 'b')": 'whole',
    'match.name': '',
  }
  for (const [text, expected] of Object.entries(cases)) {
    test(text, () => {
      const problems = new Problems()
      const [document] = readYaml(new SourceText('x.yaml', JSON.stringify(text)), problems)
      const scalar = document?.root
      if (scalar?.kind !== 'scalar') assert.fail()
      const rule = compileRule(expressionSource(scalar), testContextEnvironment, problems)
      assert.deepEqual(problems.list, [])
      const { isWhole, parsed, enriched } = eventNeedsOf([rule])
      assert.equal(isWhole ? 'whole' : [...parsed, ...enriched].join(), expected)
    })
  }
})
