import { CharSet } from './char-set.ts'

// Past this there are no letters with case: the last are the Adlam letters, U+1E900–U+1E943.
const lastCased = 0x1ffff

/**
 * Adds to a set every other spelling of its members under simple Unicode case folding:
 * `k` brings `K` and the Kelvin sign, `s` brings `S` and the long s.
 */
export function foldSet(set: CharSet): CharSet {
  const added: number[] = []
  const ascii = set.between(0, 0x7f)
  for (const point of ascii.points()) addAscii(point, added)
  const rest = set.between(0x80, lastCased)
  // All of Unicode but ASCII folds to itself and to the two ASCII letters.
  if (rest.size === lastCased - 0x80 + 1) added.push(0x4b, 0x4b, 0x6b, 0x6b, 0x53, 0x53, 0x73, 0x73)
  else if (!rest.isEmpty) addOthers(rest, added)
  return added.length === 0 ? set : CharSet.from([...set.ranges, ...added])
}

/** Every spelling of one character, itself included. */
export function spellings(point: number): CharSet {
  return foldSet(CharSet.of(point, point))
}

function addAscii(point: number, added: number[]): void {
  const lower = point | 0x20
  if (lower < 0x61 || lower > 0x7a) return
  added.push(lower, lower, lower - 0x20, lower - 0x20)
  if (lower === 0x6b) added.push(0x212a, 0x212a)
  if (lower === 0x73) added.push(0x17f, 0x17f)
}

function addOthers(set: CharSet, added: number[]): void {
  const orbits = caseOrbits()
  for (const [point, orbit] of orbits) {
    if (!set.has(point)) continue
    for (const other of orbit) added.push(other, other)
  }
}

let memo: ReadonlyMap<number, readonly number[]> | undefined

/** Each cased character with all its spellings. A pure table, made when first needed (some ms). */
function caseOrbits(): ReadonlyMap<number, readonly number[]> {
  memo ??= readCaseOrbits()
  return memo
}

function readCaseOrbits(): Map<number, number[]> {
  const orbits = new Map<number, number[]>()
  const cased = /^\p{Changes_When_Casemapped}$/u
  for (let point = 0x41; point <= lastCased; point++) {
    if (point >= 0xd800 && point <= 0xdfff) continue
    const char = String.fromCodePoint(point)
    if (!cased.test(char)) continue
    const other = new RegExp(`^[${char}]$`, 'iu')
    for (const mapped of [char.toLowerCase(), char.toUpperCase()]) {
      // `ß` maps to two letters: simple folding has no such case.
      if (mapped !== char && other.test(mapped)) join(orbits, point, mapped.codePointAt(0) ?? 0)
    }
  }
  return orbits
}

function join(orbits: Map<number, number[]>, a: number, b: number): void {
  const merged = [...new Set([...(orbits.get(a) ?? [a]), ...(orbits.get(b) ?? [b])])]
  for (const point of merged) orbits.set(point, merged)
}
