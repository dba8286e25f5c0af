import { parseAddressOrRange } from '@tocsin/address'
import type { Store } from '@tocsin/store'
import type { Log } from '@tocsin/telemetry'
import type { Guard } from './guard.ts'

/** Ends the decisions against whoever came onto an allowlist, however it came there. */
export class AllowlistEnforcer {
  readonly #store: Store
  readonly #guard: Guard
  readonly #log: Log
  #applied: ReadonlySet<string> = new Set()

  constructor(store: Store, guard: Guard, log: Log) {
    this.#store = store
    this.#guard = guard
    this.#log = log
  }

  /**
   * Ends what is live against entries that are new since the last call; how many decisions that were.
   * @param resolved The addresses of allowlisted names.
   */
  async apply(resolved: readonly string[]): Promise<number> {
    const wanted = this.#entries(resolved)
    const fresh = [...wanted].filter((entry) => !this.#applied.has(entry))
    let count = 0
    for (const entry of fresh) {
      const range = parseAddressOrRange(entry)?.unmapped()
      if (!range) continue
      const filter = { range, rangeMatch: 'overlapping', includeSimulated: true } as const
      if (!this.#store.decisions.has(filter)) continue
      const { count: ended } = await this.#store.decisions.expire(filter)
      this.#log.info({ entry, ended }, 'decisions ended by an allowlist')
      count += ended
    }
    // Remembered only once all is done, so that a failure is made up for at the next call.
    this.#applied = wanted
    return count
  }

  #entries(resolved: readonly string[]): Set<string> {
    const entries = new Set<string>(resolved)
    for (const list of this.#store.allowlists.list()) {
      for (const item of list.items) entries.add(item.value)
    }
    for (const { range } of this.#guard.neverBan.entries) entries.add(range.toString())
    return entries
  }
}
