import type { Node } from './node.ts'

/** A named group of a tree, in the order of `listCaptures`. */
export interface CaptureInfo {
  readonly name: string
  /** How many references of a composer it is in; 0 for what the outer text names itself. */
  readonly depth: number
}

/** The named groups of a tree in the order in which they open, names perhaps more than once. */
export function listCaptures(tree: Node): CaptureInfo[] {
  const found: CaptureInfo[] = []
  const visit = (node: Node, depth: number): void => {
    switch (node.kind) {
      case 'sequence':
      case 'choice':
        for (const item of node.items) visit(item, depth)
        break
      case 'repeat':
        visit(node.body, depth)
        break
      case 'capture':
        if (node.name !== undefined) found.push({ name: node.name, depth })
        visit(node.body, depth + (node.reference === undefined ? 0 : 1))
        break
      default:
        break
    }
  }
  visit(tree, 0)
  return found
}

/** Of groups with the same name the outermost count, and of these the last. */
export function chooseCaptures(captures: readonly CaptureInfo[]): ReadonlySet<number> {
  const chosen = new Map<string, number>()
  captures.forEach(({ name, depth }, index) => {
    const before = captures[chosen.get(name) ?? -1]
    if (!before || depth <= before.depth) chosen.set(name, index)
  })
  return new Set(chosen.values())
}

/** The tree with the names of all other groups taken away. */
export function keepCaptures(tree: Node, kept: ReadonlySet<number>): Node {
  let index = 0
  const visit = (node: Node): Node => {
    switch (node.kind) {
      case 'sequence':
      case 'choice':
        return { ...node, items: node.items.map(visit) }
      case 'repeat':
        return { ...node, body: visit(node.body) }
      case 'capture': {
        const isKept = node.name !== undefined && kept.has(index)
        if (node.name !== undefined) index++
        const { name, ...rest } = { ...node, body: visit(node.body) }
        return isKept && name !== undefined ? { ...rest, name } : rest
      }
      default:
        return node
    }
  }
  return visit(tree)
}
