import { type AddressRange, parseAddressOrRange } from '@tocsin/address'
import type { Clock } from '@tocsin/model'
import type { Profile } from '@tocsin/profile'
import type { Store } from '@tocsin/store'

interface PastDecision {
  readonly madeMs: number
}

/** What was decided before, by value. */
export type Past = ReadonlyMap<string, readonly PastDecision[]>

const maxAlerts = 1_000
const maxValues = 10_000

/**
 * What was decided about somebody before, for profiles that make repeated offenders wait longer.
 * Expressions cannot wait, so `fetch` gets what they may ask for first; live decisions need no fetching.
 */
export class DecisionHistory {
  readonly #store: Store
  readonly #clock: Clock
  #past: Past = new Map()

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  /** Fetches the past of these values, for `use`. */
  async fetch(values: Iterable<string>): Promise<Past> {
    const past = new Map<string, readonly PastDecision[]>()
    for (const value of new Set(values)) {
      if (past.size >= maxValues) break
      const range = parseAddressOrRange(value)?.unmapped()
      if (range) past.set(value, await this.#fetch(range))
    }
    return past
  }

  /** Answers from this past until the next call: whoever evaluates in between must not wait. */
  use(past: Past): void {
    this.#past = past
  }

  /** All decisions whose range covers the value, expired included. */
  count(value: string): number {
    return this.#past.get(value)?.length ?? this.countActive(value)
  }

  countSince(value: string, sinceMs: number): number {
    return this.#past.get(value)?.filter(({ madeMs }) => madeMs >= sinceMs).length ?? 0
  }

  countActive(value: string): number {
    return this.#active(value).length
  }

  activeUntilMs(value: string): number | undefined {
    const ends = this.#active(value).map(({ untilMs }) => untilMs)
    return ends.length === 0 ? undefined : Math.max(...ends)
  }

  #active(value: string) {
    const range = parseAddressOrRange(value)?.unmapped()
    if (!range) return []
    const filter = { range, rangeMatch: 'covering', includeSimulated: true } as const
    return this.#store.decisions
      .query(filter)
      .filter(({ untilMs }) => untilMs > this.#clock.nowMs())
  }

  async #fetch(range: AddressRange): Promise<PastDecision[]> {
    const filter = { range, rangeMatch: 'covering' } as const
    const alerts = await this.#store.alerts.query(filter, { limit: maxAlerts })
    return alerts.flatMap(({ decisions, createdMs }) => {
      const about = decisions.filter(({ value }) => {
        return parseAddressOrRange(value)?.unmapped().covers(range) ?? false
      })
      return about.map(() => ({ madeMs: createdMs }))
    })
  }
}

/** Whether any expression of the profiles asks for past decisions. */
export function asksForHistory(profiles: readonly Profile[]): boolean {
  return profiles.some(({ filters, duration }) => {
    const sources = [...filters, ...(duration ? [duration] : [])].map(({ source }) => source)
    return sources.some((source) => /\bGet(?:Active)?Decisions/.test(source))
  })
}
