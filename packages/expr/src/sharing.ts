import { effectOf } from './effect.ts'
import type { Ir } from './ir.ts'
import { isTextConstant } from './ir.ts'
import { partsOf } from './ir-children.ts'
import { IrNumbers } from './ir-numbers.ts'

/**
 * Which nodes of an expression are worth computing once: those that are pure, cost something, use
 * no local, and stand more than once or inside a loop. Equal nodes have equal numbers.
 */
export class Sharing {
  readonly #numbers = new IrNumbers()
  readonly #numberOf = new Map<Ir, number>()
  readonly #uses = new Map<number, number>()
  readonly #isEnabled: boolean

  constructor(root: Ir) {
    // A call that writes may change what is read on either side of it.
    this.#isEnabled = effectOf(root) !== 'writes'
    if (this.#isEnabled) this.#count(root, 1)
  }

  /** The number of a node to be shared, undefined for any other. */
  numberOf(node: Ir): number | undefined {
    if (!this.#isEnabled) return undefined
    const number = this.#numberOf.get(node)
    return number !== undefined && (this.#uses.get(number) ?? 0) > 1 ? number : undefined
  }

  /** Counts uses; whatever is in a loop counts as used more than once. */
  #count(node: Ir, weight: number): void {
    if (costs(node) && isStable(node)) {
      const number = this.#numbers.numberOf(node)
      this.#numberOf.set(node, number)
      const uses = this.#uses.get(number) ?? 0
      this.#uses.set(number, uses + weight)
      // What is computed once needs its parts once.
      if (uses === 0) for (const part of partsOf(node)) this.#count(part, 1)
      return
    }
    if (node.op !== 'loop') {
      for (const part of partsOf(node)) this.#count(part, weight)
      return
    }
    this.#count(node.list, weight)
    if (node.extra) this.#count(node.extra, weight)
    if (node.closure) this.#count(node.closure.body, weight + 1)
  }
}

/** Whether computing it again takes longer than reading a variable. */
function costs(node: Ir): boolean {
  switch (node.op) {
    case 'call':
    case 'pattern':
    case 'containsAny':
    case 'lookup':
    case 'slice':
      return true
    case 'entry':
      return isTextConstant(node.key)
    case 'binary':
      return ['contains', 'matches'].includes(node.operator)
    default:
      return false
  }
}

/** Whether it gives the same wherever it stands: no locals, no loops, no impure calls inside. */
export function isStable(node: Ir): boolean {
  switch (node.op) {
    case 'local':
    case 'let':
    case 'optional':
    case 'loop':
    case 'invoke':
    case 'environment':
      return false
    case 'call':
      if (node.effect !== 'pure') return false
      break
    default:
  }
  return partsOf(node).every(isStable)
}
