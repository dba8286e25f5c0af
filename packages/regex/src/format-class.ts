import { CharSet } from './char-set.ts'

const surrogates = CharSet.of(0xd800, 0xdfff)
const pair = '[\\ud800-\\udbff][\\udc00-\\udfff]'

/**
 * A set as an ECMAScript class of single UTF-16 units, for texts without surrogates, and for sets
 * that may take both halves of a pair because they hold all astral characters.
 */
export function formatUnits(set: CharSet): string {
  if (set.hasAllAstral) return formatMembers(set.negate().minus(surrogates), true)
  return formatMembers(set.between(0, 0xffff).minus(surrogates), false)
}

/** A set as an ECMAScript expression for one whole character, in texts with surrogate pairs. */
export function formatCharacters(set: CharSet): string {
  const units = set.between(0, 0xffff).minus(surrogates)
  if (!set.hasAstral) return formatMembers(units, false)
  const branches = set.hasAllAstral
    ? [formatMembers(set.negate().union(surrogates).between(0, 0xffff), true), pair]
    : [...(units.isEmpty ? [] : [formatMembers(units, false)]), ...formatPairs(set)]
  return branches.length === 1 ? (branches[0] ?? '') : `(?:${branches.join('|')})`
}

/** A text as ECMAScript source that matches just it. */
export function formatLiteral(text: string): string {
  let source = ''
  for (let i = 0; i < text.length; i++) source += formatUnit(text.charCodeAt(i))
  return source
}

function formatMembers(set: CharSet, isNegated: boolean): string {
  let members = ''
  for (let i = 0; i < set.ranges.length; i += 2) {
    members += formatRange(set.ranges[i] ?? 0, set.ranges[i + 1] ?? 0)
  }
  return `[${isNegated ? '^' : ''}${members}]`
}

function formatRange(first: number, last: number): string {
  if (first === last) return formatUnit(first)
  return `${formatUnit(first)}${last === first + 1 ? '' : '-'}${formatUnit(last)}`
}

// Letters, digits and a few harmless signs stand for themselves; the rest by number.
function formatUnit(unit: number): string {
  const char = String.fromCharCode(unit)
  if (/^[A-Za-z0-9 _"'<>@%#~`;&!=:]$/.test(char)) return char
  const hex = unit.toString(16)
  return unit <= 0xff ? `\\x${hex.padStart(2, '0')}` : `\\u${hex.padStart(4, '0')}`
}

/** The astral part of a set as pairs: a first half, and the second halves that may follow it. */
function formatPairs(set: CharSet): string[] {
  const astral = set.between(0x10000, 0x10ffff)
  // First halves that share their second halves are written together.
  const byTail = new Map<string, number[]>()
  for (let i = 0; i < astral.ranges.length; i += 2) {
    const first = astral.ranges[i] ?? 0
    const last = astral.ranges[i + 1] ?? 0
    const [firstHigh, lastHigh] = [highOf(first), highOf(last)]
    if (firstHigh === lastHigh) add(byTail, lowOf(first), lowOf(last), firstHigh, firstHigh)
    else {
      add(byTail, lowOf(first), 0xdfff, firstHigh, firstHigh)
      if (lastHigh > firstHigh + 1) add(byTail, 0xdc00, 0xdfff, firstHigh + 1, lastHigh - 1)
      add(byTail, 0xdc00, lowOf(last), lastHigh, lastHigh)
    }
  }
  return Array.from(
    byTail,
    ([tail, heads]) => `${formatMembers(CharSet.from(heads), false)}${tail}`,
  )
}

function add(
  byTail: Map<string, number[]>,
  firstLow: number,
  lastLow: number,
  firstHigh: number,
  lastHigh: number,
): void {
  const tail = formatMembers(CharSet.of(firstLow, lastLow), false)
  const heads = byTail.get(tail)
  if (heads) heads.push(firstHigh, lastHigh)
  else byTail.set(tail, [firstHigh, lastHigh])
}

function highOf(point: number): number {
  return 0xd800 + ((point - 0x10000) >> 10)
}

function lowOf(point: number): number {
  return 0xdc00 + ((point - 0x10000) & 0x3ff)
}
