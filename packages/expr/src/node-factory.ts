import type { Ast, AstShape, Place } from './ast.ts'
import { childrenOf } from './ast-children.ts'
import { maxNesting, maxNodes } from './limits.ts'
import { ExpressionSyntaxError } from './syntax-error.ts'

/** Makes the nodes of one tree within the limits on their number and nesting. */
export class NodeFactory {
  readonly #heights = new WeakMap<Ast, number>()
  #count = 0

  /** @throws {ExpressionSyntaxError} When the tree becomes too large or too deep. */
  create(shape: AstShape, place: Place): Ast {
    const node: Ast = { ...shape, start: place.start, end: place.end }
    let height = 0
    for (const child of childrenOf(node)) height = Math.max(height, this.#height(child))
    this.#heights.set(node, height + 1)
    if (height >= maxNesting) throw tooDeep(node)
    this.#countOne(node)
    return node
  }

  /** Adds an operand to a chain of `&&` or `||`, which stays one flat node however long it is. */
  extend(chain: Ast & { readonly kind: 'logical' }, operand: Ast): Ast {
    const operands = chain.operands as Ast[]
    operands.push(operand)
    // Counted as the nested pair it would have been.
    this.#countOne(operand)
    const grown: Ast = { ...chain, operands, end: operand.end }
    this.#heights.set(grown, Math.max(this.#height(chain), this.#height(operand) + 1))
    return grown
  }

  #height(node: Ast): number {
    return this.#heights.get(node) ?? 0
  }

  #countOne({ start, end }: Place): void {
    if (++this.#count <= maxNodes) return
    const message = `more than ${maxNodes} nodes in one expression`
    throw new ExpressionSyntaxError('TOC_EXPR_LIMIT', message, start, end)
  }
}

/** What ends the reading of an expression that is nested too deep. */
export function tooDeep({ start, end }: Place): ExpressionSyntaxError {
  const message = `nested deeper than ${maxNesting} levels`
  return new ExpressionSyntaxError('TOC_EXPR_LIMIT', message, start, end)
}
