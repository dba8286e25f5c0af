import type { Selectable } from 'kysely'
import type { Ledger } from './ledger.ts'
import type {
  HubItemState,
  Machine,
  MachineStore,
  MachineUsage,
  NewMachine,
} from './machine-store.ts'
import type { Queries } from './sql/database.ts'
import type { MachineTable } from './sql/schema.ts'
import { storable } from './sql/text.ts'
import { StoreError } from './store-error.ts'

interface Info {
  readonly scenarios: readonly string[]
  readonly osName: string
  readonly osFamily: string
  readonly osVersion: string
  readonly featureFlags: readonly string[]
  readonly hubState: Readonly<Record<string, readonly HubItemState[]>>
  readonly datasources: Readonly<Record<string, number>>
}

type Known = Machine & { readonly id: number }

/** Machines: read from memory, written to SQL. Times of contact are written by `flush`. */
export class SqlMachineStore implements MachineStore {
  readonly #ledger: () => Ledger
  #byName = new Map<string, Known>()
  #names = new Map<number, string>()
  /** Machines whose times of contact are not in SQL yet. */
  #touched = new Set<string>()

  /** @param ledger Late, because the ledger reads people through this. */
  constructor(ledger: () => Ledger) {
    this.#ledger = ledger
  }

  async read(queries: Queries): Promise<void> {
    const rows = await queries.selectFrom('machines').selectAll().orderBy('id').execute()
    const before = this.#byName
    this.#byName = new Map()
    this.#names = new Map()
    for (const row of rows) {
      const machine = machineOf(row)
      const old = before.get(machine.machineId)
      // What is noted here and not written yet is newer than what SQL has.
      this.#remember(
        old?.id === machine.id ? { ...machine, ...latestContact(machine, old) } : machine,
      )
    }
  }

  /** The row of a machine; 0 when unknown. */
  idOf(machineId: string): number {
    return this.#byName.get(machineId)?.id ?? 0
  }

  /** Empty when the row is gone. */
  nameOf(id: number): string {
    return this.#names.get(id) ?? ''
  }

  find(machineId: string): Machine | undefined {
    return this.#byName.get(machineId)
  }

  list(): Machine[] {
    return [...this.#byName.values()]
  }

  async add(machine: NewMachine): Promise<Machine> {
    return this.#write(async (queries, nowMs, nextId) => {
      const machineId = storable(machine.machineId)
      if (this.#byName.has(machineId)) {
        throw new StoreError('TOC_STORE_EXISTS', `machine '${machineId}' exists`)
      }
      const known: Known = {
        id: nextId(),
        machineId,
        passwordHash: machine.passwordHash,
        ipAddress: machine.ipAddress,
        isValidated: machine.isValidated,
        authType: machine.authType,
        createdMs: nowMs,
        updatedMs: nowMs,
        lastPushMs: undefined,
        lastHeartbeatMs: undefined,
        version: '',
        scenarios: [],
        osName: '',
        osFamily: '',
        osVersion: '',
        featureFlags: [],
        hubState: {},
        datasources: {},
      }
      await queries.insertInto('machines').values(rowOf(known)).execute()
      return known
    }).then((known) => this.#remember(known))
  }

  replace(machine: NewMachine): Promise<boolean> {
    const { passwordHash, ipAddress, isValidated, authType } = machine
    return this.#update(machine.machineId, { passwordHash, ipAddress, isValidated, authType })
  }

  validate(machineId: string): Promise<boolean> {
    return this.#update(machineId, { isValidated: true })
  }

  async delete(machineId: string): Promise<boolean> {
    const known = this.#byName.get(machineId)
    if (!known) return false
    await this.#write(async (queries) => {
      await queries.deleteFrom('machines').where('id', '=', known.id).execute()
    })
    this.#byName.delete(machineId)
    this.#names.delete(known.id)
    return true
  }

  async updateLogin(
    machineId: string,
    login: {
      readonly scenarios?: readonly string[]
      readonly ipAddress?: string
      readonly version?: string
    },
  ): Promise<void> {
    const known = this.#byName.get(machineId)
    if (!known) return
    const { scenarios = [], ipAddress = known.ipAddress, version = known.version } = login
    const isSame =
      ipAddress === known.ipAddress &&
      version === known.version &&
      (scenarios.length === 0 || scenarios.join() === known.scenarios.join())
    if (isSame) return
    const kept = scenarios.length > 0 ? scenarios : known.scenarios
    await this.#update(machineId, { ipAddress, version, scenarios: kept })
  }

  async updateUsage(machineId: string, usage: MachineUsage): Promise<void> {
    const { version, osName, osFamily, osVersion, featureFlags, hubState, datasources } = usage
    const system = { version, osName, osFamily, osVersion, featureFlags }
    await this.#update(machineId, { ...system, hubState, datasources })
  }

  touchHeartbeat(machineId: string): void {
    this.#touch(machineId, { lastHeartbeatMs: this.#ledger().nowMs })
  }

  touchPush(machineId: string): void {
    this.#touch(machineId, { lastPushMs: this.#ledger().nowMs })
  }

  /** Writes times of contact down. */
  async flush(): Promise<void> {
    if (this.#touched.size === 0) return
    const touched = this.#touched
    this.#touched = new Set()
    try {
      await this.#ledger().write(async ({ queries }) => {
        for (const name of touched) {
          const known = this.#byName.get(name)
          if (!known) continue
          const last_push_ms = known.lastPushMs ?? null
          const last_heartbeat_ms = known.lastHeartbeatMs ?? null
          await queries
            .updateTable('machines')
            .set({ last_push_ms, last_heartbeat_ms })
            .where('id', '=', known.id)
            .execute()
        }
      })
    } catch (error) {
      for (const name of touched) this.#touched.add(name)
      throw error
    }
  }

  #touch(machineId: string, contact: Partial<Machine>): void {
    const known = this.#byName.get(machineId)
    if (!known) return
    this.#byName.set(machineId, { ...known, ...contact })
    this.#touched.add(machineId)
  }

  async #update(machineId: string, change: Partial<Machine>): Promise<boolean> {
    const changed = await this.#write(async (queries, nowMs) => {
      const known = this.#byName.get(machineId)
      if (!known) return undefined
      const changed = { ...known, ...change, updatedMs: nowMs }
      const { id, ...row } = rowOf(changed)
      await queries.updateTable('machines').set(row).where('id', '=', id).execute()
      return changed
    })
    if (!changed) return false
    const now = this.#byName.get(machineId)
    this.#remember(now ? { ...changed, ...latestContact(changed, now) } : changed)
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

  #remember(known: Known): Known {
    this.#byName.set(known.machineId, known)
    this.#names.set(known.id, known.machineId)
    return known
  }
}

