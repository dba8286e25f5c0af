import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { Expression } from '@tocsin/expr'
import { EvaluationError } from '@tocsin/expr'
import { createTextDict, type Event, Instant } from '@tocsin/model'
import { silentLog } from '@tocsin/telemetry'
import { createTransform, transformLines } from './transform.ts'

const origin = { name: '/a', module: 'file', labels: createTextDict() }
const readAt = new Instant(0)

function apply(give: (raw: string) => unknown, lines: readonly string[]) {
  const errors: unknown[] = []
  const expression = {
    source: 'test',
    evaluate: (event: Event) => give(event.line.raw),
  } as unknown as Expression
  const log = { ...silentLog, error: (fields: object) => errors.push(fields) }
  const transform = createTransform(expression, log)
  return { lines: transformLines(lines, transform, origin, readAt), errors }
}

suite('createTransform', () => {
  const cases: Readonly<Record<string, readonly [(raw: string) => unknown, string[], number]>> = {
    'a text': [(raw) => raw.toUpperCase(), ['A', 'B'], 0],
    'a list': [(raw) => [raw, `${raw}2`], ['a', 'a2', 'b', 'b2'], 0],
    'an empty list drops the line': [(raw) => (raw === 'a' ? [] : raw), ['b'], 0],
    'a list with something else': [() => ['x', 7], ['x', 'a', 'x', 'b'], 2],
    nothing: [() => undefined, ['a', 'b'], 2],
    'a number': [() => 7, ['a', 'b'], 2],
    'an error': [
      () => {
        throw new EvaluationError('no such key')
      },
      ['a', 'b'],
      2,
    ],
  }
  for (const [name, [give, lines, errorCount]] of Object.entries(cases)) {
    test(name, () => {
      const result = apply(give, ['a', 'b'])
      assert.deepEqual(result.lines, lines)
      assert.equal(result.errors.length, errorCount)
    })
  }

  test('failures are told ever more rarely', () => {
    const { errors } = apply(
      () => 7,
      Array.from({ length: 10_000 }, () => 'x'),
    )
    assert.equal(errors.length, 14)
  })

  test('a bug is not hidden', () => {
    assert.throws(() =>
      apply(() => {
        throw new TypeError('bug')
      }, ['a']),
    )
  })
})
