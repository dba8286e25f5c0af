import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import fc from 'fast-check'
import { compileExpression } from './compile-expression.ts'
import { createEvent, eventEnvironment } from './event-environment.test-support.ts'
import { interpret, TextMap } from './naive-interpreter.test-support.ts'
import { parseExpression } from './parser.ts'

const keys = ['a', 'b', 'c'] as const
const words = ['', 'a', 'ab', 'b', 'Zz', 'é😀', '\uffee', '1']
const quote = (text: string) => JSON.stringify(text)

/** Expressions by the type they have, as text; `open` ones are only known while running. */
const grammar = fc.letrec<Record<'bool' | 'text' | 'int' | 'open' | 'list', string>>((tie) => {
  const key = fc.constantFrom(...keys)
  const name = fc.constantFrom('n1', 'n2', 'n3', 'n4')
  const any = fc.oneof(tie('text'), tie('int'), tie('open'), tie('bool'))
  const of = (
    format: (a: string, b: string, c: string) => string,
    ...parts: fc.Arbitrary<string>[]
  ) => fc.tuple(...parts).map(([a = '', b = '', c = '']) => format(a, b, c))
  const depth = { maxDepth: 4, withCrossShrink: true }
  return {
    bool: fc.oneof(
      depth,
      fc.constantFrom('true', 'false'),
      of((o, a, b) => `(${a} ${o} ${b})`, fc.constantFrom('==', '!='), tie('text'), tie('text')),
      of((o, a, b) => `(${a} ${o} ${b})`, fc.constantFrom('==', '!='), tie('open'), any),
      of((o, a, b) => `(${a} ${o} ${b})`, fc.constantFrom('&&', '||'), tie('bool'), tie('bool')),
      of((o, a, b) => `(${a} ${o} ${b})`, fc.constantFrom('&&', '||'), tie('bool'), tie('open')),
      of(
        (o, a, b) => `(${a} ${o} ${b})`,
        fc.constantFrom('<', '>', '<=', '>='),
        tie('int'),
        tie('int'),
      ),
      of((o, a, b) => `(${a} ${o} ${b})`, fc.constantFrom('<', '>='), tie('text'), tie('text')),
      of((o, a, b) => `(${a} ${o} ${b})`, fc.constantFrom('<', '>='), tie('open'), tie('int')),
      of(
        (o, a, b) => `(${a} ${o} ${b})`,
        fc.constantFrom('contains', 'startsWith', 'endsWith', 'not contains'),
        fc.oneof(tie('text'), tie('open')),
        tie('text'),
      ),
      of((a) => `(not ${a})`, tie('bool')),
      of((a, b) => `(${a} ?: ${b})`, tie('bool'), tie('bool')),
      of((n, a, b) => `(let ${n} = ${a}; ${n} == ${b})`, name, any, any),
      of(
        (n, a, b) => `any(${a}, {let ${n} = #; all(${b}, {# != ${n}})})`,
        name,
        tie('list'),
        tie('list'),
      ),
      of((a, b) => `(${a} matches ${b})`, tie('text'), fc.constantFrom("'^a'", "'b$'", "'[a-z]+'")),
      of(
        (a, b) => `(${a} in ['', ${quote('a')}, ${b}])`,
        tie('open'),
        fc.constantFrom("'ab'", 'nil', '1'),
      ),
      of((a) => `(${a} in ['a', 'b', 'ab', '1', 'Zz', 'c'])`, tie('text')),
      of((a) => `(${a} in [1, 2, 3])`, tie('int')),
      of((a, b) => `(${a} in ${b})`, any, tie('list')),
      of((a, b) => `(${a} in ${b})`, tie('text'), fc.constantFrom('evt.Meta', 'evt.Unmarshaled')),
      of(
        (name, list, body) => `${name}(${list}, {${body}})`,
        fc.constantFrom('any', 'all', 'none', 'one'),
        tie('list'),
        of((o, a, b) => `${a} ${o} ${b}`, fc.constantFrom('==', '!='), fc.constant('#'), any),
      ),
      of((a, b, c) => `(${a} ? ${b} : ${c})`, tie('bool'), tie('bool'), tie('bool')),
    ),
    text: fc.oneof(
      depth,
      fc.constantFrom(...words.map(quote)),
      of((k) => `evt.Parsed.${k}`, key),
      of((n, a, b) => `(let ${n} = ${a}; ${n} + ${b} + ${n})`, name, tie('text'), tie('text')),
      of((k) => `evt.Meta[${quote(k)}]`, key),
      of((a, b) => `(${a} + ${b})`, tie('text'), tie('text')),
      of((f, a) => `${f}(${a})`, fc.constantFrom('Lower', 'Upper', 'trim'), tie('text')),
      of((a, b) => `${a}[${b}:]`, tie('text'), fc.constantFrom('0', '1', '-1', '9')),
      of((a, b, c) => `(${a} ? ${b} : ${c})`, tie('bool'), tie('text'), tie('text')),
    ),
    int: fc.oneof(
      depth,
      fc.constantFrom('0', '1', '2', '7'),
      of((a) => `len(${a})`, tie('text')),
      of(
        (o, a, b) => `(${a} ${o} ${b})`,
        fc.constantFrom('+', '-', '*', '%'),
        tie('int'),
        tie('int'),
      ),
      of((a) => `(-${a})`, tie('int')),
      of((l, a) => `count(${l}, {# == ${a}})`, tie('list'), any),
      of((l, a) => `findIndex(${l}, {# == ${a}})`, tie('list'), any),
      of((l, a) => `findLastIndex(${l}, {# != ${a}})`, tie('list'), any),
    ),
    open: fc.oneof(
      depth,
      fc.constant('nil'),
      of((a, b) => `{x: ${a}, y: ${b}}.x`, any, any),
      of((a, b, c) => `(let m = {x: ${a}}; m?.x ?? ${b} ?? ${c})`, any, tie('open'), any),
      of((a, b) => `(${a}; ${b})`, any, any),
      of((k) => `evt.Unmarshaled.${k}`, key),
      of((k, m) => `evt.Unmarshaled.${k}?.${m}`, key, key),
      of((k, m) => `evt.Unmarshaled.${k}.${m}`, key, key),
      of((k, i) => `evt.Unmarshaled.${k}[${i}]`, key, tie('int')),
      of((a, b) => `(${a} ?? ${b})`, tie('open'), any),
      of((a, b, c) => `(${a} ? ${b} : ${c})`, tie('bool'), any, any),
      of((l, a) => `find(${l}, {# != ${a}})`, tie('list'), any),
      of((l, a) => `reduce(${l}, {# == ${a} ? # : #acc})`, tie('list'), any),
      of((a, b) => `get(${a}, ${b})`, tie('list'), tie('int')),
    ),
    list: fc.oneof(
      depth,
      of((a, b) => `[${a}, ${b}]`, any, any),
      fc.constantFrom("['a', 'b', 'ab']", '[1, 2]', '[]', '1..3'),
      of((l, a) => `filter(${l}, {# != ${a}})`, tie('list'), any),
      of((l, a) => `map(${l}, {[#, ${a}]})`, tie('list'), any),
      of((l, a) => `map(${l}, {any([1, 2], {# == ${a}})})`, tie('list'), any),
      of((l, n) => `${l}[:${n}]`, tie('list'), fc.constantFrom('1', '-1')),
    ),
  }
})

