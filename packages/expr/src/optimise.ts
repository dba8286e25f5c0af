import { compilePattern, type Pattern } from '@tocsin/regex'
import { constant, makeIr } from './check-context.ts'
import type { CheckReport } from './checker.ts'
import { fold } from './fold.ts'
import { type Ir, isExactly, isTextConstant } from './ir.ts'
import { mapParts } from './ir-children.ts'
import { gatherContains, membershipSearchOf, searchOf } from './search.ts'
import { limitFilter } from './tail-filter.ts'
import { boolType } from './types.ts'

/**
 * Computes at load what can be: constants, sets for `in`, patterns for `matches`. An invalid
 * literal pattern is a mistake; anything else that would fail is left to fail while running.
 */
export function optimise(node: Ir, report: CheckReport): Ir {
  const set =
    node.op === 'binary' && node.operator === 'in' ? setOf(node.right, node.left) : undefined
  const isLiteral = node.op === 'binary' && isTextConstant(node.right)
  const inner = mapParts(node, (part) => optimise(part, report))
  if (inner.op === 'binary' && inner.operator === 'in' && set) {
    return makeIr({ op: 'inSet', operand: inner.left, ...set }, boolType, node)
  }
  if (inner.op === 'binary' && inner.operator === 'matches' && isTextConstant(inner.right)) {
    const pattern = compile(inner.right.value, inner.right, isLiteral, report)
    if (pattern) return makeIr({ op: 'pattern', operand: inner.left, pattern }, boolType, node)
  }
  return fold(simplify(inner))
}

/**
 * A list literal as a set. Of texts only: whatever is asked for, with the strictness that brings
 * (nil is the empty text, another kind is an error). Of ints only: when an int is asked for.
 */
function setOf(
  list: Ir,
  wanted: Ir,
): { of: 'text' | 'number'; values: (string | number)[] } | undefined {
  if (list.op !== 'list' || list.items.length === 0) return undefined
  if (list.items.every(isTextConstant)) {
    return { of: 'text', values: [...new Set(list.items.map((item) => item.value))] }
  }
  if (!isExactly(wanted, 'int')) return undefined
  const values: number[] = []
  for (const item of list.items) {
    if (item.op !== 'constant' || item.type.kind !== 'int') return undefined
    values.push(Number(item.value))
  }
  return { of: 'number', values: [...new Set(values)] }
}

function compile(
  source: string,
  place: Ir,
  isLiteral: boolean,
  report: CheckReport,
): Pattern | undefined {
  try {
    return compilePattern(source)
  } catch (error) {
    const message = `invalid pattern: ${error instanceof Error ? error.message : String(error)}`
    // A pattern that some function made is looked at while running, as it would be with a variable.
    report(isLiteral ? 'error' : 'lint', place, 'TOC_EXPR_PATTERN', message)
    return undefined
  }
}

function simplify(node: Ir): Ir {
  switch (node.op) {
    case 'logical':
      return gatherContains(simplifyLogical(node))
    case 'loop':
      return searchOf(node) ?? node
    case 'let':
      return limitFilter(node)
    case 'binary':
      return membershipSearchOf(node) ?? node
    case 'conditional':
      if (node.condition.op !== 'constant') return node
      return node.condition.value === true ? node.whenTrue : node.whenFalse
    case 'coalesce':
      if (node.left.op !== 'constant') return node
      return node.left.value === undefined ? node.right : node.left
    default:
      return node
  }
}

/** Drops operands that change nothing, and those behind one that decides. */
function simplifyLogical(node: Ir & { readonly op: 'logical' }): Ir {
  const deciding = node.operator === '||'
  const operands: Ir[] = []
  for (const operand of node.operands) {
    const isConstant = operand.op === 'constant'
    if (isConstant && operand.value !== deciding) continue
    operands.push(operand)
    if (isConstant) break
  }
  const [first] = operands
  if (!first) return constant(!deciding, boolType, node)
  return operands.length === 1 ? first : { ...node, operands }
}
