import type { BinaryOperator } from './ast.ts'

/** How tightly a binary operator binds; higher binds tighter. */
export const binaryPrecedence: ReadonlyMap<string, number> = new Map([
  ['|', 0],
  ['or', 10],
  ['||', 10],
  ['and', 15],
  ['&&', 15],
  ['==', 20],
  ['!=', 20],
  ['<', 20],
  ['>', 20],
  ['<=', 20],
  ['>=', 20],
  ['in', 20],
  ['matches', 20],
  ['contains', 20],
  ['startsWith', 20],
  ['endsWith', 20],
  ['..', 25],
  ['+', 30],
  ['-', 30],
  ['*', 60],
  ['/', 60],
  ['%', 60],
  ['**', 100],
  ['^', 100],
  ['??', 500],
])

export const unaryPrecedence: ReadonlyMap<string, number> = new Map([
  ['not', 50],
  ['!', 50],
  ['-', 90],
  ['+', 90],
])

/** What may follow `not` as one operator: `a not in b`. */
export const negatable: ReadonlySet<string> = new Set([
  'in',
  'matches',
  'contains',
  'startsWith',
  'endsWith',
])

/** Those that chain: `a < b < c` is `a < b && b < c`. */
export const orderings: ReadonlySet<string> = new Set(['<', '>', '<=', '>='])

/** One spelling per operator. */
export function canonical(operator: string): BinaryOperator {
  return (operator === '^' ? '**' : operator) as BinaryOperator
}
