import type { Clock } from '@tocsin/model'
import { sql } from 'kysely'
import type { DecisionRow } from './decision-store.ts'
import type { DecisionChange, DecisionMemory } from './memory/decision-memory.ts'
import type { Kind, KnownKind } from './memory/kinds.ts'
import { targetOfRow } from './memory/target.ts'
import type { Database, Queries, WriteQueries } from './sql/database.ts'
import { Mutex } from './sql/mutex.ts'
import type { StateTable } from './sql/schema.ts'

/** One transaction: its queries, the counters it may raise, and what it changed. */
export interface Entry {
  readonly queries: WriteQueries
  readonly nowMs: number
  /** The change number this transaction has if it changes decisions. */
  readonly seq: number
  /** Counters of ids; raise them, they are written at the end. */
  readonly state: StateTable
  /** What the memory takes over once it is durable; ascending by id. */
  readonly changes: DecisionChange[]
  /** Machines, bouncers or allowlists changed: other processes shall read them again. */
  touchPeople(): void
  /** The kind, made when it is new. */
  kindOf(kind: Kind): KnownKind
}

const decisionColumns = ['id', 'kind', 'until_ms', 'told_ms', 'uuid', 'value'] as const

/**
 * The one way to write. Every transaction locks the row of counters first, so all writers of all
 * processes stand in one line: change numbers come in the order of commits, and the memory, brought up to
 * date under the lock, shows what a new decision meets.
 */
export class Ledger {
  readonly database: Database
  readonly memory: DecisionMemory
  readonly #clock: Clock
  readonly #mutex = new Mutex()
  /** The `people` counter as this process knows it. */
  #people = -1
  readonly #readPeople: (queries: Queries) => Promise<void>

  constructor(options: {
    readonly database: Database
    readonly memory: DecisionMemory
    readonly clock: Clock
    /** Reads machines, bouncers and allowlists again. */
    readonly readPeople: (queries: Queries) => Promise<void>
  }) {
    this.database = options.database
    this.memory = options.memory
    this.#clock = options.clock
    this.#readPeople = options.readPeople
  }

  /** Runs a transaction; durable, and in the memory, when it resolves. */
  write<T>(work: (entry: Entry) => Promise<T>): Promise<T> {
    return this.#mutex.run(async () => {
      const { kinds } = this.memory
      let knownKinds = kinds.lastId
      let entry: Entry | undefined
      try {
        const result = await this.database.write(async (queries) => {
          const state = await this.#lock(queries)
          await this.#catchUp(queries, state)
          await this.#meetPeople(queries, state)
          knownKinds = kinds.lastId
          entry = this.#begin(queries, state)
          const before = { ...state }
          const result = await work(entry)
          await this.#finish(entry, before, knownKinds)
          return result
        })
        if (entry) this.#publish(entry)
        return result
      } catch (error) {
        kinds.truncate(knownKinds)
        throw error
      }
    })
  }

  /** Takes over what other processes wrote. */
  follow(): Promise<void> {
    return this.#mutex.run(async () => {
      const queries = this.database.reader
      const state = await queries.selectFrom('state').selectAll().executeTakeFirstOrThrow()
      await this.#catchUp(queries, state)
      await this.#meetPeople(queries, state)
    })
  }

  /** Reads machines, bouncers and allowlists again, after deleting some of them beside their stores. */
  followPeople(): Promise<void> {
    this.#people = -1
    return this.follow()
  }

  async #meetPeople(queries: Queries, state: StateTable): Promise<void> {
    if (state.people === this.#people) return
    await this.#readPeople(queries)
    await this.#forgetKinds(queries)
    this.#people = state.people
  }

  async #lock(queries: WriteQueries): Promise<StateTable> {
    const query = queries.selectFrom('state').selectAll()
    const { kind } = this.database
    // SQLite's transaction has the lock already.
    return { ...(await (kind === 'sqlite' ? query : query.forUpdate()).executeTakeFirstOrThrow()) }
  }

  async #catchUp(queries: Queries, state: StateTable): Promise<void> {
    const { memory } = this
    if (state.last_kind > memory.kinds.lastId) await this.readKinds(queries)
    if (state.seq <= memory.seq) return
    const rows = await queries
      .selectFrom('decisions')
      .select(decisionColumns)
      .where('seq', '>', memory.seq)
      .orderBy('id')
      .execute()
    memory.apply(
      state.seq,
      rows.map((row) => ({
        id: row.id,
        kind: row.kind,
        untilMs: row.until_ms,
        toldMs: row.told_ms ?? row.until_ms,
        uuid: row.uuid ?? '',
        target: targetOfRow(memory.kinds.get(row.kind).scope, row.value),
      })),
    )
  }

  /** Forgets the kinds that retention has deleted, here or in another process: none may be used again. */
  async #forgetKinds(queries: Queries): Promise<void> {
    const { kinds } = this.memory
    const rows = await queries.selectFrom('kinds').select('id').execute()
    if (rows.length >= kinds.size) return
    const kept = new Set(rows.map((row) => row.id))
    kinds.retain((id) => kept.has(id))
  }

  async readKinds(queries: Queries): Promise<void> {
    const { kinds } = this.memory
    const rows = await queries
      .selectFrom('kinds')
      .selectAll()
      .where('id', '>', kinds.lastId)
      .execute()
    for (const row of rows) kinds.add(row.id, { ...row, isSimulated: row.simulated === 1 })
  }

  #begin(queries: WriteQueries, state: StateTable): Entry {
    const { kinds } = this.memory
    return {
      queries,
      nowMs: this.memory.advance(),
      seq: state.seq + 1,
      state,
      changes: [],
      touchPeople() {
        state.people++
      },
      kindOf: (kind) => kinds.find(kind) ?? kinds.add(++state.last_kind, kind),
    }
  }

  async #finish(entry: Entry, before: StateTable, knownKinds: number): Promise<void> {
    const { queries, state, changes } = entry
    const { kinds } = this.memory
    for (let id = knownKinds + 1; id <= kinds.lastId; id++) {
      const { origin, scenario, type, scope, isSimulated } = kinds.get(id)
      const simulated = isSimulated ? 1 : 0
      await queries
        .insertInto('kinds')
        .values({ id, origin, scenario, type, scope, simulated })
        .execute()
    }
    if (changes.length > 0) state.seq = entry.seq
    const isSame = Object.entries(state).every(
      ([name, n]) => before[name as keyof StateTable] === n,
    )
    if (isSame) return
    await queries.updateTable('state').set(state).execute()
    if (state.seq !== before.seq || state.people !== before.people) {
      await this.database.notify(queries)
    }
  }

  #publish(entry: Entry): void {
    const { state, changes } = entry
    if (changes.length > 0) this.memory.apply(entry.seq, changes)
    this.#people = state.people
  }

  get nowMs(): number {
    return this.#clock.nowMs()
  }

  /** A row of SQL as callers see it. */
  async rowOf(row: {
    readonly id: number
    readonly kind: number
    readonly until_ms: number
    readonly uuid: string | null
    readonly value: string
  }): Promise<DecisionRow> {
    // Another process may have made the kind a moment ago.
    if (!this.memory.kinds.byId[row.kind]) await this.readKinds(this.database.reader)
    const { origin, type, scope, scenario, isSimulated } = this.memory.kinds.get(row.kind)
    const { id, value, until_ms: untilMs } = row
    return { id, uuid: row.uuid ?? '', origin, type, scope, value, scenario, isSimulated, untilMs }
  }

  /** Throws when the database does not answer. */
  async ping(): Promise<void> {
    await sql`SELECT 1`.execute(this.database.reader)
  }
}
