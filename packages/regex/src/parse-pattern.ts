import { spellings } from './case-folding.ts'
import { CharSet } from './char-set.ts'
import { choice, type Node, type Position, repeat, sequence } from './node.ts'
import { takeBracketClass, takeNamedClass } from './parse-class.ts'
import type { PatternOptions } from './pattern.ts'
import { PatternReader } from './pattern-reader.ts'

const maxDepth = 1000
const maxCount = 1000
const notNewline = CharSet.ofText('\n').negate()
const escapedPositions: Readonly<Record<string, Position>> = {
  A: 'textStart',
  z: 'textEnd',
  b: 'wordBoundary',
  B: 'notWordBoundary',
}

export interface ParseOptions extends PatternOptions {
  /**
   * Asked wherever an atom may begin: a composer answers with the tree that its own syntax stands
   * for, such as `%{IP:source}`, and the offset behind it. Flags in force do not reach into it.
   */
  readonly takeReference?: (source: string, offset: number) => Reference | undefined
}

export interface Reference {
  readonly node: Node
  readonly end: number
}

/**
 * Reads a pattern of the RE2 dialect as Go's `regexp` does.
 * @throws {PatternError} At the first thing that the dialect refuses.
 */
export function parsePattern(source: string, options: ParseOptions = {}): Node {
  return new Parser(source, options).parse()
}

interface Flags {
  readonly ignoreCase: boolean
  readonly multiLine: boolean
  readonly dotAll: boolean
  readonly ungreedy: boolean
}

class Parser {
  readonly #reader: PatternReader
  readonly #takeReference: ParseOptions['takeReference']
  readonly #names = new Set<string>()
  #flags: Flags
  #depth = 0

  constructor(source: string, options: ParseOptions) {
    this.#reader = new PatternReader(source)
    this.#takeReference = options.takeReference
    const ignoreCase = options.ignoreCase ?? false
    this.#flags = { ignoreCase, multiLine: false, dotAll: false, ungreedy: false }
  }

