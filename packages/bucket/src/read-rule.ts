import type { Problems } from '@tocsin/diagnostic'
import { compileExpression, type Environment, type Type } from '@tocsin/expr'
import type { ExpressionSource, MapReader } from '@tocsin/yaml'
import type { Rule } from './scenario.ts'

/** Compiles the expression under `key`; undefined when it is absent, empty, or reported as wrong. */
export function readRule(
  reader: MapReader,
  key: string,
  environment: Environment,
  problems: Problems,
  expected?: Type,
): Rule | undefined {
  const source = reader.spannedText(key)
  if (!source || source.text.trim() === '') return undefined
  return compileRule(source, environment, problems, expected)
}

/** Compiles an expression that stands somewhere in a document. */
export function compileRule(
  source: ExpressionSource,
  environment: Environment,
  problems: Problems,
  expected?: Type,
): Rule | undefined {
  const { text, span, locate } = source
  const options = { text, locate, ...(expected ? { expected } : {}) }
  const expression = compileExpression(span, environment, problems, options)
  if (!expression) return undefined
  return { text, span, variables: [...environment.variables.keys()], expression }
}
