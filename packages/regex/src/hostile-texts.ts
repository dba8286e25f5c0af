import type { CharSet } from './char-set.ts'
import type { Node } from './node.ts'
import { capturesIn } from './node-facts.ts'

export interface HostileOptions {
  /** How long the texts shall be; 64 KiB when left out. */
  readonly length?: number
  /** Most texts; 64 when left out. */
  readonly limit?: number
}

/** What makes a text fail at its end, after all of it seemed to match. */
const ends = ['', '\0', '!', '\n\0']
const likelyChars = Array.from('a0 -:./"=A_x1,;[(<{#@%\\\'')

/**
 * Texts that are meant to take a pattern long: near matches pumped up at each of its repetitions,
 * floods of its literals and of all its beginnings, long runs of its own alphabet. Tests and
 * benchmarks hold patterns to their bound with them. Always the same for the same pattern.
 */
export function hostileTexts(tree: Node, options: HostileOptions = {}): string[] {
  const { length = 65_536, limit = 64 } = options
  const writer = new HostileWriter(length)
  writer.walk(tree, '')
  writer.flood(example(tree, 1))
  writer.flood(example(tree, 0).slice(0, -1))
  writer.alphabet(tree)
  const texts = [...writer.texts]
  if (texts.length <= limit) return texts
  // Spread over the pattern: its end is as good a place to be slow at as its beginning.
  return Array.from(
    { length: limit },
    (_, i) => texts[Math.floor((i * texts.length) / limit)] ?? '',
  )
}

class HostileWriter {
  readonly texts = new Set<string>()
  readonly #length: number

  constructor(length: number) {
    this.#length = length
  }

  /** Pumps every repetition of a tree, after a text that leads up to it; what the tree itself takes. */
  walk(node: Node, before: string): string {
    switch (node.kind) {
      case 'sequence': {
        let text = before
        for (const item of node.items) {
          text += this.walk(item, text)
          if (text !== before && text.length < 200) this.flood(text)
        }
        return text.slice(before.length)
      }
      case 'choice': {
        // Of many alternatives some; they are mostly of one kind.
        for (const item of node.items.slice(0, 6)) this.walk(item, before)
        return example(node, 1)
      }
      case 'capture':
        return this.walk(node.body, before)
      case 'repeat':
        if (node.max > 1) {
          for (const rounds of [0, 1, 2]) this.#pump(before, example(node.body, rounds))
        }
        this.walk(node.body, before)
        return example(node, 1)
      case 'literal':
        if (node.text.length > 1) this.flood(node.text)
        return node.text
      default:
        return example(node, 1)
    }
  }

  /** One text over and over: every place of it looks like the start of a match. */
  flood(text: string): void {
    if (text === '') return
    this.#add('', text, '')
    this.#add('', `${text} `, '\0')
  }

  /** Long runs of the characters that the tree is about, alone and in turns. */
  alphabet(tree: Node): void {
    const chars = new Set<string>()
    for (const set of setsOf(tree)) {
      for (const char of samples(set)) chars.add(char)
      if (chars.size > 12) break
    }
    for (const char of chars) this.#add('', char, '')
    const list = [...chars]
    if (list.length > 1) this.#add('', list.join(''), '')
    for (let i = 1; i < list.length; i++) this.#add('', `${list[i - 1]}${list[i]}`, '')
  }

  #pump(before: string, body: string): void {
    if (body === '') return
    for (const end of ends) this.#add(before, body, end)
    // Neighbouring repetitions that take the same: who of them took what?
    this.#add('', before + body.repeat(3), '')
  }

  #add(before: string, body: string, end: string): void {
    const room = this.#length - before.length - end.length
    if (room < body.length) return
    this.texts.add(before + body.repeat(Math.floor(room / body.length)) + end)
  }
}

/**
 * A text that a pattern matches, as far as that can be told without looking at positions; groups
 * that are given stand in it as given.
 */
export function exampleText(tree: Node, given: ReadonlyMap<string, string> = new Map()): string {
  return example(tree, 1, given)
}

const nothingGiven: ReadonlyMap<string, string> = new Map()

/** What may repeat does so `rounds` times more than it must. */
function example(
  node: Node,
  rounds: number,
  given: ReadonlyMap<string, string> = nothingGiven,
): string {
  switch (node.kind) {
    case 'literal':
      return node.text
    case 'class':
      return samples(node.set)[0] ?? ''
    case 'sequence':
      return node.items.map((item) => example(item, rounds, given)).join('')
    case 'choice':
      return exampleOfChoice(node.items, rounds, given)
    case 'capture':
      return given.get(node.name ?? '') ?? example(node.body, rounds, given)
    case 'repeat': {
      const times = Math.min(node.max, node.min + rounds, 50)
      return example(node.body, rounds, given).repeat(times)
    }
    default:
      return ''
  }
}

function exampleOfChoice(
  items: readonly Node[],
  rounds: number,
  given: ReadonlyMap<string, string>,
): string {
  const wanted = items.find((item) =>
    [...capturesIn(item)].some(({ name = '' }) => given.has(name)),
  )
  const chosen = wanted ?? items[rounds % items.length]
  return chosen ? example(chosen, rounds, given) : ''
}

/** Up to three characters of a set: a likely one, an unlikely one, one past ASCII. */
function samples(set: CharSet): string[] {
  const found: string[] = []
  const likely = likelyChars.find((char) => set.has(char.charCodeAt(0)))
  if (likely !== undefined) found.push(likely)
  const first = set.ranges[0]
  if (first !== undefined) found.push(String.fromCodePoint(first))
  if (set.has(0xe9)) found.push('é')
  return found
}

function* setsOf(node: Node): Generator<CharSet> {
  switch (node.kind) {
    case 'class':
      yield node.set
      break
    case 'sequence':
    case 'choice':
      for (const item of node.items) yield* setsOf(item)
      break
    case 'repeat':
    case 'capture':
      yield* setsOf(node.body)
      break
    default:
      break
  }
}
