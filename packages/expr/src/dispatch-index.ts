import type { Requirement } from './requirement.ts'

/** Below this many there is nothing to gain by asking another question. */
const smallLeaf = 2
/** A requirement that lists more values is not worth its copies. */
const mostValues = 64
/** Bounds the copies of rules under several values. */
const deepest = 6

type ReadText = (subject: unknown) => string

/** One question to a subject, and the rules that remain by its answer. */
interface Branch {
  readonly read: ReadText
  readonly byValue: ReadonlyMap<string, DispatchNode>
  /** For answers that no rule names in full: what they may begin with, and the rules then. */
  readonly byPrefix: readonly PrefixEntry[]
  /** The rules that do not ask it. */
  readonly others: DispatchNode | undefined
}

interface PrefixEntry {
  readonly prefix: string
  readonly node: DispatchNode
}

type DispatchNode = Branch | readonly number[]

/**
 * Finds the few rules whose requirements a subject (an event) meets, out of any number. A tree of
 * questions (`evt.Meta.service`?) is built once from what the rules require; a subject costs its
 * lookups. Hot path: once per event.
 */
export class DispatchIndex {
  /** Where the texts stand that are asked for: `meta.service`. */
  readonly places: ReadonlySet<string>
  readonly #root: DispatchNode

  /** @param requirements Of each rule, by its number; none means it is always a candidate. */
  constructor(requirements: readonly (readonly Requirement[])[]) {
    const rules = requirements.map((list, index) => ({ index, asked: readable(list) }))
    const places = new Set<string>()
    this.#root = build(rules, places, new Set(), 0)
    this.places = places
  }

  /** Appends the numbers of all rules that may match, lowest first, each once. */
  collect(subject: unknown, candidates: number[]): void {
    collectFrom(this.#root, subject, candidates)
    sortSmall(candidates)
  }
}

/** What a rule accepts of a text. */
interface Accepted {
  readonly kind: Requirement['kind']
  readonly values: readonly string[]
}

interface IndexedRule {
  readonly index: number
  /** By the place asked for, as JSON. */
  readonly asked: ReadonlyMap<string, Accepted>
}

function readable(requirements: readonly Requirement[]): Map<string, Accepted> {
  const asked = new Map<string, Accepted>()
  for (const { kind, place, values } of requirements) {
    if (!place || values.length > mostValues) continue
    const name = JSON.stringify(place)
    // Of several about one text, one that says it in full tells the most.
    const isBetter = !asked.has(name) || (kind === 'equals' && asked.get(name)?.kind !== 'equals')
    if (isBetter) asked.set(name, { kind, values: [...new Set(values)] })
  }
  return asked
}

function build(
  rules: readonly IndexedRule[],
  places: Set<string>,
  used: ReadonlySet<string>,
  depth: number,
): DispatchNode {
  const name = rules.length <= smallLeaf || depth === deepest ? undefined : bestPlace(rules, used)
  if (name === undefined) return rules.map((rule) => rule.index)
  const place = JSON.parse(name) as string[]
  places.add(place.join('.'))
  const nowUsed = new Set(used).add(name)
  const others = rules.filter((rule) => !rule.asked.has(name))
  const askers = rules.filter((rule) => rule.asked.has(name))
  const below = (accepts: (accepted: Accepted) => boolean): DispatchNode => {
    const accepting = askers.filter(({ asked }) => {
      const accepted = asked.get(name)
      return accepted !== undefined && accepts(accepted)
    })
    return build(accepting, places, nowUsed, depth + 1)
  }
  const byValue = new Map<string, DispatchNode>()
  for (const value of valuesOf(askers, name, 'equals')) {
    byValue.set(
      value,
      below(({ kind, values }) =>
        kind === 'equals' ? values.includes(value) : values.some((v) => value.startsWith(v)),
      ),
    )
  }
  // The longest first: of the prefixes of a text it is the one that all others are prefixes of, and
  // stands for them.
  const prefixes = valuesOf(askers, name, 'prefix').sort((a, b) => b.length - a.length)
  const byPrefix = prefixes.map((prefix) => ({
    prefix,
    node: below(
      ({ kind, values }) => kind === 'prefix' && values.some((v) => prefix.startsWith(v)),
    ),
  }))
  return {
    read: readerOf(place),
    byValue,
    byPrefix,
    // The others ask the next question beside this one, not below it: their depth stays.
    others: others.length === 0 ? undefined : build(others, places, nowUsed, depth),
  }
}

function valuesOf(
  rules: readonly IndexedRule[],
  name: string,
  wanted: Requirement['kind'],
): string[] {
  const found = new Set<string>()
  for (const { asked } of rules) {
    const accepted = asked.get(name)
    if (accepted?.kind === wanted) for (const value of accepted.values) found.add(value)
  }
  return [...found]
}

/** The question that the most rules ask, and among those the one that tells most of them apart. */
function bestPlace(rules: readonly IndexedRule[], used: ReadonlySet<string>): string | undefined {
  const counts = new Map<string, { rules: number; byValue: Map<string, number> }>()
  for (const { asked } of rules) {
    for (const [name, { values }] of asked) {
      if (used.has(name)) continue
      const count = counts.get(name) ?? { rules: 0, byValue: new Map<string, number>() }
      counts.set(name, count)
      count.rules++
      for (const value of values) count.byValue.set(value, (count.byValue.get(value) ?? 0) + 1)
    }
  }
  let best: string | undefined
  let bestScore = 0
  for (const [name, count] of counts) {
    // Rules spared in the worst case: those that asked, without the most common value's.
    const saved = count.rules - Math.max(...count.byValue.values())
    const score = saved + count.rules / 2
    if (score > bestScore) {
      best = name
      bestScore = score
    }
  }
  return best
}

function collectFrom(node: DispatchNode, subject: unknown, candidates: number[]): void {
  let next: DispatchNode | undefined = node
  while (next !== undefined) {
    if (isLeaf(next)) {
      for (let i = 0; i < next.length; i++) candidates.push(next[i] as number)
      return
    }
    const value = next.read(subject)
    const found: DispatchNode | undefined =
      next.byValue.get(value) ?? (next.byPrefix.length > 0 ? findPrefix(next, value) : undefined)
    if (found !== undefined) collectFrom(found, subject, candidates)
    next = next.others
  }
}

function findPrefix({ byPrefix }: Branch, value: string): DispatchNode | undefined {
  for (let i = 0; i < byPrefix.length; i++) {
    const entry = byPrefix[i] as PrefixEntry
    if (value.startsWith(entry.prefix)) return entry.node
  }
  return undefined
}

function isLeaf(node: DispatchNode): node is readonly number[] {
  return Array.isArray(node)
}

/** Insertion sort: the lists are short and nearly in order. */
function sortSmall(numbers: number[]): void {
  for (let i = 1; i < numbers.length; i++) {
    const value = numbers[i] as number
    let at = i - 1
    for (; at >= 0 && (numbers[at] as number) > value; at--) numbers[at + 1] = numbers[at] as number
    numbers[at + 1] = value
  }
}

/**
 * Reads the text at a place; a missing one is empty. Generated, so that the properties stand in the
 * code; they enter it as JSON strings only.
 */
function readerOf(place: readonly string[]): ReadText {
  const members = place.map((property) => `[${JSON.stringify(property)}]`).join('')
  return new Function('subject', `"use strict"; return subject${members} ?? ''`) as ReadText
}
