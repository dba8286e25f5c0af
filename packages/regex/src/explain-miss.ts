import { Engines } from './engines.ts'
import { formatPattern } from './format-pattern.ts'
import { emptyNode, type Node, sequence } from './node.ts'
import type { Miss } from './pattern.ts'

/**
 * How far a pattern got: the longest row of its first parts that is found in the text, where that
 * ends, and the part behind it. Compiles some prefixes of the pattern.
 */
export function explainMiss(tree: Node, text: string): Miss {
  const parts = partsOf(tree)
  let matched = 0
  let offset = 0
  let failed = parts.length + 1
  // When a row of parts is found, so is every shorter one.
  while (failed - matched > 1) {
    const middle = (matched + failed) >> 1
    const found = new Engines(sequence(parts.slice(0, middle))).exec(text)
    if (found) {
      matched = middle
      offset = found.index + (found[0] ?? '').length
    } else failed = middle
  }
  return { offset, expected: formatPart(parts[matched]) }
}

/** The parts in a row; a reference stays whole, since its name says more than its inside. */
function partsOf(node: Node): readonly Node[] {
  if (node.kind === 'sequence') return node.items.flatMap(partsOf)
  if (node.kind === 'capture' && node.reference === undefined) return partsOf(node.body)
  return [node]
}

function formatPart(part: Node | undefined): string {
  if (!part) return ''
  if (part.kind === 'capture') return part.reference ?? formatPattern(part.body)
  return part.kind === 'literal' ? JSON.stringify(part.text) : formatPattern(part ?? emptyNode)
}
