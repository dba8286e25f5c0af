import { basename } from 'node:path'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import { compileExpression, type Environment } from '@tocsin/expr'

/** One assertion that did not hold. */
export interface AssertionFailure {
  /** `parser.assert` or `scenario.assert`. */
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly expression: string
  /** What the left side gave instead; or why it could not be evaluated. */
  readonly got: string
  /** The peer does not notice this one: it has no ` == `, or its left side cannot be evaluated. */
  readonly isHiddenByPeer: boolean
}

/** Evaluates a file of assertions, one expression a line, against `results`. */
export function checkAssertions(
  path: string,
  text: string,
  results: unknown,
  environment: Environment,
): AssertionFailure[] {
  const failures: AssertionFailure[] = []
  for (const [index, rawLine] of text.split('\n').entries()) {
    const expression = rawLine.replace(/\r$/, '')
    if (expression === '') continue
    const outcome = evaluate(path, wrapDatasourcePath(expression), results, environment)
    if (outcome.value === true) continue
    const line = index + 1
    failures.push({
      file: basename(path),
      line,
      expression,
      ...explain(path, expression, outcome, results, environment),
    })
  }
  return failures
}

interface Outcome {
  readonly value?: unknown
  readonly error?: string
}

function evaluate(path: string, text: string, results: unknown, environment: Environment): Outcome {
  const problems = new Problems()
  const source = new SourceText(path, text)
  const expression = compileExpression(source, environment, problems)
  if (!expression) return { error: problems.list.map(formatProblem).join('\n') }
  try {
    return { value: expression.evaluate(results) }
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) }
  }
}

function explain(
  path: string,
  expression: string,
  outcome: Outcome,
  results: unknown,
  environment: Environment,
): Pick<AssertionFailure, 'got' | 'isHiddenByPeer'> {
  if (outcome.error !== undefined) return { got: outcome.error, isHiddenByPeer: false }
  if (outcome.value !== false) {
    return { got: `not true or false: ${show(outcome.value)}`, isHiddenByPeer: false }
  }
  const variable = /([^ =]+) == .*/.exec(expression)?.[1]
  if (variable === undefined) return { got: 'false', isHiddenByPeer: true }
  const left = evaluate(path, wrapDatasourcePath(variable), results, environment)
  if (left.error !== undefined) return { got: left.error, isHiddenByPeer: true }
  return { got: show(left.value), isHiddenByPeer: false }
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nil'
}

/** The path of the log differs from machine to machine, so only its last component is compared. */
function wrapDatasourcePath(expression: string): string {
  if (!expression.includes('datasource_path') || expression.includes('basename(')) return expression
  const [left = '', right] = expression.split('==')
  if (right === undefined) return `basename(${left.trim()})`
  return `basename(${left.trim()}) == ${right.trim()}`
}
