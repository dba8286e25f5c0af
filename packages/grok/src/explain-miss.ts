import { compileTree, type Miss, type Node } from '@tocsin/regex'

// References are not nested deeper in any pattern that people can still explain.
const maxDepth = 12

/** `{ offset: 16, expected: '%{IPORHOST}', within: ['%{SYSLOGBASE2}', '%{SYSLOGHOST:logsource}'] }` */
export interface GrokMiss extends Miss {
  /** The references in which the expected part stands, the outermost first. */
  readonly within: readonly string[]
}

/**
 * How far a pattern got in a text that it does not match. Where the part that failed is a reference
 * it is opened, and of named alternatives the one that gets furthest is followed.
 */
export function explainMiss(tree: Node, text: string, depth = 0): GrokMiss {
  const miss = compileTree(tree, { source: '' }).explainMiss(text)
  const { expected } = miss
  let best: GrokMiss = { ...miss, within: [] }
  if (depth === maxDepth || !isReference(expected)) return best
  for (const opened of openReference(tree, expected)) {
    const deeper = explainMiss(opened, text, depth + 1)
    const isFirst = best.within.length === 0
    if (deeper.offset < best.offset || (!isFirst && deeper.offset === best.offset)) continue
    // A regular expression of the library says less than the name of its pattern.
    if (isReadable(deeper.expected)) best = { ...deeper, within: [expected, ...deeper.within] }
    else if (isFirst) best = { offset: deeper.offset, expected, within: [] }
  }
  return best
}

function isReference(part: string): boolean {
  return part.startsWith('%{')
}

function isReadable(part: string): boolean {
  return isReference(part) || part.startsWith('"')
}

/** The tree with a reference of its outermost row laid open, once for each of its alternatives. */
function openReference(tree: Node, reference: string): readonly Node[] {
  const branches = branchCount(tree, reference)
  return Array.from({ length: branches }, (_, branch) => openBranch(tree, reference, branch))
}

function branchCount(node: Node, reference: string): number {
  if (node.kind === 'sequence') {
    return Math.max(...node.items.map((item) => branchCount(item, reference)))
  }
  if (node.kind !== 'capture') return 0
  if (node.reference === undefined) return branchCount(node.body, reference)
  if (node.reference !== reference) return 0
  if (node.body.kind !== 'choice') return 1
  // Only named alternatives are worth following: of `alert|crit|…` any letter leads somewhere.
  const areNamed = node.body.items.every((item) => item.kind === 'capture')
  return areNamed ? node.body.items.length : 0
}

function openBranch(node: Node, reference: string, branch: number): Node {
  if (node.kind === 'sequence') {
    return { ...node, items: node.items.map((item) => openBranch(item, reference, branch)) }
  }
  if (node.kind !== 'capture') return node
  if (node.reference === undefined) {
    return { kind: 'capture', body: openBranch(node.body, reference, branch) }
  }
  if (node.reference !== reference) return node
  const { body } = node
  return { kind: 'capture', body: body.kind === 'choice' ? (body.items[branch] ?? body) : body }
}
