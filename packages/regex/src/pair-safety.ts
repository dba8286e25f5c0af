import { unreachable } from '@tocsin/diagnostic'
import type { Node, RepeatNode } from './node.ts'
import { isNullable } from './node-facts.ts'

/**
 * Whether a pattern may read a character past U+FFFF as two units without anybody noticing. It may
 * when such characters are only ever taken by unbounded loops over a class that holds all of them
 * (`.*`, `[^"]+`, `\S*`), when no two such loops touch, which could share a pair between them, and
 * when no lazy one is last, which could end inside a pair.
 */
export function isPairSafe(tree: Node): boolean {
  const edges = edgesOf(tree)
  return edges !== undefined && !edges.endsLazily
}

/** Whether a node can begin or end with a half of a pair; undefined: half a pair can be seen. */
interface Edges {
  readonly starts: boolean
  readonly ends: boolean
  readonly endsLazily: boolean
}

const none: Edges = { starts: false, ends: false, endsLazily: false }

function edgesOf(node: Node): Edges | undefined {
  switch (node.kind) {
    case 'empty':
      return none
    case 'literal':
      // A pair in a literal is found as it stands, but a loop before it could take its first half.
      return { starts: isSurrogate(node.text, 0), ends: false, endsLazily: false }
    case 'class':
      return node.set.hasAstral ? undefined : none
    case 'position':
      // Between two halves there is no word on either side.
      return node.at === 'notWordBoundary' ? undefined : none
    case 'sequence':
      return sequenceEdges(node.items)
    case 'choice':
      return choiceEdges(node.items)
    case 'repeat':
      return repeatEdges(node)
    case 'capture':
      return edgesOf(node.body)
    default:
      return unreachable(node)
  }
}

function sequenceEdges(items: readonly Node[]): Edges | undefined {
  let edges = none
  let isNullableSoFar = true
  for (const item of items) {
    const next = edgesOf(item)
    if (!next || (edges.ends && next.starts)) return undefined
    const keeps = isNullable(item)
    edges = {
      starts: edges.starts || (isNullableSoFar && next.starts),
      ends: next.ends || (keeps && edges.ends),
      endsLazily: next.endsLazily || (keeps && edges.endsLazily),
    }
    isNullableSoFar &&= keeps
  }
  return edges
}

function choiceEdges(items: readonly Node[]): Edges | undefined {
  let edges = none
  for (const item of items) {
    const next = edgesOf(item)
    if (!next) return undefined
    edges = {
      starts: edges.starts || next.starts,
      ends: edges.ends || next.ends,
      endsLazily: edges.endsLazily || next.endsLazily,
    }
  }
  return edges
}

function repeatEdges(node: RepeatNode): Edges | undefined {
  const { body, min, max, isGreedy } = node
  if (body.kind === 'class' && body.set.hasAllAstral) {
    if (min > 1 || max !== Number.POSITIVE_INFINITY) return undefined
    return { starts: true, ends: true, endsLazily: !isGreedy }
  }
  const edges = edgesOf(body)
  return edges && max > 1 && edges.ends && edges.starts ? undefined : edges
}

function isSurrogate(text: string, at: number): boolean {
  return (text.charCodeAt(at) & 0xf800) === 0xd800
}
