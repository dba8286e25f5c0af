import type { AddressRange } from '@tocsin/address'
import { type Ban, BanTable } from './ban-table.ts'
import { flattenRanges } from './flatten-ranges.ts'

/**
 * How far an end may be from what it should be: kernels count in whole seconds, and between their
 * reading and ours time passes.
 */
const toleranceS = 3

/** What an enforcer must be known for to plan for it. */
export interface Holder {
  readonly needsDisjoint: boolean
  standsAlone(range: AddressRange): boolean
}

/** What differs between what should stand and what does. */
export interface Plan {
  /** How many entries should stand, in the enforcer's own cut. */
  readonly expected: number
  /** How many of these stand as they should, or will: their end or origin may still be wrong. */
  readonly standing: number
  readonly add: BanTable
  readonly update: BanTable
  readonly remove: BanTable
  /** Held, but over: the enforcer lets go of them by itself. */
  readonly over: BanTable
}

/** The most pieces that ranges are cut into. */
const mostPieces = 200_000

/**
 * Compares what should stand with what does. Costs one look-up an entry; hot path at a million, see
 * bench/desired-set.bench.ts.
 */
export function planChange(wanted: BanTable, held: BanTable, holder: Holder, nowS: number): Plan {
  const pieces = cutRanges(wanted, holder)
  const add = new BanTable()
  const update = new BanTable()
  let standing = 0
  let expected = 0
  const compare = (table: BanTable, index: number, range: AddressRange): void => {
    const expiresS = table.expiresAt(index)
    if (expiresS <= nowS) return
    expected++
    const at = held.find(range)
    if (at < 0) {
      add.set(range, expiresS, table.originAt(index))
      return
    }
    const heldS = held.expiresAt(at)
    if (heldS > nowS) standing++
    if (Math.abs(heldS - expiresS) <= toleranceS && held.originAt(at) === table.originAt(index)) {
      return
    }
    update.set(range, expiresS, table.originAt(index))
  }
  // A piece may be of the kind that stands alone, and the same as a ban of its own: the longer holds.
  const isPieceLonger = (range: AddressRange, index: number): boolean => {
    const at = pieces ? pieces.find(range) : -1
    return at >= 0 && pieces !== undefined && pieces.expiresAt(at) > wanted.expiresAt(index)
  }
  for (let index = 0; index < wanted.end; index++) {
    if (!wanted.has(index)) continue
    const range = wanted.rangeAt(index)
    if (pieces && (!holder.standsAlone(range) || isPieceLonger(range, index))) continue
    compare(wanted, index, range)
  }
  for (let index = 0; pieces && index < pieces.end; index++) {
    const range = pieces.rangeAt(index)
    const own = holder.standsAlone(range) ? wanted.find(range) : -1
    if (own < 0 || isPieceLonger(range, own)) compare(pieces, index, range)
  }
  const isWanted = (range: AddressRange): boolean => {
    const own = !pieces || holder.standsAlone(range) ? wanted.find(range) : -1
    if (own >= 0 && wanted.expiresAt(own) > nowS) return true
    const piece = pieces ? pieces.find(range) : -1
    return pieces !== undefined && piece >= 0 && pieces.expiresAt(piece) > nowS
  }
  const remove = new BanTable()
  const over = new BanTable()
  for (let index = 0; index < held.end; index++) {
    if (!held.has(index)) continue
    const range = held.rangeAt(index)
    if (isWanted(range)) continue
    const target = held.expiresAt(index) <= nowS ? over : remove
    target.set(range, held.expiresAt(index), held.originAt(index))
  }
  return { expected, standing, add, update, remove, over }
}

/** What was planned has been done: `held` holds it from now on. */
export function noteDone(plan: Plan, held: BanTable): void {
  for (const { range } of plan.over.bans()) held.delete(range)
  for (const { range } of plan.remove.bans()) held.delete(range)
  for (const { range, expiresS, origin } of plan.update.bans()) held.set(range, expiresS, origin)
  for (const { range, expiresS, origin } of plan.add.bans()) held.set(range, expiresS, origin)
}

/** The ranges that may not overlap, cut so that they do not; undefined when nothing needs that. */
function cutRanges(wanted: BanTable, holder: Holder): BanTable | undefined {
  if (!holder.needsDisjoint) return undefined
  const ranges: Ban[] = []
  for (let index = 0; index < wanted.end; index++) {
    if (!wanted.has(index)) continue
    const range = wanted.rangeAt(index)
    if (!holder.standsAlone(range)) ranges.push(wanted.banAt(index))
  }
  return BanTable.of(flattenRanges(ranges, mostPieces))
}