function latestContact(a: Machine, b: Machine): Pick<Machine, 'lastPushMs' | 'lastHeartbeatMs'> {
  return {
    lastPushMs: later(a.lastPushMs, b.lastPushMs),
    lastHeartbeatMs: later(a.lastHeartbeatMs, b.lastHeartbeatMs),
  }
}

/** The later of two times, of which either may be missing. */
export function later(a: number | undefined, b: number | undefined): number | undefined {
  if (a === undefined) return b
  return b === undefined ? a : Math.max(a, b)
}

function machineOf(row: Selectable<MachineTable>): Known {
  const info: Partial<Info> = JSON.parse(row.info)
  return {
    id: row.id,
    machineId: row.machine_id,
    passwordHash: row.password_hash,
    ipAddress: row.ip_address,
    isValidated: row.validated === 1,
    authType: row.auth_type === 'tls' ? 'tls' : 'password',
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
    lastPushMs: row.last_push_ms ?? undefined,
    lastHeartbeatMs: row.last_heartbeat_ms ?? undefined,
    version: row.version,
    scenarios: info.scenarios ?? [],
    osName: info.osName ?? '',
    osFamily: info.osFamily ?? '',
    osVersion: info.osVersion ?? '',
    featureFlags: info.featureFlags ?? [],
    hubState: info.hubState ?? {},
    datasources: info.datasources ?? {},
  }
}

function rowOf(machine: Known): MachineTable {
  const { scenarios, osName, osFamily, osVersion, featureFlags, hubState, datasources } = machine
  const system = { osName, osFamily, osVersion, featureFlags }
  const info: Info = { scenarios, ...system, hubState, datasources }
  return {
    id: machine.id,
    machine_id: machine.machineId,
    password_hash: machine.passwordHash,
    ip_address: storable(machine.ipAddress),
    validated: machine.isValidated ? 1 : 0,
    auth_type: machine.authType,
    created_ms: machine.createdMs,
    updated_ms: machine.updatedMs,
    last_push_ms: machine.lastPushMs ?? null,
    last_heartbeat_ms: machine.lastHeartbeatMs ?? null,
    version: storable(machine.version),
    // JSON text writes a NUL as an escape, so any content can be stored.
    info: JSON.stringify(info),
  }
}
