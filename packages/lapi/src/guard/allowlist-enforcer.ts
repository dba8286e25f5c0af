import { parseAddressOrRange } from '@tocsin/address'
import type { Store } from '@tocsin/store'
import type { Log } from '@tocsin/telemetry'
import { deliberateOrigins, type Guard } from './guard.ts'

/** Ends the decisions against whoever came onto an allowlist, however it came there. */
export class AllowlistEnforcer {
  readonly #store: Store
  readonly #guard: Guard
  readonly #log: Log
  #applied: ReadonlySet<string> | undefined

  constructor(store: Store, guard: Guard, log: Log) {
    this.#store = store
    this.#guard = guard
    this.#log = log
  }

  /**
   * Ends what is live against entries that are new since the last call; how many decisions that were.
   * At the first call it spares what a person decided: that may be newer than the entry, and deliberate.
   * @param resolved The addresses of allowlisted names.
   */
  async apply(resolved: readonly string[]): Promise<number> {
    const before = this.#applied
    const wanted = this.#entries(resolved)
    let count = 0
    for (const entry of wanted) {
      if (!before?.has(entry)) count += await this.#end(entry, before === undefined)
    }
    // Remembered only once all is done, so that a failure is made up for at the next call.
    this.#applied = wanted
    return count
  }

  async #end(entry: string, isFirst: boolean): Promise<number> {
    const range = parseAddressOrRange(entry)?.unmapped()
    if (!range) return 0
    const { decisions } = this.#store
    const filter = { range, rangeMatch: 'overlapping', includeSimulated: true } as const
    if (!decisions.has(filter)) return 0
    const found = new Set(decisions.query(filter).map(({ origin }) => origin))
    const origins = [...found].filter((origin) => !isFirst || !deliberateOrigins.has(origin))
    if (origins.length === 0) return 0
    const { count } = await decisions.expire({ ...filter, origins })
    this.#log.info({ entry, ended: count }, 'decisions ended by an allowlist')
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
