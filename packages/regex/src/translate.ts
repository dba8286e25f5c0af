import { unreachable } from '@tocsin/diagnostic'
import { formatCharacters, formatLiteral, formatUnits } from './format-class.ts'
import { type Node, type RepeatNode, singleSet } from './node.ts'
import { capturesIn, isEmptyLast, isNullable, isZeroWidth } from './node-facts.ts'

/** V8's linear engine copies a repeated body, and refuses more copies of anything than this. */
const maxFactor = 16
const maxSourceLength = 100_000

/** Thrown for a pattern that ECMAScript cannot express with RE2's meaning; says why. */
export class Untranslatable extends Error {
  override readonly name = 'Untranslatable'
}

/**
 * How characters past U+FFFF are seen: as two units, which is right for texts without them and for
 * patterns that cannot tell (see `isPairSafe`), or as one character.
 */
export type TextForm = 'units' | 'characters'

/**
 * A tree as ECMAScript source in the subset of V8's linear engine: no flags, no look-around, small
 * counts. Group n is the nth of `capturesIn`; nothing else is captured. Line positions are written
 * as text positions, which is right for texts without a newline.
 * @throws {Untranslatable}
 */
export function translate(tree: Node, form: TextForm): string {
  return new Translator(form).emit(tree, true).source
}

interface Piece {
  readonly source: string
  /** How many copies of its most repeated part the linear engine makes. */
  readonly factor: number
}

class Translator {
  readonly #form: TextForm

  constructor(form: TextForm) {
    this.#form = form
  }

  /** `isCapturing` is false in the copies of a repeated body whose groups a later copy overwrites. */
  emit(node: Node, isCapturing: boolean): Piece {
    switch (node.kind) {
      case 'empty':
        return { source: '', factor: 1 }
      case 'literal':
        return { source: formatLiteral(node.text), factor: 1 }
      case 'class':
        return { source: this.#class(node.set), factor: 1 }
      case 'position':
        return { source: positions[node.at], factor: 1 }
      case 'sequence':
        return this.#sequence(node.items, isCapturing)
      case 'choice':
        return join(
          node.items.map((item) => this.emit(item, isCapturing)),
          '|',
        )
      case 'repeat':
        return this.#repeat(node, isCapturing)
      case 'capture': {
        const body = this.emit(node.body, isCapturing)
        if (!isCapturing || node.name === undefined) return wrapChoice(node.body, body)
        return { ...body, source: `(${body.source})` }
      }
      default:
        return unreachable(node)
    }
  }

  #class(set: Parameters<typeof formatUnits>[0]): string {
    return this.#form === 'units' ? formatUnits(set) : formatCharacters(set)
  }

  #sequence(items: readonly Node[], isCapturing: boolean): Piece {
    return join(
      items.map((item) => wrapChoice(item, this.emit(item, isCapturing))),
      '',
    )
  }

  #repeat(node: RepeatNode, isCapturing: boolean): Piece {
    const { body, max } = node
    const hasGroups = isCapturing && !capturesIn(body).next().done
    if (max === 0) {
      // Groups keep their numbers, though they never take part.
      if (!hasGroups) return { source: '', factor: 1 }
      return { source: `(?:${this.emit(body, true).source}){0}`, factor: 1 }
    }
    if (hasGroups && max > 1) checkGroupsTakePart(body)
    return isNullable(body)
      ? this.#repeatNullable(node, hasGroups)
      : this.#repeatSolid(node, hasGroups)
  }

  /**
   * ECMAScript refuses an empty round of a loop, RE2 ends with it. Optional parts are written as
   * choices, which refuse nothing; loops must come to the same (see `isEmptyLast`).
   */
  #repeatNullable(node: RepeatNode, hasGroups: boolean): Piece {
    const { body, min, max, isGreedy } = node
    if (isZeroWidth(body) && !hasGroups) {
      return min === 0 ? { source: '', factor: 1 } : this.#grouped(body, false)
    }
    if (max === Number.POSITIVE_INFINITY) {
      if (!isGreedy || !isEmptyLast(body)) {
        throw new Untranslatable('a loop whose body may match nothing before it matches something')
      }
      return this.#nullableLoop(body, min, hasGroups)
    }
    if (hasGroups && max > 1 && max !== min) throw new Untranslatable(groupInCountedLoop)
    const required = this.#copies(body, max === min ? max : min, hasGroups)
    if (max === min) return required
    const one = this.#grouped(body, hasGroups)
    return join([required, nest(one, max - min, (piece) => optional(piece, isGreedy))], '')
  }

  #nullableLoop(body: Node, min: number, hasGroups: boolean): Piece {
    const loop = this.#grouped(body, hasGroups)
    if (!hasGroups) {
      return join([this.#copies(body, min, false), { ...loop, source: `${loop.source}*` }], '')
    }
    // The groups must take part at least once, so the last required round is one of the loop.
    const copies = this.#copies(body, Math.max(0, min - 1), false)
    const source = min > 0 ? `${loop.source}+` : `(?:${loop.source}+|)`
    return join([copies, { ...loop, source }], '')
  }

  /** A loop over a body that always takes a character. */
  #repeatSolid(node: RepeatNode, hasGroups: boolean): Piece {
    const { body, min, max, isGreedy } = node
    const one = this.#grouped(body, hasGroups)
    const lazy = isGreedy ? '' : '?'
    const chunk = Math.max(1, Math.floor(maxFactor / one.factor))
    const largest = max === Number.POSITIVE_INFINITY ? min : max
    if (largest <= chunk) {
      const counts = formatCounts(min, max)
      return { source: `${one.source}${counts}${lazy}`, factor: one.factor * Math.max(1, largest) }
    }
    if (max === min) return this.#copies(body, max, hasGroups)
    if (max === Number.POSITIVE_INFINITY) {
      const copies = this.#copies(body, min - 1, false)
      return join([copies, { ...one, source: `${one.source}+${lazy}` }], '')
    }
    if (hasGroups) throw new Untranslatable(groupInCountedLoop)
    const required = this.#copies(body, min, false)
    const rest = singleSet(body)
      ? upToSingle(one, max - min, isGreedy)
      : upTo(one, max - min, chunk, isGreedy)
    return join([required, rest], '')
  }

  /** A body `count` times; only the last copy captures. */
  #copies(body: Node, count: number, hasGroups: boolean): Piece {
    if (count === 0) return { source: '', factor: 1 }
    if (hasGroups) {
      const last = this.#grouped(body, true)
      return join([this.#copies(body, count - 1, false), last], '')
    }
    const one = this.#grouped(body, false)
    const chunk = Math.max(1, Math.floor(maxFactor / one.factor))
    const pieces: Piece[] = []
    for (let left = count; left > 0; left -= chunk) {
      const size = Math.min(left, chunk)
      pieces.push({ source: one.source + formatCounts(size, size), factor: one.factor * size })
      checkLength(pieces.length * one.source.length)
    }
    return join(pieces, '')
  }

  /** A body to put a quantifier behind. */
  #grouped(body: Node, isCapturing: boolean): Piece {
    const piece = this.emit(body, isCapturing)
    const isUnit =
      (body.kind === 'class' && /^\[[^\]]*\]$/.test(piece.source)) ||
      (body.kind === 'literal' && body.text.length === 1)
    const isGroup = body.kind === 'capture' && isCapturing && body.name !== undefined
    return isUnit || isGroup ? piece : { ...piece, source: `(?:${piece.source})` }
  }
}

