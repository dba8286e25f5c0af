import { AllowlistIndex } from './allowlist-index.ts'
import type {
  Allowlist,
  AllowlistItem,
  AllowlistMatch,
  AllowlistStore,
  NewAllowlist,
  NewAllowlistItem,
} from './allowlist-store.ts'
import type { Entry, Ledger } from './ledger.ts'
import { partsOf, upsertRows } from './sql/bulk.ts'
import type { Queries } from './sql/database.ts'
import { storable } from './sql/text.ts'
import { StoreError } from './store-error.ts'

interface Known extends Omit<Allowlist, 'items'> {
  readonly id: number
  readonly items: ReadonlyMap<string, AllowlistItem>
}

const itemColumns = ['allowlist', 'value', 'comment', 'created_ms', 'expires_ms'] as const

/** Allowlists: read from memory, written to SQL. */
export class SqlAllowlistStore implements AllowlistStore {
  readonly #ledger: () => Ledger
  #byName = new Map<string, Known>()
  #addresses: ReadonlyMap<string, readonly string[]> = new Map()
  /** Made when it is wanted after a change. */
  #index: AllowlistIndex | undefined

  /** @param ledger Late, because the ledger reads people through this. */
  constructor(ledger: () => Ledger) {
    this.#ledger = ledger
  }

  async read(queries: Queries): Promise<void> {
    const lists = await queries.selectFrom('allowlists').selectAll().orderBy('name').execute()
    const rows = await queries.selectFrom('allowlist_items').selectAll().execute()
    const items = new Map(lists.map(({ id }) => [id, new Map<string, AllowlistItem>()]))
    for (const { allowlist, value, comment, created_ms, expires_ms } of rows) {
      const item = { value, comment, createdMs: created_ms, expiresMs: expires_ms ?? undefined }
      items.get(allowlist)?.set(value, item)
    }
    this.#byName = new Map(
      lists.map((row) => [
        row.name,
        {
          id: row.id,
          name: row.name,
          description: row.description,
          allowlistId: row.allowlist_id,
          isFromConsole: row.from_console === 1,
          createdMs: row.created_ms,
          updatedMs: row.updated_ms,
          items: items.get(row.id) ?? new Map(),
        },
      ]),
    )
    this.#index = undefined
  }

  list(): Allowlist[] {
    const nowMs = this.#ledger().nowMs
    return [...this.#byName.values()].map((list) => shown(list, nowMs))
  }

  get(name: string): Allowlist | undefined {
    const known = this.#byName.get(name)
    return known && shown(known, this.#ledger().nowMs)
  }

  async create(list: NewAllowlist): Promise<Allowlist> {
    await this.#write(async ({ queries, nowMs, state }) => {
      const name = storable(list.name)
      if (this.#byName.has(name)) {
        throw new StoreError('TOC_STORE_EXISTS', `allowlist '${name}' exists`)
      }
      const row = {
        id: ++state.last_person,
        name,
        description: storable(list.description),
        allowlist_id: storable(list.allowlistId ?? ''),
        from_console: list.isFromConsole ? (1 as const) : (0 as const),
        created_ms: nowMs,
        updated_ms: nowMs,
      }
      await queries.insertInto('allowlists').values(row).execute()
    })
    return this.#require(storable(list.name))
  }

  update(
    name: string,
    change: { readonly name?: string; readonly description?: string },
  ): Promise<boolean> {
    return this.#write(async ({ queries, nowMs }) => {
      const known = this.#byName.get(name)
      if (!known) return false
      const renamed = storable(change.name ?? name)
      if (renamed !== name && this.#byName.has(renamed)) {
        throw new StoreError('TOC_STORE_EXISTS', `allowlist '${renamed}' exists`)
      }
      const description = storable(change.description ?? known.description)
      await queries
        .updateTable('allowlists')
        .set({ name: renamed, description, updated_ms: nowMs })
        .where('id', '=', known.id)
        .execute()
      return true
    })
  }

  delete(name: string): Promise<boolean> {
    return this.#write(async ({ queries }) => {
      const known = this.#byName.get(name)
      if (!known) return false
      await queries.deleteFrom('allowlist_items').where('allowlist', '=', known.id).execute()
      await queries.deleteFrom('allowlists').where('id', '=', known.id).execute()
      return true
    })
  }

  addItems(name: string, items: readonly NewAllowlistItem[]): Promise<number> {
    return this.#write(async (entry) => {
      const known = this.#known(name)
      const fresh = items.filter((item) => !known.items.has(storable(item.value)))
      return this.#insert(entry, known.id, fresh)
    })
  }

  removeItems(name: string, values: readonly string[]): Promise<number> {
    return this.#write(async (entry) => {
      const known = this.#known(name)
      const found = [...new Set(values)].filter((value) => known.items.has(value))
      for (const part of partsOf(found)) {
        await entry.queries
          .deleteFrom('allowlist_items')
          .where('allowlist', '=', known.id)
          .where('value', 'in', part)
          .execute()
      }
      await this.#touch(entry, known.id)
      return found.length
    })
  }

  replaceItems(name: string, items: readonly NewAllowlistItem[]): Promise<void> {
    return this.#write(async (entry) => {
      const { id } = this.#known(name)
      await entry.queries.deleteFrom('allowlist_items').where('allowlist', '=', id).execute()
      await this.#insert(entry, id, items)
    })
  }

  check(target: string): AllowlistMatch[] | undefined {
    return this.#current().check(target, this.#ledger().nowMs)
  }

  names(): string[] {
    return [...this.#current().names]
  }

  resolveNames(addresses: ReadonlyMap<string, readonly string[]>): void {
    this.#addresses = addresses
    this.#index = undefined
  }

  #current(): AllowlistIndex {
    this.#index ??= new AllowlistIndex(
      [...this.#byName.values()].map((list) => ({ ...list, items: [...list.items.values()] })),
      this.#addresses,
    )
    return this.#index
  }

  async #insert(entry: Entry, id: number, items: readonly NewAllowlistItem[]): Promise<number> {
    const { nowMs, queries } = entry
    const rows = new Map(
      items.map((item) => {
        const value = storable(item.value)
        const comment = storable(item.comment ?? '')
        return [value, [id, value, comment, item.createdMs ?? nowMs, item.expiresMs ?? null]]
      }),
    )
    const { kind } = this.#ledger().database
    await upsertRows(queries, kind, 'allowlist_items', itemColumns, [...rows.values()])
    await this.#touch(entry, id)
    return rows.size
  }

  async #touch({ queries, nowMs }: Entry, id: number): Promise<void> {
    await queries
      .updateTable('allowlists')
      .set({ updated_ms: nowMs })
      .where('id', '=', id)
      .execute()
  }

  /** Allowlists change seldom: they are read again as a whole, as other processes will. */
  async #write<T>(work: (entry: Entry) => Promise<T>): Promise<T> {
    const ledger = this.#ledger()
    const result = await ledger.write((entry) => {
      entry.touchPeople()
      return work(entry)
    })
    await this.read(ledger.database.reader)
    return result
  }

  #known(name: string): Known {
    const known = this.#byName.get(name)
    if (!known) throw new StoreError('TOC_STORE_NOT_FOUND', `allowlist '${name}' not found`)
    return known
  }

  #require(name: string): Allowlist {
    return shown(this.#known(name), this.#ledger().nowMs)
  }
}

function shown(known: Known, nowMs: number): Allowlist {
  const { id: _, items, ...list } = known
  const isCurrent = (item: AllowlistItem) => item.expiresMs === undefined || item.expiresMs >= nowMs
  return { ...list, items: [...items.values()].filter(isCurrent) }
}
