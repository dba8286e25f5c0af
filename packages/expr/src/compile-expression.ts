import { type Problems, SourceText, type Span } from '@tocsin/diagnostic'
import type { Ast } from './ast.ts'
import { createBuiltins } from './builtins.ts'
import { Checker, type CheckReport } from './checker.ts'
import { effectOf } from './effect.ts'
import type { Expression } from './expression.ts'
import { generate } from './generate.ts'
import type { Ir } from './ir.ts'
import { partsOf } from './ir-children.ts'
import { optimise } from './optimise.ts'
import { parseExpression } from './parser.ts'
import { bindingsOf, placeOf, readsOf } from './path.ts'
import { requirementsOf } from './requirement.ts'
import { structReadsOf } from './struct-reads.ts'
import { ExpressionSyntaxError } from './syntax-error.ts'
import { textRequirementsOf } from './text-requirement.ts'
import type { Environment, Type } from './type.ts'
import { acceptance, formatType } from './types.ts'

/** Text that is an expression, and the way from its offsets to the user's file. */
export interface ExpressionText {
  readonly text: string
  readonly span: Span
  readonly locate: (start: number, end: number) => Span
}

export interface CompileOptions {
  /** The type the result has to have; a result of unknown type is let through. */
  readonly expected?: Type
  /** The text, where it is not what stands at the span: quotes and folding resolved. */
  readonly text?: string
  /** Where a part of the text stands in the file. */
  readonly locate?: (start: number, end: number) => Span
  /** Whether to warn of what compiles but is hardly meant. */
  readonly lints?: boolean
}

/**
 * Reads, checks and compiles an expression; every mistake is reported.
 *
 *     const isSsh = compileExpression(span, environment, problems, { expected: boolType })
 *     isSsh?.evaluate(event) // true
 */
export function compileExpression(
  where: Span | SourceText | ExpressionText,
  environment: Environment,
  problems: Problems,
  options: CompileOptions = {},
): Expression | undefined {
  const place = readPlace(where, options)
  const errorsBefore = problems.errorCount
  const report: CheckReport = (severity, { start, end }, code, message, hint) => {
    if (severity === 'error') problems.error(place.locate(start, end), code, message, hint)
    else if (options.lints) problems.warn(place.locate(start, end), code, message, hint)
  }
  const ast = parse(place.text, environment, report)
  if (!ast) return undefined
  const builtins = createBuiltins(environment.clock)
  const checked = new Checker(environment, builtins, report).check(ast)
  checkResult(checked, options.expected, report)
  if (problems.errorCount > errorsBefore) return undefined
  const root = optimise(checked, report)
  if (problems.errorCount > errorsBefore) return undefined
  return describe(place, checked, root, environment)
}

function describe(
  place: ExpressionText,
  checked: Ir,
  root: Ir,
  environment: Environment,
): Expression {
  const effect = effectOf(root)
  return {
    source: place.text,
    span: place.span,
    type: checked.type,
    evaluate: generate(root, environment.variables.size),
    requirements: requirementsOf(root),
    textRequirements: () => textRequirementsOf(root, environment.variables.size),
    reads: readsOf(root),
    place: placeOf(root, bindingsOf(root)),
    structReads: (struct) => structReadsOf(root, struct),
    calls: callsOf(checked),
    isPure: effect === 'pure',
    hasSideEffects: effect === 'writes',
  }
}

function parse(text: string, environment: Environment, report: CheckReport): Ast | undefined {
  try {
    return parseExpression(text, (name) => environment.functions.has(name))
  } catch (error) {
    if (!(error instanceof ExpressionSyntaxError)) throw error
    report('error', error, error.code, error.message, error.hint)
    return undefined
  }
}

function checkResult(root: Ir, expected: Type | undefined, report: CheckReport): void {
  if (!expected || acceptance(expected, root.type) !== 'no') return
  const message = `the expression gives ${formatType(root.type)}, but ${formatType(expected)} is needed`
  report('error', root, 'TOC_EXPR_RESULT', message)
}

function readPlace(
  where: Span | SourceText | ExpressionText,
  { text, locate }: CompileOptions,
): ExpressionText {
  if ('locate' in where) return where
  const span = where instanceof SourceText ? where.span(0, where.text.length) : where
  const { source, start } = span
  return {
    text: text ?? source.text.slice(start, span.end),
    span,
    // Without a way back from a text that was unquoted, the whole of it is the best place there is.
    locate:
      locate ??
      (text === undefined ? (from, to) => source.span(start + from, start + to) : () => span),
  }
}

function callsOf(root: Ir): string[] {
  const names = new Set<string>()
  const visit = (node: Ir): void => {
    if (node.op === 'call' || node.op === 'send' || node.op === 'loop') names.add(node.name)
    if (node.op === 'invoke' && node.callee.op !== 'local') {
      const { callee } = node
      if (callee.op === 'variable' || callee.op === 'field') names.add(callee.name)
    }
    for (const part of partsOf(node)) visit(part)
  }
  visit(root)
  return [...names]
}
