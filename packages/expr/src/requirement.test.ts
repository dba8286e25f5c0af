import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { compiled } from './evaluate.test-support.ts'
import { createEvent } from './event-environment.test-support.ts'
import type { Requirement } from './requirement.ts'

const shown = (requirements: readonly Requirement[]) =>
  requirements.map(({ kind, path, values }) => `${path.join('.')} ${kind} ${values.join('|')}`)

suite('requirements', () => {
  const required: Record<string, string[]> = {
    "evt.Meta.a == 'x'": ['evt.Meta.a equals x'],
    "'x' == evt.Meta['a']": ['evt.Meta.a equals x'],
    "evt.Meta.a in ['x', 'y']": ['evt.Meta.a equals x|y'],
    "evt.Meta.a == 'x' && evt.Parsed.b in ['y'] and evt.Type == 1": [
      'evt.Meta.a equals x',
      'evt.Parsed.b equals y',
    ],
    "evt.Meta.a == 'x' || evt.Meta.a in ['y', 'z']": ['evt.Meta.a equals x|y|z'],
    "(evt.Meta.a == 'x' && evt.Meta.b == '1') || (evt.Meta.b == '2' && evt.Meta.c == '3')": [
      'evt.Meta.b equals 1|2',
    ],
    "evt.Meta.a == 'x' || evt.Meta.b == 'y'": [],
    "evt.Meta.a == 'x' || evt.Type == 1": [],
    "evt.Line.Labels.type == 'syslog'": ['evt.Line.Labels.type equals syslog'],
    "evt.Meta.a startsWith 'x'": ['evt.Meta.a prefix x'],
    "evt.Meta.a startsWith 'x' || evt.Meta.a == 'y'": ['evt.Meta.a prefix x|y'],
    "evt.Unmarshaled.a?.b == 'x'": ['evt.Unmarshaled.a.b equals x'],
    "let a = evt.Meta.a; a == 'x' && true": ['evt.Meta.a equals x'],
    "evt.Meta.a == 'x' ? evt.SetMeta('b', 'c') : false": ['evt.Meta.a equals x'],
    "evt.Meta.a == Lower('X')": ['evt.Meta.a equals x'],
    "evt.Meta.a != 'x'": [],
    "not (evt.Meta.a == 'x')": [],
    "evt.Meta.a not in ['x']": [],
    "Lower(evt.Meta.a) == 'x'": [],
    'evt.Meta.a == evt.Meta.b': [],
    "evt.Meta.a in ['x', nil]": [],
    // What is behind a call that writes sees other values than the index does.
    "evt.SetMeta('a', 'x') && evt.Meta.a == 'x'": [],
    "evt.Meta.b == 'y' && evt.SetMeta('a', 'x') && evt.Meta.a == 'x'": ['evt.Meta.b equals y'],
    "let done = evt.SetMeta('a', 'x'); evt.Meta.a == 'x'": [],
    "evt.Meta.a == 'y' || evt.SetMeta('a', 'x')": [],
    "any(['x'], {evt.Meta.a == #})": [],
    true: [],
    'evt.Stage': [],
  }
  for (const [text, wanted] of Object.entries(required)) {
    test(text, () => assert.deepEqual(shown(compiled(text).requirements), wanted))
  }
})

test('where a requirement is not met, the expression is not true', () => {
  const key = fc.constantFrom('a', 'b')
  const word = fc.constantFrom('', 'x', 'xy', 'y')
  const { bool } = fc.letrec<{ bool: string }>((tie) => ({
    bool: fc.oneof(
      { maxDepth: 4 },
      fc.tuple(key, word).map(([k, w]) => `evt.Meta.${k} == '${w}'`),
      fc.tuple(key, word, word).map(([k, v, w]) => `evt.Meta.${k} in ['${v}', '${w}']`),
      fc.tuple(key, word).map(([k, w]) => `evt.Meta.${k} startsWith '${w}'`),
      fc.tuple(key, word).map(([k, w]) => `evt.Meta.${k} != '${w}'`),
      fc.tuple(tie('bool'), tie('bool')).map(([a, b]) => `(${a} && ${b})`),
      fc.tuple(tie('bool'), tie('bool')).map(([a, b]) => `(${a} || ${b})`),
      fc.tuple(tie('bool'), tie('bool')).map(([a, b]) => `(${a} ? ${b} : false)`),
      tie('bool').map((a) => `not (${a})`),
    ),
  }))
  let unmet = 0
  const meta = fc.dictionary(key, word)
  const law = fc.property(bool, meta, (text, values) => {
    const { requirements, evaluate } = compiled(text)
    const isMet = ({ kind, path, values: wanted }: Requirement) => {
      const actual = values[path.at(-1) ?? ''] ?? ''
      return wanted.some((w) => (kind === 'equals' ? actual === w : actual.startsWith(w)))
    }
    if (requirements.every(isMet)) return true
    unmet++
    return evaluate(createEvent({ meta: values })) === false
  })
  fc.assert(law, { numRuns: 500 })
  assert.ok(unmet > 50, `only ${unmet} cases had an unmet requirement`)
})

suite('reads, calls and effects', () => {
  test('the longest paths, each once', () => {
    const { reads } = compiled(
      "evt.Meta.a == 'x' && Lower(evt.Meta.a + evt.Unmarshaled.j.k[0]) in evt.Parsed && evt.Time.Hour() > 1",
    )
    assert.deepEqual(
      reads.map((path) => path.join('.')),
      ['evt.Meta.a', 'evt.Unmarshaled.j.k', 'evt.Parsed', 'evt.Time'],
    )
  })
  test('the functions called', () => {
    const { calls } = compiled("any(File('x'), {Lower(#) == evt.GetMeta('a')})")
    assert.deepEqual(calls.toSorted(), ['File', 'GetMeta', 'Lower', 'any'])
  })
  const effects: Record<string, [isPure: boolean, hasSideEffects: boolean]> = {
    "Lower(evt.Meta.a) == 'x'": [true, false],
    "evt.GetMeta('a') == 'x'": [true, false],
    "'x' in File('y')": [false, false],
    'now() == evt.Time': [false, false],
    "evt.SetMeta('a', 'b')": [false, true],
  }
  for (const [text, [isPure, hasSideEffects]] of Object.entries(effects)) {
    test(text, () => {
      const expression = compiled(text)
      assert.deepEqual([expression.isPure, expression.hasSideEffects], [isPure, hasSideEffects])
    })
  }
})
