import type { Family } from '@tocsin/address'
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
  readonly endsByItself: boolean
  standsAlone(family: Family, prefixLength: number): boolean
}

/** What differs between what should stand and what does. */
export interface Plan {
  /** How many entries should stand, in the enforcer's own cut. */
  readonly expected: number
  /** How many of these stand as they should, or will: their end or origin may still be wrong. */
  readonly standing: number
  readonly add: BanTable
  readonly update: BanTable
  /** What `update` takes the place of. */
  readonly replaced: BanTable
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
  const plan = new Comparison(held, nowS, holder.endsByItself)
  for (let index = 0; index < wanted.end; index++) {
    if (!wanted.has(index)) continue
    if (pieces) {
      if (!holder.standsAlone(wanted.familyAt(index), wanted.prefixLengthAt(index))) continue
      if (isLonger(pieces, pieces.findSame(wanted, index), wanted.expiresAt(index))) continue
    }
    plan.want(wanted, index)
  }
  for (let index = 0; pieces && index < pieces.end; index++) {
    // A piece may be of the kind that stands alone, and the same as a ban of its own: the longer holds.
    const isAlone = holder.standsAlone(pieces.familyAt(index), pieces.prefixLengthAt(index))
    const own = isAlone ? wanted.findSame(pieces, index) : -1
    if (own < 0 || isLonger(pieces, index, wanted.expiresAt(own))) plan.want(pieces, index)
  }
  for (let index = 0; index < held.end; index++) {
    if (!held.has(index)) continue
    const isAlone = holder.standsAlone(held.familyAt(index), held.prefixLengthAt(index))
    const own = !pieces || isAlone ? wanted.findSame(held, index) : -1
    if (isLonger(wanted, own, nowS)) continue
    if (pieces && isLonger(pieces, pieces.findSame(held, index), nowS)) continue
    plan.dismiss(index)
  }
  return plan
}

/** Whether there is such a ban, and it ends after this. */
function isLonger(table: BanTable, index: number, thanS: number): boolean {
  return index >= 0 && table.expiresAt(index) > thanS
}

class Comparison implements Plan {
  readonly add = new BanTable()
  readonly update = new BanTable()
  readonly replaced = new BanTable()
  readonly remove = new BanTable()
  readonly over = new BanTable()
  expected = 0
  standing = 0
  readonly #held: BanTable
  readonly #nowS: number
  readonly #endsByItself: boolean

  constructor(held: BanTable, nowS: number, endsByItself: boolean) {
    this.#endsByItself = endsByItself
    this.#held = held
    this.#nowS = nowS
  }

  /** A ban that should stand. */
  want(table: BanTable, index: number): void {
    const expiresS = table.expiresAt(index)
    if (expiresS <= this.#nowS) return
    this.expected++
    const held = this.#held
    const at = held.findSame(table, index)
    if (at < 0) {
      this.add.set(table.rangeAt(index), expiresS, table.originAt(index))
      return
    }
    const heldS = held.expiresAt(at)
    const isStanding = heldS > this.#nowS
    if (isStanding) this.standing++
    const origin = table.originAt(index)
    const isEndRight = isStanding && Math.abs(heldS - expiresS) <= toleranceS
    if (isEndRight && held.originAt(at) === origin) return
    const range = table.rangeAt(index)
    this.update.set(range, expiresS, origin)
    this.replaced.set(range, heldS, held.originAt(at))
  }

  /** A ban that stands and should not. */
  dismiss(index: number): void {
    const expiresS = this.#held.expiresAt(index)
    const isOver = this.#endsByItself && expiresS <= this.#nowS
    const target = isOver ? this.over : this.remove
    target.set(this.#held.rangeAt(index), expiresS, this.#held.originAt(index))
  }
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
    if (holder.standsAlone(wanted.familyAt(index), wanted.prefixLengthAt(index))) continue
    ranges.push(wanted.banAt(index))
  }
  return BanTable.of(flattenRanges(ranges, mostPieces))
}
