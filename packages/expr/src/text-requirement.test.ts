import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { DispatchIndex } from './dispatch-index.ts'
import { compiled } from './evaluate.test-support.ts'
import { changing, createEvent } from './event-environment.test-support.ts'
import type { Expression } from './expression.ts'

/** `Upper(evt.Meta.a) contains X|Y or …`, one line for each requirement. */
function shown(text: string): string[] {
  return compiled(text)
    .textRequirements()
    .map((tests) =>
      tests
        .map((one) => {
          const of = `${one.isFixed ? '' : 'listed '}${one.reads.map((path) => path.join('.'))}`
          if (one.kind === 'accepts') return `${of} accepts`
          return `${of} ${one.kind} ${one.literals()?.join('|')}`
        })
        .join(' or '),
    )
}

suite('text requirements', () => {
  const required: Record<string, string[]> = {
    "Lower(evt.Meta.a) contains 'x'": ['evt.Meta.a contains x', 'evt.Meta.a accepts'],
    "Lower(evt.Meta.a) == 'x'": ['evt.Meta.a equals x', 'evt.Meta.a accepts'],
    "evt.Meta.a contains Upper('x')": ['evt.Meta.a contains X'],
    "evt.Meta.a endsWith 'x' && evt.Meta.b matches '^(foo|bar)+$'": [
      'evt.Meta.a suffix x',
      'evt.Meta.b contains foo|bar',
      'evt.Meta.b accepts',
    ],
    "evt.Meta.a contains 'x' || evt.Meta.a contains 'y'": ['evt.Meta.a contains x|y'],
    "evt.Meta.a contains 'x' || Lower(evt.Meta.b) startsWith 'yesterday'": [
      'evt.Meta.a contains x or evt.Meta.b prefix yesterday',
    ],
    // So short a literal stands in most texts.
    "evt.Meta.a contains 'x' || Lower(evt.Meta.b) startsWith 'y'": [
      'evt.Meta.a contains x or evt.Meta.b accepts',
    ],
    "evt.Meta.a == 'x' || evt.Meta.b contains 'y'": [
      'evt.Meta.a equals x or evt.Meta.b contains y',
    ],
    "any(File('list'), {Upper(evt.Meta.a) contains Upper(#)})": [
      'listed evt.Meta.a contains ADMIN|LOGIN|.ENV',
    ],
    "any(File('list'), {evt.Meta.a endsWith #})": ['listed evt.Meta.a suffix admin|login|.env'],
    "evt.Meta.a in File('list')": ['listed evt.Meta.a equals admin|login|.env'],
    "any(File('list'), {evt.Meta.a contains # ? evt.SetMeta('b', #) : false})": [
      'listed evt.Meta.a contains admin|login|.env',
    ],
    "let a = Lower(evt.Meta.a); a contains 'x' && a endsWith 'yy'": [
      'evt.Meta.a contains x',
      'evt.Meta.a accepts',
      'evt.Meta.a suffix yy',
      'evt.Meta.a accepts',
    ],
    "not (evt.Meta.a matches '[0-9]')": ['evt.Meta.a accepts'],
    'Lower(evt.Meta.a) startsWith evt.Meta.b': [],
    "OneOf(evt.Meta.a, 'list') && evt.Type == 1": ['listed evt.Meta.a accepts'],
    "evt.Meta.a + evt.Meta.b contains 'x'": ['evt.Meta.a,evt.Meta.b contains x'],
    // What a requirement of a plain text says needs no saying again.
    "evt.Meta.a == 'x' && evt.Meta.b startsWith 'y'": [],
    "evt.Meta.a contains ''": [],
    "not (evt.Meta.a contains 'x')": [],
    "none(File('list'), {evt.Meta.a contains #})": [],
    "evt.Meta.a contains 'x' || evt.Type == 1": [],
    'evt.Meta.a contains evt.Meta.b': [],
    "evt.Unmarshaled.a contains 'x'": [],
    "evt.SetMeta('a', 'x') && evt.Meta.a contains 'x'": [],
    "evt.Meta.b contains 'y' && evt.SetMeta('a', 'x') && evt.Meta.a contains 'x'": [
      'evt.Meta.b contains y',
    ],
    "evt.SetMeta('a', 'x') || evt.Meta.a contains 'x'": [],
  }
  for (const [text, wanted] of Object.entries(required)) {
    test(text, () => assert.deepEqual(shown(text), wanted))
  }

  test('a list that cannot be read, or is another now, says so', () => {
    const [tests] = compiled("any(File('nowhere'), {evt.Meta.a contains #})").textRequirements()
    assert.equal(tests?.[0]?.literals(), undefined)
  })
})

