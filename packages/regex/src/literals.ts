import type { CharSet } from './char-set.ts'
import type { Node, RepeatNode } from './node.ts'

const maxTexts = 16
const maxClassSize = 4
const maxTextLength = 64

/** How texts are compared: as they are, or after `foldText`. */
export type LiteralCase = 'exact' | 'folded'

/**
 * Texts of which at least one stands in every match; of the sets that a pattern has, the one that
 * says most. Empty when nothing is known. With `folded` they stand in the folded text.
 */
export function requiredLiterals(tree: Node, letterCase: LiteralCase = 'exact'): readonly string[] {
  const { exact, required } = new LiteralFinder(letterCase).find(tree)
  return exact ? better(usable(exact), required) : required
}

/** Texts of which one begins every text that matches; empty when the pattern is not anchored so. */
export function anchoredPrefixes(tree: Node): readonly string[] {
  const items = flatten(tree)
  const first = items[0]
  if (first?.kind !== 'position' || first.at !== 'textStart') return []
  const finder = new LiteralFinder('exact')
  let prefixes: readonly string[] = ['']
  for (const item of items.slice(1)) {
    const exact = finder.find(item).exact
    const longer = exact && cross(prefixes, exact)
    if (!longer) break
    prefixes = longer
  }
  return usable(prefixes)
}

/** ASCII letters in lower case, with the two signs that fold to one; lengths stay the same. */
export function foldText(text: string): string {
  return text.replace(/[A-Z\u017f\u212a]/g, foldChar)
}

function foldChar(char: string): string {
  if (char === '\u017f') return 's'
  return char === '\u212a' ? 'k' : char.toLowerCase()
}

function flatten(node: Node): readonly Node[] {
  if (node.kind === 'sequence') return node.items.flatMap(flatten)
  return node.kind === 'capture' ? flatten(node.body) : [node]
}

interface Literals {
  /** All that the node can match, when that is little. */
  readonly exact: readonly string[] | undefined
  readonly required: readonly string[]
}

const unknown: Literals = { exact: undefined, required: [] }
const nothing: Literals = { exact: [''], required: [] }

class LiteralFinder {
  readonly #case: LiteralCase

  constructor(letterCase: LiteralCase) {
    this.#case = letterCase
  }

  find(node: Node): Literals {
    switch (node.kind) {
      case 'empty':
      case 'position':
        return nothing
      case 'literal':
        return { exact: [this.#fold(node.text)], required: [] }
      case 'class':
        // Each letter of which the case does not count would double the texts.
        return node.letter && this.#case === 'exact' ? unknown : this.#ofSet(node.set)
      case 'sequence':
        return this.#ofSequence(node.items)
      case 'choice':
        return this.#ofChoice(node.items)
      case 'repeat':
        return this.#ofRepeat(node)
      case 'capture':
        return this.find(node.body)
    }
  }

  #fold(text: string): string {
    return this.#case === 'folded' ? foldText(text) : text
  }

  #ofSet(set: CharSet): Literals {
    // A folded set can be three times smaller.
    if (set.size > 3 * maxClassSize) return unknown
    const chars = new Set<string>()
    for (const point of set.points()) chars.add(this.#fold(String.fromCodePoint(point)))
    return chars.size > maxClassSize ? unknown : { exact: [...chars], required: [] }
  }

  #ofSequence(items: readonly Node[]): Literals {
    let best: readonly string[] = []
    // What stands directly before here, of the matches that come through here.
    let run: readonly string[] = ['']
    let isExact = true
    for (const item of items) {
      const { exact, required } = this.find(item)
      const longer = exact && cross(run, exact)
      if (longer) {
        run = longer
        continue
      }
      isExact = false
      best = better(best, better(usable(run), required))
      run = exact ?? ['']
      const loop = item.kind === 'repeat' && item.min > 0 ? this.find(item.body).exact : undefined
      if (loop) run = loop
    }
    if (isExact) return { exact: run, required: [] }
    return { exact: undefined, required: better(best, usable(run)) }
  }

  #ofChoice(items: readonly Node[]): Literals {
    const parts = items.map((item) => this.find(item))
    const exact = new Set<string>()
    for (const part of parts) for (const text of part.exact ?? []) exact.add(text)
    const isExact = parts.every((part) => part.exact) && exact.size <= maxTexts
    if (isExact) return { exact: [...exact], required: [] }
    const required = new Set<string>()
    for (const part of parts) {
      const texts = part.exact ? usable(part.exact) : part.required
      if (texts.length === 0) return unknown
      for (const text of texts) required.add(text)
    }
    return { exact: undefined, required: [...required] }
  }

  #ofRepeat(node: RepeatNode): Literals {
    if (node.max === 0) return nothing
    const body = this.find(node.body)
    if (node.min === 0) {
      if (node.max > 1 || !body.exact) return unknown
      return { exact: [...new Set([...body.exact, ''])], required: [] }
    }
    if (node.min === 1 && node.max === 1) return body
    let copies = body.exact
    for (let i = 1; i < node.min && copies && body.exact; i++) copies = cross(copies, body.exact)
    if (copies && node.min === node.max) return { exact: copies, required: [] }
    const best = copies ?? body.exact
    return { exact: undefined, required: best ? usable(best) : body.required }
  }
}

function cross(left: readonly string[], right: readonly string[]): string[] | undefined {
  if (left.length * right.length > maxTexts) return undefined
  const texts = new Set<string>()
  for (const a of left) for (const b of right) texts.add(a + b)
  for (const text of texts) if (text.length > maxTextLength) return undefined
  return [...texts]
}

// A set with an empty text says nothing, and a text with another one in it says no more.
function usable(texts: readonly string[]): readonly string[] {
  if (texts.includes('')) return []
  return texts.filter((text) => !texts.some((other) => other !== text && text.includes(other)))
}

function better(a: readonly string[], b: readonly string[]): readonly string[] {
  return score(b) > score(a) ? b : a
}

// A letter more is worth twice as many texts.
function score(texts: readonly string[]): number {
  if (texts.length === 0) return Number.NEGATIVE_INFINITY
  return Math.min(...texts.map((text) => text.length)) - Math.log2(texts.length)
}