const positions = {
  textStart: '^',
  textEnd: '$',
  lineStart: '^',
  lineEnd: '$',
  wordBoundary: '\\b',
  notWordBoundary: '\\B',
} as const

const groupInCountedLoop = 'a named group in a loop with a large count'

/**
 * RE2 keeps what a group took in an earlier round, ECMAScript forgets it. Both agree when every
 * round goes through every group.
 */
function checkGroupsTakePart(body: Node): void {
  let count = 0
  for (const _ of capturesIn(body)) count++
  if (countAlways(body) !== count) {
    throw new Untranslatable('a named group that some rounds of a loop leave out')
  }
}

/** How many of the named groups in a tree take part in every match of it. */
function countAlways(node: Node): number {
  switch (node.kind) {
    case 'sequence':
      return node.items.reduce((sum, item) => sum + countAlways(item), 0)
    case 'repeat':
      return node.min > 0 ? countAlways(node.body) : 0
    case 'capture':
      return countAlways(node.body) + (node.name === undefined ? 0 : 1)
    default:
      return 0
  }
}

function wrapChoice(node: Node, piece: Piece): Piece {
  return node.kind === 'choice' ? { ...piece, source: `(?:${piece.source})` } : piece
}

function formatCounts(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) {
    if (min === 0) return '*'
    return min === 1 ? '+' : `{${min},}`
  }
  if (min === 0 && max === 1) return '?'
  if (min === max) return min === 1 ? '' : `{${min}}`
  return `{${min},${max}}`
}

function optional(piece: Piece, isGreedy: boolean): Piece {
  return { ...piece, source: isGreedy ? `(?:${piece.source}|)` : `(?:|${piece.source})` }
}

/** `x(x(x…)?)?`, as RE2 reads `x{0,count}`, with `wrap` making a part optional. */
function nest(one: Piece, count: number, wrap: (piece: Piece) => Piece): Piece {
  checkLength(one.source.length * count)
  let nested = wrap(one)
  for (let i = 1; i < count; i++) nested = wrap(join([one, nested], ''))
  return nested
}

/** From none to `count` of a body that takes characters: nested, with a small count innermost. */
function upTo(one: Piece, count: number, chunk: number, isGreedy: boolean): Piece {
  checkLength(one.source.length * Math.max(1, count - chunk))
  const lazy = isGreedy ? '' : '?'
  const size = Math.min(count, chunk)
  let source = `${one.source}${formatCounts(0, size)}${lazy}`
  for (let i = size; i < count; i++) source = `(?:${one.source}${source})?${lazy}`
  checkLength(source.length)
  return { source, factor: one.factor * size }
}

/**
 * From none to `count` characters of one set. They can be taken in blocks: which count is tried
 * after which stays the same, and the source is sixteen times shorter.
 */
function upToSingle(one: Piece, count: number, isGreedy: boolean): Piece {
  const lazy = isGreedy ? '' : '?'
  const block = one.source + formatCounts(maxFactor, maxFactor)
  const partial = one.source + formatCounts(0, maxFactor - 1) + lazy
  const rest = count % maxFactor
  let source = rest === 0 ? '' : one.source + formatCounts(0, rest) + lazy
  for (let left = count - rest; left > 0; left -= maxFactor) {
    source = isGreedy ? `(?:${block}${source}|${partial})` : `(?:${partial}|${block}${source})`
  }
  return { source, factor: maxFactor }
}

function join(pieces: readonly Piece[], separator: string): Piece {
  const source = pieces.map((piece) => piece.source).join(separator)
  checkLength(source.length)
  return { source, factor: Math.max(1, ...pieces.map((piece) => piece.factor)) }
}

function checkLength(length: number): void {
  if (length > maxSourceLength) throw new Untranslatable('it grows too large with its counts')
}