suite('an index by texts', () => {
  const key = fc.constantFrom('a', 'b')
  const word = fc.constantFrom('x', 'xy', 'Y', 'admin', '.env')
  const text = fc.oneof(
    key.map((k) => `evt.Meta.${k}`),
    key.map((k) => `Lower(evt.Meta.${k})`),
    fc.constant('evt.Meta.a + evt.Meta.b'),
  )
  const operator = fc.constantFrom('contains', 'startsWith', 'endsWith', '==')
  const { bool } = fc.letrec<{ bool: string }>((tie) => ({
    bool: fc.oneof(
      { maxDepth: 3 },
      fc.tuple(text, operator, word).map(([t, o, w]) => `${t} ${o} '${w}'`),
      fc.tuple(text, operator).map(([t, o]) => `any(File('list'), {${t} ${o} #})`),
      fc.tuple(text, word, word).map(([t, v, w]) => `${t} in ['${v}', '${w}']`),
      fc.tuple(text, word).map(([t, w]) => `OneOf(${t} + '${w}', 'list')`),
      fc.tuple(text, word).map(([t, w]) => `${t} matches '^${w.replace('.', '[.]')}|z$'`),
      fc.tuple(tie('bool'), tie('bool')).map(([a, b]) => `(${a} && ${b})`),
      fc.tuple(tie('bool'), tie('bool')).map(([a, b]) => `(${a} || ${b})`),
      tie('bool').map((a) => `not (${a})`),
    ),
  }))
  const value = fc.array(word, { maxLength: 3 }).map((words) => words.join('/'))
  const meta = fc.record({ a: value, b: value })
  const indexOf = (rules: readonly Expression[]) =>
    new DispatchIndex(
      rules.map(({ requirements, textRequirements }) => ({
        requirements,
        textRequirements: textRequirements(),
      })),
    )

  test('law: lets every rule through that is true, for one event after the other', () => {
    let spared = 0
    const law = fc.property(
      fc.array(bool, { minLength: 1, maxLength: 12 }),
      fc.array(meta, { minLength: 1, maxLength: 6 }),
      (texts, events) => {
        const rules = texts.map((one) => compiled(one))
        const index = indexOf(rules)
        for (const one of [...events, ...events]) {
          const event = createEvent({ meta: one })
          const found: number[] = []
          index.collect(event, found)
          assert.deepEqual(
            found,
            [...new Set(found)].sort((a, b) => a - b),
          )
          for (const [i, rule] of rules.entries()) {
            if (rule.evaluate(event) === true) assert.ok(found.includes(i), texts[i] ?? '')
          }
          spared += rules.length - found.length
        }
      },
    )
    fc.assert(law, { numRuns: 150 })
    assert.ok(spared > 500, `only ${spared} rules were spared`)
  })

  test('a truth that data decides is asked again when the data changes', () => {
    const rule = compiled("OneOf(Lower(evt.Meta.a), 'changing')")
    const index = indexOf([rule])
    const collect = (a: string) => {
      const found: number[] = []
      index.collect(createEvent({ meta: { a } }), found)
      return found.length
    }
    changing.lines = ['one']
    assert.deepEqual([collect('ONE'), collect('two')], [1, 0])
    changing.lines = ['two']
    for (let i = 0; i < 300; i++) collect('')
    assert.deepEqual([collect('ONE'), collect('two')], [0, 1])
  })

  test('texts without end do not fill the memory, and long ones are not remembered', () => {
    const rules = ['x', 'y', 'z'].map((w) => compiled(`Lower(evt.Meta.a) contains 'find${w}'`))
    const index = indexOf(rules)
    for (let i = 0; i < 10_000; i++) {
      const found: number[] = []
      const a = `${i % 3 === 0 ? 'FINDY' : 'other'}${i}${i % 100 === 0 ? '-'.repeat(1000) : ''}`
      index.collect(createEvent({ meta: { a } }), found)
      assert.deepEqual(found, i % 3 === 0 ? [1] : [])
    }
  })

  test('literals that change are taken up before long', () => {
    let literals: readonly string[] | undefined = ['one']
    const test = {
      ...{ kind: 'contains' as const, text: 'a', place: ['a'], reads: [], isPlain: false },
      ...{ isFixed: false, compile: () => (subject: unknown) => (subject as { a: string }).a },
      literals: () => literals,
    }
    const index = new DispatchIndex([{ requirements: [], textRequirements: [[test]] }])
    const collect = (a: string) => {
      const found: number[] = []
      index.collect({ a }, found)
      return found.length
    }
    assert.deepEqual([collect('one'), collect('two')], [1, 0])
    const wait = () => {
      for (let i = 0; i < 300; i++) collect('')
    }
    literals = ['two']
    wait()
    assert.deepEqual([collect('one'), collect('two')], [0, 1])
    literals = undefined
    wait()
    assert.deepEqual([collect('one'), collect('two'), collect('')], [1, 1, 1])
  })
})
