import type { Ir } from './ir.ts'
import { partsOf } from './ir-children.ts'

/** Gives nodes numbers, the same to nodes that compute the same. */
export class IrNumbers {
  readonly #numbers = new Map<string, number>()
  readonly #objects = new Map<unknown, number>()

  numberOf(node: Ir): number {
    const parts = partsOf(node).map((part) => this.numberOf(part))
    const key = JSON.stringify([node.op, this.#detail(node), ...parts])
    const known = this.#numbers.get(key)
    if (known !== undefined) return known
    this.#numbers.set(key, this.#numbers.size)
    return this.#numbers.size - 1
  }

  /** What tells nodes of one kind and with the same parts apart. */
  #detail(node: Ir): unknown {
    switch (node.op) {
      case 'constant':
        return typeof node.value === 'object' || typeof node.value === 'function'
          ? ['object', this.#identity(node.value)]
          : [node.type.kind, String(node.value)]
      case 'variable':
        return node.index
      case 'field':
        return node.property
      case 'entry':
        return [node.storage, node.type.kind]
      case 'call':
        return this.#identity(node.callee)
      case 'ensure':
        return [node.check, node.what]
      case 'binary':
      case 'logical':
        return node.operator
      case 'inSet':
        return [node.of, node.values]
      case 'pattern':
        return this.#identity(node.pattern)
      case 'send':
        return node.name
      case 'slice':
        return [node.from === undefined, node.to === undefined]
      case 'not':
      case 'negate':
      case 'plus':
      case 'coalesce':
      case 'conditional':
      case 'item':
      case 'lookup':
        return ''
      default:
        // Whatever binds locals, has state or makes something new is like nothing else.
        return this.#identity(node)
    }
  }

  #identity(value: unknown): number {
    const known = this.#objects.get(value)
    if (known !== undefined) return known
    this.#objects.set(value, this.#objects.size)
    return this.#objects.size - 1
  }
}