  parse(): Node {
    const node = this.#parseChoice()
    if (!this.#reader.isAtEnd) this.#reader.fail('TOC_REGEX_PARENTHESIS', 'unexpected )')
    return node
  }

  /** Up to the end or to the `)` that ends the group. */
  #parseChoice(): Node {
    const branches = [this.#parseSequence()]
    while (this.#reader.take('|')) branches.push(this.#parseSequence())
    return choice(branches)
  }

  #parseSequence(): Node {
    const reader = this.#reader
    const items: Node[] = []
    // The repetition that stands directly before: another one on top of it is refused.
    let repetition: number | undefined
    while (!reader.isAtEnd && reader.peek() !== '|' && reader.peek() !== ')') {
      const start = reader.offset
      const counts = this.#takeCounts()
      if (counts) {
        items.push(this.#repeat(items.pop(), counts, start, repetition))
        repetition ??= start
      } else {
        repetition = undefined
        this.#parseItem(items)
      }
    }
    return sequence(items)
  }

  /** Adds what stands here; a `\Q…\E` adds many characters, a `(?i)` nothing. */
  #parseItem(items: Node[]): void {
    const reader = this.#reader
    const reference = this.#takeReference?.(reader.source, reader.offset)
    if (reference) {
      reader.offset = reference.end
      items.push(reference.node)
    } else if (reader.peek() === '(') {
      const group = this.#parseGroup()
      if (group) items.push(group)
    } else if (reader.take('\\Q')) {
      while (!reader.isAtEnd && !reader.take('\\E')) items.push(this.#char(reader.takePoint()))
    } else items.push(this.#parseAtom())
  }

  #parseAtom(): Node {
    const reader = this.#reader
    const { ignoreCase, multiLine, dotAll } = this.#flags
    switch (reader.peek()) {
      case '^':
        reader.offset++
        return { kind: 'position', at: multiLine ? 'lineStart' : 'textStart' }
      case '$':
        reader.offset++
        return { kind: 'position', at: multiLine ? 'lineEnd' : 'textEnd' }
      case '.':
        reader.offset++
        return { kind: 'class', set: dotAll ? CharSet.all : notNewline }
      case '[':
        return { kind: 'class', set: takeBracketClass(reader, ignoreCase) }
      case '\\':
        return this.#parseEscape()
      default:
        return this.#char(reader.takePoint())
    }
  }

  #parseEscape(): Node {
    const reader = this.#reader
    const at = escapedPositions[reader.peek(1)]
    if (at) {
      reader.offset += 2
      return { kind: 'position', at }
    }
    const set = takeNamedClass(reader, this.#flags.ignoreCase)
    return set ? { kind: 'class', set } : this.#char(reader.takeEscape())
  }

  #char(point: number): Node {
    const isSurrogate = point >= 0xd800 && point <= 0xdfff
    if (isSurrogate) return { kind: 'class', set: CharSet.of(point, point) }
    const text = String.fromCodePoint(point)
    if (!this.#flags.ignoreCase) return { kind: 'literal', text }
    const set = spellings(point)
    if (set.size === 1) return { kind: 'literal', text }
    return /[A-Za-z]/.test(text)
      ? { kind: 'class', set, letter: text.toLowerCase() }
      : { kind: 'class', set }
  }

  /** A group, or undefined for flags that reach to the end of the group around them. */
  #parseGroup(): Node | undefined {
    const reader = this.#reader
    const start = reader.offset
    const flagsBefore = this.#flags
    reader.offset++
    let name: string | undefined
    if (reader.peek() === '?') {
      if (reader.startsWith('?P<') || reader.startsWith('?<')) name = this.#takeName(start)
      else if (this.#takeFlags(start) === ')') return undefined
    }
    if (++this.#depth > maxDepth) {
      reader.fail('TOC_REGEX_DEPTH', `more than ${maxDepth} groups inside one another`, start)
    }
    const body = this.#parseChoice()
    this.#depth--
    if (!reader.take(')')) reader.fail('TOC_REGEX_PARENTHESIS', 'group is not closed by )', start)
    this.#flags = flagsBefore
    return name === undefined ? body : { kind: 'capture', body, name }
  }

  #takeName(start: number): string {
    const reader = this.#reader
    if (/^\?<[=!]/.test(reader.source.slice(reader.offset, reader.offset + 3))) {
      reader.fail('TOC_REGEX_LOOKAROUND', 'look-behind is not supported', start)
    }
    const name = reader.takeMatch(/\?P?<(\w+)>/y)?.[1]
    if (name === undefined) {
      const message = 'a group name is letters, digits and _ between < and >'
      return reader.fail('TOC_REGEX_GROUP_NAME', message, start)
    }
    if (this.#names.has(name)) {
      reader.fail('TOC_REGEX_DUPLICATE_NAME', `group name ${name} is used twice`, start)
    }
    this.#names.add(name)
    return name
  }

  /** Applies `?i-s`; returns the `:` or `)` behind it. */
  #takeFlags(start: number): string {
    const reader = this.#reader
    const match = reader.takeMatch(/\?([imsU]*)(-[imsU]+)?([:)])/y)
    if (!match) this.#failGroup(start)
    let flags = this.#flags
    for (const flag of match[1] ?? '') flags = withFlag(flags, flag, true)
    for (const flag of match[2] ?? '') flags = withFlag(flags, flag, false)
    this.#flags = flags
    return match[3] ?? ''
  }

  #failGroup(start: number): never {
    const reader = this.#reader
    const shown = reader.source.slice(start, start + 3)
    if (/^\(\?[=!]/.test(shown)) {
      reader.fail('TOC_REGEX_LOOKAROUND', 'look-ahead is not supported', start)
    }
    if (reader.startsWith('?P=')) {
      reader.fail('TOC_REGEX_BACKREFERENCE', 'back-reference (?P=…) is not supported', start)
    }
    return reader.fail('TOC_REGEX_GROUP', `unknown group ${shown}`, start)
  }

  #takeCounts(): Counts | undefined {
    const reader = this.#reader
    const start = reader.offset
    const match = reader.takeMatch(/(?:([*+?])|\{(0|[1-9][0-9]*)(?:(,)(0|[1-9][0-9]*)?)?\})(\?)?/y)
    if (!match) return undefined
    const isGreedy = (match[5] === undefined) !== this.#flags.ungreedy
    if (match[1] !== undefined) {
      const max = match[1] === '?' ? 1 : Number.POSITIVE_INFINITY
      return { min: match[1] === '+' ? 1 : 0, max, isGreedy }
    }
    const min = Number(match[2])
    const bound = match[4] === undefined ? Number.POSITIVE_INFINITY : Number(match[4])
    const max = match[3] === undefined ? min : bound
    if (min > maxCount || (max > maxCount && max !== Number.POSITIVE_INFINITY)) {
      reader.fail('TOC_REGEX_REPEAT_COUNT', `repeat count is above ${maxCount}`, start)
    }
    if (min > max) reader.fail('TOC_REGEX_REPEAT_COUNT', 'repeat counts are upside down', start)
    return { min, max, isGreedy }
  }

  #repeat(
    body: Node | undefined,
    counts: Counts,
    start: number,
    repetition: number | undefined,
  ): Node {
    const reader = this.#reader
    if (repetition !== undefined) {
      const shown = reader.source.slice(repetition, reader.offset)
      reader.fail('TOC_REGEX_REPEAT_TWICE', `${shown} repeats a repetition`, repetition)
    }
    if (!body) {
      const shown = reader.source.slice(start, reader.offset)
      return reader.fail('TOC_REGEX_REPEAT_NOTHING', `nothing to repeat before ${shown}`, start)
    }
    const { min, max, isGreedy } = counts
    const node = repeat(body, min, max, isGreedy)
    const isCounted = min >= 2 || (max >= 2 && max !== Number.POSITIVE_INFINITY)
    if (isCounted && countProduct(node) > maxCount) {
      const message = `repeat counts inside one another multiply to more than ${maxCount}`
      reader.fail('TOC_REGEX_REPEAT_COUNT', message, start)
    }
    return node
  }
}

interface Counts {
  readonly min: number
  readonly max: number
  readonly isGreedy: boolean
}

function withFlag(flags: Flags, flag: string, value: boolean): Flags {
  switch (flag) {
    case 'i':
      return { ...flags, ignoreCase: value }
    case 'm':
      return { ...flags, multiLine: value }
    case 's':
      return { ...flags, dotAll: value }
    case 'U':
      return { ...flags, ungreedy: value }
    default:
      return flags
  }
}

/** How often the most repeated part of a tree may have to be copied. */
function countProduct(node: Node): number {
  switch (node.kind) {
    case 'repeat': {
      if (node.max === 0) return 1
      const own = node.max === Number.POSITIVE_INFINITY ? Math.max(1, node.min) : node.max
      return own * countProduct(node.body)
    }
    case 'capture':
      return countProduct(node.body)
    case 'sequence':
    case 'choice':
      return Math.max(1, ...node.items.map(countProduct))
    default:
      return 1
  }
}
