import { CharSet, codePoint } from './char-set.ts'

/** Where a position must be; `line…` are those of the `m` flag. */
export type Position =
  | 'textStart'
  | 'textEnd'
  | 'lineStart'
  | 'lineEnd'
  | 'wordBoundary'
  | 'notWordBoundary'

/**
 * The syntax tree of a pattern. Flags are gone: each node says what it matches by itself, so trees
 * may be put into one another. Immutable, and shared freely.
 */
export type Node =
  | { readonly kind: 'empty' }
  /** Characters as they stand; never an empty text. */
  | { readonly kind: 'literal'; readonly text: string }
  | ClassNode
  | { readonly kind: 'position'; readonly at: Position }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  /** The first that leads to a match wins. */
  | { readonly kind: 'choice'; readonly items: readonly Node[] }
  | RepeatNode
  | CaptureNode

/** One character of a set: `[a-z]`, `.`, `\d`, or a letter whose case does not count. */
export interface ClassNode {
  readonly kind: 'class'
  readonly set: CharSet
  /** The ASCII letter in lower case, when the set is all its spellings: `(?i)A` has `a`. */
  readonly letter?: string
}

export interface RepeatNode {
  readonly kind: 'repeat'
  readonly body: Node
  readonly min: number
  /** `Infinity` when unbounded. */
  readonly max: number
  readonly isGreedy: boolean
}

/** A group. Only named ones are captured. */
export interface CaptureNode {
  readonly kind: 'capture'
  readonly body: Node
  /** Any text, and not necessarily unique in a composed tree. */
  readonly name?: string
  /** What stood for this group in the text of a composer: `%{IP:source}`. */
  readonly reference?: string
}

export const emptyNode: Node = { kind: 'empty' }

/** A sequence; neighbouring literals become one, sequences inside are taken apart. */
export function sequence(items: readonly Node[]): Node {
  const flat: Node[] = []
  for (const item of items) {
    if (item.kind === 'empty') continue
    const parts = item.kind === 'sequence' ? item.items : [item]
    for (const part of parts) {
      const last = flat.at(-1)
      if (part.kind === 'literal' && last?.kind === 'literal') {
        flat[flat.length - 1] = { kind: 'literal', text: last.text + part.text }
      } else flat.push(part)
    }
  }
  if (flat.length === 0) return emptyNode
  return flat.length === 1 && flat[0] ? flat[0] : { kind: 'sequence', items: flat }
}

/** A choice; neighbouring single characters become one class. */
export function choice(items: readonly Node[]): Node {
  const merged: Node[] = []
  for (const item of items) {
    const set = singleSet(item)
    const last = merged.at(-1)
    const before = last && singleSet(last)
    if (set && before) merged[merged.length - 1] = { kind: 'class', set: before.union(set) }
    else merged.push(item)
  }
  return merged.length === 1 && merged[0] ? merged[0] : { kind: 'choice', items: merged }
}

/** A repetition; `(?:x*)+` and its kin, which would blow up a backtracking engine, become `x*`. */
export function repeat(body: Node, min: number, max: number, isGreedy: boolean): Node {
  if (body.kind === 'empty') return emptyNode
  if (isSimple(min, max) && body.kind === 'repeat' && isSimple(body.min, body.max)) {
    if (body.isGreedy === isGreedy) {
      const least = Math.min(min, body.min)
      return { ...body, min: least, max: Math.max(max, body.max) }
    }
  }
  return { kind: 'repeat', body, min, max, isGreedy }
}

/** The set of a node that always takes exactly one character. */
export function singleSet(node: Node): CharSet | undefined {
  if (node.kind === 'class') return node.set
  if (node.kind !== 'literal') return undefined
  const point = codePoint(node.text)
  const isOne = node.text.length === (point > 0xffff ? 2 : 1)
  return isOne ? CharSet.of(point, point) : undefined
}

// `*`, `+` and `?`.
function isSimple(min: number, max: number): boolean {
  return min <= 1 && (max === Number.POSITIVE_INFINITY || (min === 0 && max === 1))
}