const text = fc.constantFrom(...words)
const texts = fc.dictionary(fc.constantFrom(...keys), text)
const json: fc.Arbitrary<unknown> = fc.oneof(
  fc.constant(null),
  text,
  fc.integer({ min: -2, max: 3 }),
  fc.boolean(),
  fc.array(text, { maxLength: 3 }),
  fc.dictionary(fc.constantFrom(...keys), fc.oneof(text, fc.constant(null)), {
    noNullPrototype: true,
  }),
)
const data = fc.record({
  parsed: texts,
  meta: texts,
  unmarshaled: fc.dictionary(fc.constantFrom(...keys), json),
})

/** The value, or the fact that there is none; maps and nils made alike. */
function outcome(evaluate: () => unknown): unknown {
  try {
    return plain(evaluate())
  } catch {
    // Which error it is differs between the two, that there is one must not.
    return 'failed'
  }
}

function plain(value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Map) return plain(Object.fromEntries(value))
  if (typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plain(part)]))
}

for (const kind of ['bool', 'text', 'int', 'open', 'list'] as const) {
  test(`compiled ${kind} expressions agree with a naive interpreter`, () => {
    const law = fc.property(grammar[kind], data, (source, { parsed, meta, unmarshaled }) => {
      const problems = new Problems()
      const place = new SourceText('law', source)
      const expression = compileExpression(place, eventEnvironment, problems)
      // The grammar is loose with types: what is refused at load has no value to compare.
      assert.ok(expression || problems.errorCount > 0)
      fc.pre(expression !== undefined)
      const event = createEvent({ parsed, meta, unmarshaled })
      const evt = {
        Parsed: new TextMap(Object.entries(parsed)),
        Meta: new TextMap(Object.entries(meta)),
        Unmarshaled: new Map(Object.entries(unmarshaled)),
      }
      const ast = parseExpression(source, () => false)
      const wanted = outcome(() => interpret(ast, { names: { evt } }))
      const got = outcome(() => expression.evaluate(event))
      assert.deepEqual(got, wanted, problems.list.map(formatProblem).join('\n'))
    })
    fc.assert(law, { numRuns: 200 })
  })
}
