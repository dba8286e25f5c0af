import type { Node, Position } from './node.ts'

/** Whether a node can match without taking a character. */
export function isNullable(node: Node): boolean {
  switch (node.kind) {
    case 'empty':
    case 'position':
      return true
    case 'literal':
    case 'class':
      return false
    case 'sequence':
      return node.items.every(isNullable)
    case 'choice':
      return node.items.some(isNullable)
    case 'repeat':
      return node.min === 0 || isNullable(node.body)
    case 'capture':
      return isNullable(node.body)
  }
}

/** Whether a node never takes a character. */
export function isZeroWidth(node: Node): boolean {
  switch (node.kind) {
    case 'empty':
    case 'position':
      return true
    case 'literal':
    case 'class':
      return false
    case 'sequence':
    case 'choice':
      return node.items.every(isZeroWidth)
    case 'repeat':
      return node.max === 0 || isZeroWidth(node.body)
    case 'capture':
      return isZeroWidth(node.body)
  }
}

/**
 * Whether a node matches nothing only when all else failed. In a loop over such a node ECMAScript,
 * which refuses an empty round, and RE2, which ends with it, come to the same.
 */
export function isEmptyLast(node: Node): boolean {
  if (!isNullable(node)) return true
  switch (node.kind) {
    case 'empty':
      return true
    case 'sequence':
      return node.items.every(isEmptyLast)
    case 'choice':
      return (
        node.items.slice(0, -1).every((item) => !isNullable(item)) &&
        node.items.slice(-1).every(isEmptyLast)
      )
    case 'repeat':
      return node.isGreedy && isEmptyLast(node.body)
    case 'capture':
      return isEmptyLast(node.body)
    default:
      return false
  }
}

/** The named groups in a tree, in the order in which they open. */
export function* capturesIn(node: Node): Generator<Node & { readonly kind: 'capture' }> {
  switch (node.kind) {
    case 'sequence':
    case 'choice':
      for (const item of node.items) yield* capturesIn(item)
      break
    case 'repeat':
      yield* capturesIn(node.body)
      break
    case 'capture':
      if (node.name !== undefined) yield node
      yield* capturesIn(node.body)
      break
    default:
      break
  }
}

/** Whether one of these positions is in a tree. */
export function hasPosition(node: Node, ...wanted: readonly Position[]): boolean {
  switch (node.kind) {
    case 'position':
      return wanted.includes(node.at)
    case 'sequence':
    case 'choice':
      return node.items.some((item) => hasPosition(item, ...wanted))
    case 'repeat':
    case 'capture':
      return hasPosition(node.body, ...wanted)
    default:
      return false
  }
}

/** How many parts a tree has when every counted repetition is written out. */
export function copiedSize(node: Node): number {
  switch (node.kind) {
    case 'literal':
      return node.text.length
    case 'sequence':
    case 'choice':
      return node.items.reduce((sum, item) => sum + copiedSize(item), 1)
    case 'repeat': {
      const copies = node.max === Number.POSITIVE_INFINITY ? node.min : node.max
      return copiedSize(node.body) * Math.max(1, copies) + 1
    }
    case 'capture':
      return copiedSize(node.body) + 1
    default:
      return 1
  }
}
