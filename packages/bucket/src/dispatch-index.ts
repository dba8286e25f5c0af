import type { Requirement } from '@tocsin/expr'
import { type Event, eventKind, type TextDict } from '@tocsin/model'

/** Below this many there is nothing to gain by asking another question. */
const smallLeaf = 2
/** A requirement that lists more values is not worth its copies. */
const mostValues = 64
/** Bounds the copies of rules under several values. */
const deepest = 6

type ReadValue = (event: Event) => string

/** One question to an event, and the rules that remain by its answer. */
interface Branch {
  readonly read: ReadValue
  readonly byValue: ReadonlyMap<string, DispatchNode>
  /** The rules that do not ask it. */
  readonly others: DispatchNode | undefined
}

type DispatchNode = Branch | readonly number[]

/**
 * Finds the few rules whose requirements an event meets, out of any number. A tree of questions
 * (`evt.Meta.service`?) is built once from what the rules require; an event costs its lookups.
 * Hot path: once per event.
 */
export class DispatchIndex {
  readonly #root: DispatchNode

  /** @param requirements Of each rule, by its number; none means it is always a candidate. */
  constructor(requirements: readonly (readonly Requirement[])[]) {
    const rules = requirements.map((list, index) => ({ index, asked: readable(list) }))
    this.#root = build(rules, new Set(), 0)
  }

  /** Appends the numbers of all rules that may match, lowest first, each once. */
  collect(event: Event, candidates: number[]): void {
    collectFrom(this.#root, event, candidates)
    sortSmall(candidates)
  }
}

interface IndexedRule {
  readonly index: number
  /** The accepted values by the path asked for. */
  readonly asked: ReadonlyMap<string, readonly string[]>
}

function readable(requirements: readonly Requirement[]): Map<string, readonly string[]> {
  const asked = new Map<string, readonly string[]>()
  for (const { kind, path, values } of requirements) {
    if (kind !== 'equals') continue
    const name = JSON.stringify(path)
    if (values.length <= mostValues && readerOf(path) && !asked.has(name)) {
      asked.set(name, [...new Set(values)])
    }
  }
  return asked
}

function build(
  rules: readonly IndexedRule[],
  used: ReadonlySet<string>,
  depth: number,
): DispatchNode {
  const path = rules.length <= smallLeaf || depth === deepest ? undefined : bestPath(rules, used)
  const read = path === undefined ? undefined : readerOf(JSON.parse(path) as string[])
  if (path === undefined || !read) return rules.map((rule) => rule.index)
  const groups = new Map<string, IndexedRule[]>()
  const others: IndexedRule[] = []
  for (const rule of rules) {
    const values = rule.asked.get(path)
    if (!values) others.push(rule)
    for (const value of values ?? []) {
      const group = groups.get(value)
      if (group) group.push(rule)
      else groups.set(value, [rule])
    }
  }
  const nowUsed = new Set(used).add(path)
  const byValue = new Map<string, DispatchNode>()
  for (const [value, group] of groups) byValue.set(value, build(group, nowUsed, depth + 1))
  // The others ask the next question beside this one, not below it: their depth stays.
  return { read, byValue, others: others.length === 0 ? undefined : build(others, nowUsed, depth) }
}

/** The question that the most rules ask, and among those the one that tells most of them apart. */
function bestPath(rules: readonly IndexedRule[], used: ReadonlySet<string>): string | undefined {
  const counts = new Map<string, { rules: number; byValue: Map<string, number> }>()
  for (const { asked } of rules) {
    for (const [path, values] of asked) {
      if (used.has(path)) continue
      const count = counts.get(path) ?? { rules: 0, byValue: new Map<string, number>() }
      counts.set(path, count)
      count.rules++
      for (const value of values) count.byValue.set(value, (count.byValue.get(value) ?? 0) + 1)
    }
  }
  let best: string | undefined
  let bestSaved = 0
  for (const [path, count] of counts) {
    // Rules spared in the worst case: those that asked, without the most common value's.
    const saved = count.rules - Math.max(...count.byValue.values())
    const score = saved + count.rules / 2
    if (score > bestSaved) {
      best = path
      bestSaved = score
    }
  }
  return best
}

function collectFrom(node: DispatchNode, event: Event, candidates: number[]): void {
  let next: DispatchNode | undefined = node
  while (next !== undefined) {
    if (isLeaf(next)) {
      for (let i = 0; i < next.length; i++) candidates.push(next[i] as number)
      return
    }
    const found: DispatchNode | undefined = next.byValue.get(next.read(event))
    if (found !== undefined) collectFrom(found, event, candidates)
    next = next.others
  }
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

/** How to read a path from an event as expressions do, where that is a plain text; else undefined. */
function readerOf(path: readonly string[]): ReadValue | undefined {
  const [root, member = '', key = '', inner] = path
  if (root !== 'evt') return undefined
  if (path.length === 2) return plainReaders.get(member)
  const dict = path.length === 3 ? dictReaders.get(member) : undefined
  if (dict) return (event) => dict(event)[key] ?? ''
  if (path.length === 4 && member === 'Line' && key === 'Labels' && inner !== undefined) {
    return (event) => event.line.labels[inner] ?? ''
  }
  return path.length === 3 && member === 'Line' ? lineReaders.get(key) : undefined
}

const typeNames = new Map<number, string>([
  [eventKind.log, 'log'],
  [eventKind.overflow, 'overflow'],
])
const readType: ReadValue = (event) => typeNames.get(event.kind) ?? 'unknown'

const plainReaders = new Map<string, ReadValue>([
  ['GetType', readType],
  ['GetType()', readType],
])

const dictReaders = new Map<string, (event: Event) => TextDict>([
  ['Meta', (event) => event.meta],
  ['Parsed', (event) => event.parsed],
  ['Enriched', (event) => event.enriched],
])

const lineReaders = new Map<string, ReadValue>([
  ['Src', (event) => event.line.source],
  ['Module', (event) => event.line.module],
])
