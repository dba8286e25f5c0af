import type { AddressRange } from '@tocsin/address'
import { Admission, type AdmissionOptions, type Refusal } from './admission.ts'
import { BanTable } from './ban-table.ts'
import type { FeedDecision } from './decision-feed.ts'
import { DecisionTable, type HeldDecision, type Strongest } from './decision-table.ts'
import { outermostRanges } from './flatten-ranges.ts'
import { originPriority } from './origin-priority.ts'

export interface DesiredSetOptions extends AdmissionOptions {
  /** How many bans may stand; beyond it the more important and the longer ones do. */
  readonly capacity?: number
}

/** What became of decisions: `{ admitted: 3, refused: { 'too-wide': 1 } }`. */
export interface Admitted {
  readonly admitted: number
  readonly refused: Readonly<Partial<Record<Refusal, number>>>
}

/** What is decided, and so what should stand. */
export class DesiredSet {
  readonly #admission: Admission
  #decisions = new DecisionTable(originPriority)
  /** The strongest of each range, all of them, whatever the capacity. */
  #bans = new BanTable()
  #capacity: number
  #allow: readonly AddressRange[]
  /** Counts up with every change, so that one who looked knows whether to look again. */
  version = 0

  constructor(options: DesiredSetOptions) {
    this.#admission = new Admission(options)
    this.#allow = outermostRanges(options.allow ?? [])
    this.#capacity = options.capacity ?? Number.POSITIVE_INFINITY
  }

  /** Decisions held, several about one range each counted. */
  get decisionCount(): number {
    return this.#decisions.size
  }

  /** Ranges that would stand with room for all. */
  get banCount(): number {
    return this.#bans.size
  }

  get capacity(): number {
    return this.#capacity
  }

  /** What never is banned, beside what no machine can do without: in order, none in another. */
  get allow(): readonly AddressRange[] {
    return this.#allow
  }

  /** From now on these are never banned, in place of those before. */
  protect(allow: readonly AddressRange[]): void {
    const kept = outermostRanges(allow)
    if (kept.join() === this.#allow.join()) return
    this.#allow = kept
    this.#admission.protect(kept)
    this.version++
    // What was decided before somebody was allowed: over for now, and back when that ends.
    this.#bans = new BanTable()
    this.#decisions.forEachRange((range) => this.#refresh(range))
  }

  /** Bounds what stands from now on, because there is no room for more. */
  limitTo(capacity: number): void {
    if (capacity === this.#capacity) return
    this.#capacity = capacity
    this.version++
  }

  /** Forgets all and takes these. */
  replaceAll(decisions: Iterable<FeedDecision>, receivedMs: number): Admitted {
    this.#decisions = new DecisionTable(originPriority)
    this.#bans = new BanTable()
    this.version++
    return this.add(decisions, receivedMs)
  }

  add(decisions: Iterable<FeedDecision>, receivedMs: number): Admitted {
    let admitted = 0
    const refused: Partial<Record<Refusal, number>> = {}
    for (const decision of decisions) {
      const held = this.#admission.admit(decision, receivedMs)
      if (typeof held === 'string') {
        refused[held] = (refused[held] ?? 0) + 1
        continue
      }
      this.put(held)
      admitted++
    }
    return { admitted, refused }
  }

  /** Takes a decision that was admitted before: one from a snapshot. */
  put(decision: HeldDecision): void {
    this.#decisions.put(decision)
    this.#refresh(decision.range)
  }

  /** Ends these decisions; others about the same addresses stay. */
  delete(decisions: Iterable<FeedDecision>): void {
    for (const decision of decisions) {
      const range = this.#admission.readRange(decision)
      if (typeof range === 'string') continue
      const label = this.#admission.labelOf(decision)
      if (this.#decisions.remove(decision.id ?? -1, range, label)) this.#refresh(range)
    }
  }

  /** Drops what is over. */
  sweep(nowS: number): void {
    this.#decisions.sweep(nowS, (range) => this.#refresh(range))
  }

  /** What holds for exactly this range, several decisions taken together. */
  strongest(range: AddressRange): Strongest | undefined {
    return this.#decisions.strongest(range)
  }

  decisions(): Generator<HeldDecision> {
    return this.#decisions.decisions()
  }

  /** What should stand: everything, or the most important when there is no room for all. */
  wanted(): BanTable {
    if (this.#bans.size <= this.#capacity) return this.#bans
    return this.#mostImportant()
  }

  #refresh(range: AddressRange): void {
    this.version++
    const strongest = this.#decisions.strongest(range)
    const isAllowed = this.#allow.some((allowed) => allowed.covers(range))
    if (!strongest || isAllowed) this.#bans.delete(range)
    else this.#bans.set(range, strongest.expiresS, strongest.origin)
  }

  #mostImportant(): BanTable {
    const byPriority: Ranked[][] = []
    this.#decisions.forEachRange((range, strongest) => {
      if (this.#bans.find(range) < 0) return
      let ranked = byPriority[strongest.priority]
      if (!ranked) {
        ranked = []
        byPriority[strongest.priority] = ranked
      }
      ranked.push({ range, strongest })
    })
    const kept = new BanTable()
    for (const ranked of byPriority) {
      if (!ranked) continue
      const room = this.#capacity - kept.size
      if (room <= 0) break
      if (ranked.length > room) ranked.sort((a, b) => b.strongest.expiresS - a.strongest.expiresS)
      for (const { range, strongest } of ranked.slice(0, room)) {
        kept.set(range, strongest.expiresS, strongest.origin)
      }
    }
    return kept
  }
}

interface Ranked {
  readonly range: AddressRange
  readonly strongest: Strongest
}
