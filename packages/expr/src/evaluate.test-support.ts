import assert from 'node:assert/strict'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import { type CompileOptions, compileExpression } from './compile-expression.ts'
import { createEvent, eventEnvironment } from './event-environment.test-support.ts'
import type { Expression } from './expression.ts'

/** The compiled expression; the test fails with the problems when there are any. */
export function compiled(text: string, options: CompileOptions = {}): Expression {
  const problems = new Problems()
  const source = new SourceText('rule.yaml', text)
  const expression = compileExpression(source, eventEnvironment, problems, options)
  assert.deepEqual(problems.list.map(formatProblem), [])
  assert.ok(expression)
  return expression
}

/** What users see for an expression that does not compile. */
export function problemsOf(text: string, options: CompileOptions = {}): string {
  const problems = new Problems()
  compileExpression(new SourceText('rule.yaml', text), eventEnvironment, problems, options)
  return problems.list.map(formatProblem).join('\n')
}

const event = createEvent({
  meta: { log_type: 'http_access-log', source_ip: '192.0.2.7', empty: '' },
  parsed: { status: '404', path: '/Admin/Login', word: 'größe' },
  unmarshaled: {
    json: JSON.parse(
      '{"n": 5, "f": 0.5, "s": "text", "yes": true, "none": null, "list": [1, "a", null], "map": {"k": "v"}}',
    ),
  },
})

/** The value for an event with a few texts and some JSON. */
export function evaluate(text: string): unknown {
  return compiled(text).evaluate(event, { queue: [event, createEvent()], l: 3 })
}
