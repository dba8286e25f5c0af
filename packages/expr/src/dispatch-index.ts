import type { Requirement } from './requirement.ts'
import type { GatedRule } from './text-gate.ts'
import { TextGates } from './text-gates.ts'
import { type TextRequirement, type TextTest, worthOf } from './text-requirement.ts'

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

/** The end of the questions: rules that are always candidates, and those a text lets through. */
interface Leaf {
  readonly rules: readonly number[]
  readonly gates: readonly TextGates[]
}

type DispatchNode = Branch | Leaf

/** What an index knows of one rule. */
export interface IndexedRequirements {
  readonly requirements: readonly Requirement[]
  readonly textRequirements?: readonly TextRequirement[]
}

/**
 * Finds the few rules whose requirements a subject (an event) meets, out of any number. A tree of
 * questions (`evt.Meta.service`?) is built once from what the rules require; a subject costs its
 * lookups. Hot path: once per event.
 */
export class DispatchIndex {
  /** Where the texts stand that are asked for: `meta.service`. */
  readonly places: ReadonlySet<string>
  readonly #root: DispatchNode
  readonly #marks: RuleMarks

  /** @param rules By their number; one that requires nothing is always a candidate. */
  constructor(rules: readonly IndexedRequirements[]) {
    const popularity = placePopularity(rules)
    const indexed = rules.map(({ requirements, textRequirements = [] }, index) => ({
      index,
      asked: readable(requirements),
      text: bestOf(textRequirements, popularity),
    }))
    const places = new Set<string>()
    this.#root = build(indexed, places, new Set(), 0)
    this.places = places
    this.#marks = new RuleMarks(rules.length)
  }

  /** Gives the numbers of all rules that may match, lowest first, each once, in an empty list. */
  collect(subject: unknown, candidates: number[]): void {
    this.#marks.begin(candidates)
    collectFrom(this.#root, subject, this.#marks)
    sortSmall(candidates)
  }
}

/** Collects the numbers of rules, each once, for one subject. */
class RuleMarks {
  readonly #marks: Uint32Array
  #serial = 0
  candidates: number[] = []

  constructor(ruleCount: number) {
    this.#marks = new Uint32Array(ruleCount)
  }

  /** Begins anew, for another subject. */
  begin(candidates: number[]): void {
    this.candidates = candidates
    if (this.#serial === 0xffffffff) {
      this.#marks.fill(0)
      this.#serial = 0
    }
    this.#serial++
  }

  addAll(rules: readonly number[]): void {
    for (let i = 0; i < rules.length; i++) {
      const rule = rules[i] as number
      if (this.#marks[rule] === this.#serial) continue
      this.#marks[rule] = this.#serial
      this.candidates.push(rule)
    }
  }
}

/** How many rules ask for texts made of each place. */
function placePopularity(rules: readonly IndexedRequirements[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { textRequirements = [] } of rules) {
    for (const place of new Set(textRequirements.flat().map(placeName))) {
      counts.set(place, (counts.get(place) ?? 0) + 1)
    }
  }
  return counts
}

function placeName({ place }: TextTest): string {
  return JSON.stringify(place)
}

/** Of those that are worth the same the one about a text that others ask for, too. */
function bestOf(
  requirements: readonly TextRequirement[],
  popularity: ReadonlyMap<string, number>,
): TextRequirement | undefined {
  const ranked = requirements.map((tests) => ({
    tests,
    worth: worthOf(tests),
    popularity: Math.min(...tests.map((test) => popularity.get(placeName(test)) ?? 0)),
  }))
  ranked.sort((a, b) => b.worth - a.worth || b.popularity - a.popularity)
  return ranked[0]?.tests
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
  readonly text: TextRequirement | undefined
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
  if (name === undefined) return leafOf(rules)
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

function leafOf(rules: readonly IndexedRule[]): Leaf {
  const gated: GatedRule[] = []
  for (const { index, text } of rules) {
    for (const test of text ?? []) gated.push({ rule: index, test })
  }
  const byPlace = Map.groupBy(gated, ({ test }) => placeName(test))
  return {
    rules: rules.flatMap(({ index, text }) => (text ? [] : [index])),
    gates: [...byPlace.values()].map((group) => {
      const place = group[0]?.test.place
      return new TextGates(group, place && readerOf(place))
    }),
  }
}

function collectFrom(node: DispatchNode, subject: unknown, marks: RuleMarks): void {
  let next: DispatchNode | undefined = node
  while (next !== undefined) {
    if ('gates' in next) {
      const { rules, gates } = next
      for (let i = 0; i < rules.length; i++) marks.candidates.push(rules[i] as number)
      for (let i = 0; i < gates.length; i++) marks.addAll((gates[i] as TextGates).find(subject))
      return
    }
    const value = next.read(subject)
    const found: DispatchNode | undefined =
      next.byValue.get(value) ?? (next.byPrefix.length > 0 ? findPrefix(next, value) : undefined)
    if (found !== undefined) collectFrom(found, subject, marks)
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
