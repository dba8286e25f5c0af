import { foldSet } from './case-folding.ts'
import { CharSet } from './char-set.ts'
import { perlClasses, posixClasses, unicodeClass } from './named-class.ts'
import type { PatternReader } from './pattern-reader.ts'

/** Reads a bracketed class, `[^]a-z[:digit:]\pL]`; the reader is at its `[`. */
export function takeBracketClass(reader: PatternReader, ignoreCase: boolean): CharSet {
  const start = reader.offset
  reader.offset++
  const isNegated = reader.take('^')
  const ranges: number[] = []
  // A `]` that comes first is a character.
  for (let isFirst = true; isFirst || reader.peek() !== ']'; isFirst = false) {
    const named = takePosixClass(reader, ignoreCase) ?? takeNamedClass(reader, ignoreCase)
    if (named) ranges.push(...named.ranges)
    else ranges.push(...takeRange(reader, start, ignoreCase).ranges)
  }
  reader.offset++
  const set = CharSet.from(ranges)
  return isNegated ? set.negate() : set
}

/** Reads `\d`, `\PL`, `\p{Greek}` and their kin when one stands here. */
export function takeNamedClass(reader: PatternReader, ignoreCase: boolean): CharSet | undefined {
  if (reader.peek() !== '\\') return undefined
  const letter = reader.peek(1)
  const isNegated = /[DSWP]/.test(letter)
  const perl = perlClasses[letter.toLowerCase()]
  if (perl) {
    reader.offset += 2
    return folded(perl, ignoreCase, isNegated)
  }
  if (letter !== 'p' && letter !== 'P') return undefined
  const start = reader.offset
  const match = reader.takeMatch(/\\[pP](?:\{(\^?)([^}]*)\}|(?!\{)(.))/suy)
  const name = match?.[2] || match?.[3]
  const set = name === undefined ? undefined : unicodeClass(name)
  if (!set) {
    const shown = match?.[0] ?? reader.source.slice(start, start + 12)
    reader.fail('TOC_REGEX_CLASS_NAME', `${shown} is no Unicode category or script`, start)
  }
  return folded(set, ignoreCase, isNegated !== (match?.[1] === '^'))
}

function takePosixClass(reader: PatternReader, ignoreCase: boolean): CharSet | undefined {
  const start = reader.offset
  // Without its `:]` somewhere, `[:` are two characters.
  const match = reader.takeMatch(/\[:(\^?)(.*?):\]/sy)
  if (!match) return undefined
  const set = posixClasses.get(match[2] ?? '')
  if (!set) reader.fail('TOC_REGEX_CLASS_NAME', `${match[0]} is no class`, start)
  return folded(set, ignoreCase, match[1] === '^')
}

function takeRange(reader: PatternReader, classStart: number, ignoreCase: boolean): CharSet {
  const start = reader.offset
  const first = takeMember(reader, classStart)
  let last = first
  if (reader.peek() === '-' && reader.peek(1) !== ']' && reader.peek(1) !== '') {
    reader.offset++
    last = takeMember(reader, classStart)
    if (last < first) {
      const shown = reader.source.slice(start, reader.offset)
      reader.fail('TOC_REGEX_RANGE', `range ${shown} is upside down`, start)
    }
  }
  const set = CharSet.of(first, last)
  return ignoreCase ? foldSet(set) : set
}

function takeMember(reader: PatternReader, classStart: number): number {
  if (reader.isAtEnd) reader.fail('TOC_REGEX_BRACKET', 'class is not closed by ]', classStart)
  return reader.peek() === '\\' ? reader.takeEscape() : reader.takePoint()
}

function folded(set: CharSet, ignoreCase: boolean, isNegated: boolean): CharSet {
  const spelled = ignoreCase ? foldSet(set) : set
  return isNegated ? spelled.negate() : spelled
}
