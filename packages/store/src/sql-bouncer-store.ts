import type { Selectable } from 'kysely'
import type { Bouncer, BouncerStore, NewBouncer } from './bouncer-store.ts'
import type { StreamPosition } from './decision-store.ts'
import type { Ledger } from './ledger.ts'
import type { SystemInfo } from './machine-store.ts'
import type { Queries } from './sql/database.ts'
import type { BouncerTable } from './sql/schema.ts'
import { storable } from './sql/text.ts'
import { later } from './sql-machine-store.ts'
import { StoreError } from './store-error.ts'

type Info = Omit<SystemInfo, 'version'>

/** Bouncers: read from memory, written to SQL. Positions and times of contact are written by `flush`. */
export class SqlBouncerStore implements BouncerStore {
  readonly #ledger: () => Ledger
  #byName = new Map<string, Bouncer>()
  #byKey = new Map<string, Bouncer[]>()
  #touched = new Set<string>()

  /** @param ledger Late, because the ledger reads people through this. */
  constructor(ledger: () => Ledger) {
    this.#ledger = ledger
  }

  async read(queries: Queries): Promise<void> {
    const rows = await queries.selectFrom('bouncers').selectAll().orderBy('id').execute()
    const before = this.#byName
    this.#byName = new Map()
    for (const row of rows) {
      const bouncer = bouncerOf(row)
      const old = before.get(bouncer.name)
      const isSame = old?.id === bouncer.id
      this.#byName.set(bouncer.name, isSame ? { ...bouncer, ...latestPull(bouncer, old) } : bouncer)
    }
    this.#byKey.clear()
  }

  findByKey(keyHash: string): readonly Bouncer[] {
    if (this.#byKey.size === 0) this.#indexKeys()
    return this.#byKey.get(keyHash) ?? []
  }

  find(name: string): Bouncer | undefined {
    return this.#byName.get(name)
  }

  list(): Bouncer[] {
    return [...this.#byName.values()]
  }

  async add(bouncer: NewBouncer): Promise<Bouncer> {
    const added = await this.#write(async (queries, nowMs, nextId) => {
      const name = storable(bouncer.name)
      if (this.#byName.has(name)) {
        throw new StoreError('TOC_STORE_EXISTS', `bouncer '${name}' exists`)
      }
      const known: Bouncer = {
        id: nextId(),
        name,
        keyHash: bouncer.keyHash,
        ipAddress: bouncer.ipAddress,
        authType: bouncer.authType,
        isAutoCreated: bouncer.isAutoCreated,
        isRevoked: false,
        type: bouncer.type ?? '',
        version: bouncer.version ?? '',
        createdMs: nowMs,
        updatedMs: nowMs,
        lastPullMs: undefined,
        position: undefined,
        osName: '',
        osFamily: '',
        osVersion: '',
        featureFlags: [],
      }
      await queries.insertInto('bouncers').values(rowOf(known)).execute()
      return known
    })
    this.#remember(added)
    this.#byKey.clear()
    return added
  }

