import { constant } from './check-context.ts'
import { equal } from './equal.ts'
import type { Ir } from './ir.ts'
import { partsOf } from './ir-children.ts'
import { maxElements } from './limits.ts'
import { slice } from './runtime-access.ts'
import { checks } from './runtime-check.ts'
import {
  add,
  contains,
  divide,
  endsWith,
  isIn,
  multiply,
  negate,
  order,
  plus,
  power,
  remainder,
  startsWith,
  subtract,
} from './runtime-operators.ts'
import { EvaluationError } from './type.ts'

/** Larger results are computed when needed instead of kept. */
const maxKept = 10_000

const binaries: Readonly<Record<string, (a: unknown, b: unknown) => unknown>> = {
  '==': equal,
  '!=': (a, b) => !equal(a, b),
  '<': (a, b) => order(a, b, '<') < 0,
  '>': (a, b) => order(a, b, '>') > 0,
  '<=': (a, b) => order(a, b, '<=') <= 0,
  '>=': (a, b) => order(a, b, '>=') >= 0,
  '+': add,
  '-': subtract,
  '*': multiply,
  '/': divide,
  '%': remainder,
  '**': power,
  in: isIn,
  contains,
  startsWith,
  endsWith,
}

/** The constant a node is, when all its parts are; the node itself when not, or when it fails. */
export function fold(node: Ir): Ir {
  if (!isFoldable(node)) return node
  const parts = partsOf(node)
  const values: unknown[] = []
  for (const part of parts) {
    if (part.op !== 'constant') return node
    values.push(part.value)
  }
  try {
    const value = compute(node, values)
    if (sizeOf(value) > maxKept) return node
    // There is no negative zero among integers.
    const kept = value === 0 && node.type.kind === 'int' ? 0 : (value ?? undefined)
    return constant(kept, node.type, node)
  } catch (error) {
    // What fails now fails again while running, where it is reported as a failed evaluation.
    if (
      error instanceof EvaluationError ||
      error instanceof TypeError ||
      error instanceof RangeError
    )
      return node
    throw error
  }
}

function isFoldable(node: Ir): boolean {
  switch (node.op) {
    case 'call':
      return node.effect === 'pure'
    case 'binary':
      return node.operator in binaries
    case 'not':
    case 'negate':
    case 'plus':
    case 'ensure':
    case 'slice':
    case 'list':
      return true
    default:
      return false
  }
}

function compute(node: Ir, values: readonly unknown[]): unknown {
  const [first, second] = values
  switch (node.op) {
    case 'call':
      return node.callee(...values)
    case 'binary':
      return binaries[node.operator]?.(first, second)
    case 'not':
      return first !== true
    case 'negate':
      return negate(first)
    case 'plus':
      return plus(first)
    case 'ensure':
      return checks[node.check](first, node.what)
    case 'slice':
      return node.from ? slice(first, second, values[2]) : slice(first, undefined, second)
    default:
      return Object.freeze(values)
  }
}

function sizeOf(value: unknown): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length
  // Maps and other objects could be changed by whoever gets them.
  const isPlain = typeof value !== 'object' || value === null || 'nanos' in value
  return isPlain ? 0 : maxElements
}
