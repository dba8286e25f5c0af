import { randomUUID } from 'node:crypto'
import type { ConfigStore } from './config-store.ts'
import type { Ledger } from './ledger.ts'

/** Values by name, and locks, in SQL alone. */
export class SqlConfigStore implements ConfigStore {
  readonly #ledger: Ledger

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  async get(name: string): Promise<string | undefined> {
    const row = await this.#ledger.database.reader
      .selectFrom('config_items')
      .select('value')
      .where('name', '=', name)
      .executeTakeFirst()
    return row?.value
  }

  set(name: string, value: string): Promise<void> {
    return this.#ledger.write(async ({ queries }) => {
      await queries.deleteFrom('config_items').where('name', '=', name).execute()
      await queries.insertInto('config_items').values({ name, value }).execute()
    })
  }

  delete(name: string): Promise<void> {
    return this.#ledger.write(async ({ queries }) => {
      await queries.deleteFrom('config_items').where('name', '=', name).execute()
    })
  }

  async lock(name: string, staleMs: number): Promise<AsyncDisposable | undefined> {
    const holder = randomUUID()
    const isTaken = await this.#ledger.write(async ({ queries, nowMs }) => {
      await queries
        .deleteFrom('locks')
        .where('name', '=', name)
        .where('taken_ms', '<=', nowMs - staleMs)
        .execute()
      const other = await queries
        .selectFrom('locks')
        .select('holder')
        .where('name', '=', name)
        .executeTakeFirst()
      if (other) return false
      await queries.insertInto('locks').values({ name, holder, taken_ms: nowMs }).execute()
      return true
    })
    if (!isTaken) return undefined
    const release = () =>
      this.#ledger.write(async ({ queries }) => {
        // Only its own: it may have been stolen as stale.
        await queries
          .deleteFrom('locks')
          .where('name', '=', name)
          .where('holder', '=', holder)
          .execute()
      })
    return { [Symbol.asyncDispose]: release }
  }
}
