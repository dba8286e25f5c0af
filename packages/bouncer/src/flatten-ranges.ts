import { AddressRange, compareRanges } from '@tocsin/address'
import type { Ban } from './ban-table.ts'

/**
 * The same bans as ranges of which no two overlap, for sets that cannot hold such: each address stays
 * banned for as long as the longest of the ranges around it says.
 * @param bans Of both families, in any order, each range once.
 * @param limit How many pieces there may be. Beyond it only the outermost ranges are given, which is
 *   right for now and must be asked again when one of them ends.
 */
export function flattenRanges(bans: readonly Ban[], limit: number): readonly Ban[] {
  const sorted = bans.toSorted((a, b) => compareRanges(a.range, b.range))
  const kept = withoutRedundant(sorted)
  const pieces: Ban[] = []
  let at = 0
  while (at < kept.length) {
    const outer = kept[at] as Ban
    let end = at + 1
    while (end < kept.length && outer.range.covers((kept[end] as Ban).range)) end++
    cut(outer, outer.range, kept, at + 1, end, pieces, limit)
    if (pieces.length > limit) return outermostBans(sorted)
    at = end
  }
  return pieces
}

/** Leaves out every range in a wider one that lasts as long: it adds nothing. */
function withoutRedundant(sorted: readonly Ban[]): Ban[] {
  const kept: Ban[] = []
  const around: Ban[] = []
  for (const ban of sorted) {
    while (around.length > 0 && !around.at(-1)?.range.covers(ban.range)) around.pop()
    const outer = around.at(-1)
    // What is around lasts longer the deeper it lies, or it would not have been kept.
    if (outer && outer.expiresS >= ban.expiresS) continue
    around.push(ban)
    kept.push(ban)
  }
  return kept
}

/**
 * Gives `range`, which `outer` bans, without what `inner[start … end)` bans for longer, and that too:
 * halves until a half has nothing inside or is exactly one of them.
 */
function cut(
  outer: Ban,
  range: AddressRange,
  inner: readonly Ban[],
  start: number,
  end: number,
  pieces: Ban[],
  limit: number,
): void {
  if (pieces.length > limit) return
  if (start === end) {
    pieces.push({ ...outer, range })
    return
  }
  const first = inner[start] as Ban
  if (first.range.equals(range)) {
    cut(first, range, inner, start + 1, end, pieces, limit)
    return
  }
  const [low, high] = halves(range)
  let middle = start
  while (middle < end && low.covers((inner[middle] as Ban).range)) middle++
  cut(outer, low, inner, start, middle, pieces, limit)
  cut(outer, high, inner, middle, end, pieces, limit)
}

function halves(range: AddressRange): [AddressRange, AddressRange] {
  const length = range.prefixLength + 1
  return [AddressRange.of(range.first, length), AddressRange.of(range.last, length)]
}

function outermostBans(sorted: readonly Ban[]): Ban[] {
  const kept: Ban[] = []
  for (const ban of sorted) {
    if (!kept.at(-1)?.range.covers(ban.range)) kept.push(ban)
  }
  return kept
}

/** The same addresses without the ranges that lie in others, in order. */
export function outermostRanges(ranges: readonly AddressRange[]): AddressRange[] {
  const kept: AddressRange[] = []
  for (const range of ranges.toSorted(compareRanges)) {
    if (!kept.at(-1)?.covers(range)) kept.push(range)
  }
  return kept
}