  async delete(name: string): Promise<boolean> {
    const known = this.#byName.get(name)
    if (!known) return false
    await this.#write(async (queries) => {
      await queries.deleteFrom('bouncers').where('id', '=', known.id).execute()
    })
    this.#byName.delete(name)
    this.#byKey.clear()
    return true
  }

  setRevoked(name: string, isRevoked: boolean): Promise<boolean> {
    return this.#update(name, { isRevoked })
  }

  async updateContact(
    name: string,
    contact: { readonly ipAddress?: string; readonly type?: string; readonly version?: string },
  ): Promise<void> {
    const known = this.#byName.get(name)
    if (!known) return
    const { ipAddress = known.ipAddress, type = known.type, version = known.version } = contact
    if (ipAddress === known.ipAddress && type === known.type && version === known.version) return
    await this.#update(name, { ipAddress, type, version })
  }

  async updateUsage(name: string, usage: SystemInfo): Promise<void> {
    const { version, osName, osFamily, osVersion, featureFlags } = usage
    await this.#update(name, { version, osName, osFamily, osVersion, featureFlags })
  }

  touchPull(name: string): void {
    this.#touch(name, { lastPullMs: this.#ledger().nowMs })
  }

  setPosition(name: string, position: StreamPosition): void {
    this.#touch(name, { lastPullMs: position.pullMs, position })
  }

  /** Writes positions and times of contact down. */
  async flush(): Promise<void> {
    if (this.#touched.size === 0) return
    const touched = this.#touched
    this.#touched = new Set()
    try {
      await this.#ledger().write(async ({ queries }) => {
        for (const name of touched) {
          const known = this.#byName.get(name)
          if (!known) continue
          await queries
            .updateTable('bouncers')
            .set(pullColumns(known))
            .where('id', '=', known.id)
            .execute()
        }
      })
    } catch (error) {
      for (const name of touched) this.#touched.add(name)
      throw error
    }
  }

  #touch(name: string, contact: Partial<Bouncer>): void {
    const known = this.#byName.get(name)
    if (!known) return
    this.#remember({ ...known, ...contact })
    this.#touched.add(name)
  }

  async #update(name: string, change: Partial<Bouncer>): Promise<boolean> {
    const changed = await this.#write(async (queries, nowMs) => {
      const known = this.#byName.get(name)
      if (!known) return undefined
      const changed = { ...known, ...change, updatedMs: nowMs }
      const { id, ...row } = rowOf(changed)
      await queries.updateTable('bouncers').set(row).where('id', '=', id).execute()
      return changed
    })
    if (!changed) return false
    // A pull may have come meanwhile.
    const now = this.#byName.get(name)
    this.#remember(now ? { ...changed, ...latestPull(changed, now) } : changed)
    return true
  }

  #write<T>(
    work: (queries: Queries, nowMs: number, nextId: () => number) => Promise<T>,
  ): Promise<T> {
    return this.#ledger().write((entry) => {
      entry.touchPeople()
      return work(entry.queries, entry.nowMs, () => ++entry.state.last_person)
    })
  }

  #remember(bouncer: Bouncer): void {
    this.#byName.set(bouncer.name, bouncer)
    const sameKey = this.#byKey.get(bouncer.keyHash)
    const at = sameKey?.findIndex((other) => other.id === bouncer.id) ?? -1
    if (sameKey && at >= 0) sameKey[at] = bouncer
  }

  #indexKeys(): void {
    for (const bouncer of this.#byName.values()) {
      const sameKey = this.#byKey.get(bouncer.keyHash)
      if (sameKey) sameKey.push(bouncer)
      else this.#byKey.set(bouncer.keyHash, [bouncer])
    }
  }
}

function latestPull(a: Bouncer, b: Bouncer): Pick<Bouncer, 'lastPullMs' | 'position'> {
  const isLaterB = (b.position?.pullMs ?? -1) > (a.position?.pullMs ?? -1)
  return {
    lastPullMs: later(a.lastPullMs, b.lastPullMs),
    position: isLaterB ? b.position : a.position,
  }
}

function pullColumns(bouncer: Bouncer) {
  return {
    last_pull_ms: bouncer.lastPullMs ?? null,
    position_seq: bouncer.position?.seq ?? null,
    position_ms: bouncer.position?.pullMs ?? null,
  }
}

function bouncerOf(row: Selectable<BouncerTable>): Bouncer {
  const info: Partial<Info> = JSON.parse(row.info)
  const { position_seq: seq, position_ms: pullMs } = row
  return {
    id: row.id,
    name: row.name,
    keyHash: row.key_hash,
    ipAddress: row.ip_address,
    authType: row.auth_type === 'tls' ? 'tls' : 'api-key',
    isAutoCreated: row.auto_created === 1,
    isRevoked: row.revoked === 1,
    type: row.type,
    version: row.version,
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
    lastPullMs: row.last_pull_ms ?? undefined,
    position: seq === null || pullMs === null ? undefined : { seq, pullMs },
    osName: info.osName ?? '',
    osFamily: info.osFamily ?? '',
    osVersion: info.osVersion ?? '',
    featureFlags: info.featureFlags ?? [],
  }
}

function rowOf(bouncer: Bouncer): BouncerTable {
  const { osName, osFamily, osVersion, featureFlags } = bouncer
  const info: Info = { osName, osFamily, osVersion, featureFlags }
  return {
    id: bouncer.id,
    name: bouncer.name,
    key_hash: bouncer.keyHash,
    ip_address: storable(bouncer.ipAddress),
    auth_type: bouncer.authType,
    auto_created: bouncer.isAutoCreated ? 1 : 0,
    revoked: bouncer.isRevoked ? 1 : 0,
    type: storable(bouncer.type),
    version: storable(bouncer.version),
    created_ms: bouncer.createdMs,
    updated_ms: bouncer.updatedMs,
    ...pullColumns(bouncer),
    info: JSON.stringify(info),
  }
}
