import { setImmediate as nextTurn } from 'node:timers/promises'
import { sql } from 'kysely'
import { alertConditions } from './alert-conditions.ts'
import { readDetail, writeDetail } from './alert-detail.ts'
import type { AlertFilter, AlertPage, AlertRow, AlertStore, NewAlert } from './alert-store.ts'
import { DecisionPlan, endOf } from './decision-plan.ts'
import type { DecisionRow, ImportReport, NewDecision } from './decision-store.ts'
import type { Entry, Ledger } from './ledger.ts'
import { partsOf, upsertRows } from './sql/bulk.ts'
import type { Queries } from './sql/database.ts'
import type { AlertTable } from './sql/schema.ts'
import { storable } from './sql/text.ts'
import type { SqlMachineStore } from './sql-machine-store.ts'

/** Alerts that share one transaction, at most. */
const maxPerTransaction = 512
/** Alerts deleted in one transaction. */
const deletedAtOnce = 500

const alertColumns = [
  'id',
  'uuid',
  'created_ms',
  'machine',
  'scenario',
  'scenario_hash',
  'scenario_version',
  'message',
  'events_count',
  'capacity',
  'leak_speed',
  'start_ms',
  'stop_ms',
  'simulated',
  'remediation',
  'kind',
  'source_scope',
  'source_value',
  'source_ip',
  'source_range',
  'source_as_number',
  'source_as_name',
  'source_country',
  'source_latitude',
  'source_longitude',
  'detail',
] as const

interface Job {
  readonly alerts: readonly NewAlert[]
  readonly resolve: (ids: string[]) => void
  readonly reject: (error: unknown) => void
}

/** Alerts in SQL. Those that arrive while a transaction runs share the next one. */
export class SqlAlertStore implements AlertStore {
  readonly #ledger: Ledger
  readonly #machines: SqlMachineStore
  #waiting: Job[] = []
  #isWriting = false

  constructor(ledger: Ledger, machines: SqlMachineStore) {
    this.#ledger = ledger
    this.#machines = machines
  }

  insert(alerts: readonly NewAlert[]): Promise<string[]> {
    if (alerts.length === 0) return Promise.resolve([])
    return new Promise((resolve, reject) => {
      this.#waiting.push({ alerts, resolve, reject })
      if (!this.#isWriting) void this.#writeWaiting()
    })
  }

  /** Never rejects: each job hears of its own failure. */
  async #writeWaiting(): Promise<void> {
    this.#isWriting = true
    // Whatever else came with this turn of the event loop joins.
    await nextTurn()
    while (this.#waiting.length > 0) {
      const jobs = this.#takeWaiting()
      try {
        await this.#writeJobs(jobs)
      } catch (error) {
        const [only] = jobs
        if (only && jobs.length === 1) only.reject(error)
        // One alert that the database refuses must not cost the others.
        else for (const job of jobs) await this.#writeJobs([job]).catch(job.reject)
      }
    }
    this.#isWriting = false
  }

  #takeWaiting(): Job[] {
    let count = 0
    let alerts = 0
    for (const job of this.#waiting) {
      if (count > 0 && alerts + job.alerts.length > maxPerTransaction) break
      alerts += job.alerts.length
      count++
    }
    return this.#waiting.splice(0, count)
  }

  async #writeJobs(jobs: readonly Job[]): Promise<void> {
    const ids = await this.#ledger.write(async (entry) => {
      const plan = new DecisionPlan(entry, this.#ledger.memory)
      const rows: (string | number | Uint8Array)[][] = []
      const idsOfJobs = jobs.map((job) =>
        job.alerts.flatMap((alert) => this.#plan(entry, plan, rows, alert)),
      )
      const { kind } = this.#ledger.database
      await upsertRows(entry.queries, kind, 'alerts', alertColumns, rows)
      await plan.save(kind)
      return idsOfJobs
    })
    for (const [i, job] of jobs.entries()) job.resolve(ids[i] ?? [])
  }

  #plan(
    entry: Entry,
    plan: DecisionPlan,
    rows: (string | number | Uint8Array)[][],
    alert: NewAlert,
  ): string[] {
    const id = entry.state.last_alert + 1
    const taken = alert.decisions.filter((decision) => plan.add(id, decision))
    // Decisions were wanted and none can be made: the alert says nothing true.
    if (taken.length === 0 && alert.decisions.length > 0) return []
    entry.state.last_alert = id
    rows.push(this.#rowOf(id, entry.nowMs, alert))
    return [String(id)]
  }

  #rowOf(id: number, nowMs: number, alert: NewAlert): (string | number | Uint8Array)[] {
    const { source } = alert
    return [
      id,
      storable(alert.uuid),
      nowMs,
      this.#machines.idOf(alert.machineId),
      storable(alert.scenario),
      storable(alert.scenarioHash),
      storable(alert.scenarioVersion),
      storable(alert.message),
      alert.eventsCount,
      alert.capacity,
      storable(alert.leakSpeed),
      alert.startMs,
      alert.stopMs,
      alert.isSimulated ? 1 : 0,
      alert.hasRemediation ? 1 : 0,
      storable(alert.kind),
      storable(source.scope),
      storable(source.value),
      storable(source.ip),
      storable(source.range),
      storable(source.asNumber),
      storable(source.asName),
      storable(source.country),
      source.latitude,
      source.longitude,
      writeDetail({ events: alert.events, meta: alert.meta, labels: alert.labels ?? [] }),
    ]
  }

  /** As `insert`, for one alert with many decisions of a list. */
  import(alert: NewAlert): Promise<ImportReport> {
    return this.#ledger.write(async (entry) => {
      const { memory, database } = this.#ledger
      const plan = new DecisionPlan(entry, memory)
      const id = entry.state.last_alert + 1
      const dropped = plan.extendAll(id, alert.decisions)
      const { added, extended } = plan
      if (added + extended === 0) return { alertId: undefined, added, extended, dropped }
      entry.state.last_alert = id
      const rows = [this.#rowOf(id, entry.nowMs, alert)]
      await upsertRows(entry.queries, database.kind, 'alerts', alertColumns, rows)
      await plan.save(database.kind)
      return { alertId: id, added, extended, dropped }
    })
  }

  async query(filter: AlertFilter, page: AlertPage = {}): Promise<AlertRow[]> {
    const { limit, offset, order, withDecisions = true } = page
    const { database, nowMs } = this.#ledger
    const direction = order === 'oldest' ? 'asc' : 'desc'
    // Ids are given in the order of creation.
    let query = this.#matching(database.reader, filter, nowMs).selectAll().orderBy('id', direction)
    if (limit) query = query.limit(limit)
    // MySQL and SQLite know no offset without a limit.
    else if (offset) query = query.limit(Number.MAX_SAFE_INTEGER)
    if (offset) query = query.offset(offset)
    const rows = await query.execute()
    const decisions = withDecisions ? await this.#decisionsOf(rows.map((row) => row.id)) : undefined
    return rows.map((row) => this.#alertOf(row, decisions?.get(row.id) ?? []))
  }

  async count(filter: AlertFilter): Promise<number> {
    const { database, nowMs } = this.#ledger
    const row = await this.#matching(database.reader, filter, nowMs)
      .select((of) => of.fn.countAll().as('count'))
      .executeTakeFirstOrThrow()
    return Number(row.count)
  }

  async get(id: number): Promise<AlertRow | undefined> {
    const [alert] = await this.query({ id })
    return alert
  }

  async delete(filter: AlertFilter): Promise<number> {
    let deleted = 0
    for (;;) {
      const count = await this.#ledger.write(async (entry) => {
        const found = await this.#matching(entry.queries, filter, entry.nowMs)
          .select('id')
          .orderBy('id')
          .limit(deletedAtOnce)
          .execute()
        await deleteAlerts(
          entry,
          this.#ledger,
          found.map((row) => row.id),
        )
        return found.length
      })
      deleted += count
      if (count < deletedAtOnce) return deleted
      await nextTurn()
    }
  }

  addDecisions(id: number, decisions: readonly NewDecision[]): Promise<boolean> {
    return this.#ledger.write(async (entry) => {
      const { queries } = entry
      const alert = await queries
        .selectFrom('alerts')
        .select('id')
        .where('id', '=', id)
        .executeTakeFirst()
      if (!alert) return false
      const keyOf = (d: { type: string; scope: string; value: string }) =>
        JSON.stringify([d.type, d.scope, d.value])
      const rows = await this.#decisionRows(queries, [id])
      const known = new Set(
        (await Promise.all(rows.map((row) => this.#ledger.rowOf(row)))).map(keyOf),
      )
      const plan = new DecisionPlan(entry, this.#ledger.memory)
      for (const decision of decisions) if (!known.has(keyOf(decision))) plan.add(id, decision)
      await plan.save(this.#ledger.database.kind)
      return true
    })
  }

  async countByScenario(): Promise<ReadonlyMap<string, number>> {
    const { database, nowMs } = this.#ledger
    const rows = await this.#matching(database.reader, { includeCapi: false }, nowMs)
      .select((of) => ['scenario', of.fn.countAll().as('count')])
      .groupBy('scenario')
      .execute()
    return new Map(rows.map((row) => [row.scenario, Number(row.count)]))
  }

  #matching(queries: Queries, filter: AlertFilter, nowMs: number) {
    const { kinds } = this.#ledger.memory
    const machine =
      filter.machineId === undefined ? undefined : this.#machines.idOf(filter.machineId)
    return queries.selectFrom('alerts').where(alertConditions(filter, { kinds, nowMs, machine }))
  }

  #decisionRows(queries: Queries, alerts: readonly number[]) {
    return queries
      .selectFrom('decisions')
      .select(['id', 'alert', 'kind', 'until_ms', 'uuid', 'value'])
      .where('alert', 'in', [...alerts])
      .orderBy('id')
      .execute()
  }

  async #decisionsOf(ids: readonly number[]): Promise<Map<number, DecisionRow[]>> {
    const found = new Map<number, DecisionRow[]>()
    for (const part of partsOf(ids)) {
      for (const row of await this.#decisionRows(this.#ledger.database.reader, part)) {
        const decision = await this.#ledger.rowOf(row)
        const list = found.get(row.alert)
        if (list) list.push(decision)
        else found.set(row.alert, [decision])
      }
    }
    return found
  }

  #alertOf(
    row: Omit<AlertTable, 'detail'> & { detail: Uint8Array },
    decisions: DecisionRow[],
  ): AlertRow {
    const { events, meta, labels } = readDetail(row.detail)
    return {
      id: row.id,
      uuid: row.uuid,
      createdMs: row.created_ms,
      machineId: this.#machines.nameOf(row.machine),
      scenario: row.scenario,
      scenarioHash: row.scenario_hash,
      scenarioVersion: row.scenario_version,
      message: row.message,
      eventsCount: row.events_count,
      capacity: row.capacity,
      leakSpeed: row.leak_speed,
      startMs: row.start_ms,
      stopMs: row.stop_ms,
      isSimulated: row.simulated === 1,
      hasRemediation: row.remediation === 1,
      kind: row.kind,
      source: {
        scope: row.source_scope,
        value: row.source_value,
        ip: row.source_ip,
        range: row.source_range,
        asNumber: row.source_as_number,
        asName: row.source_as_name,
        country: row.source_country,
        latitude: row.source_latitude,
        longitude: row.source_longitude,
      },
      events,
      meta,
      labels,
      decisions,
    }
  }
}

/**
 * Deletes alerts within a transaction. Their live decisions end, and all stay as rows without alert until
 * retention takes them, so that bouncers hear of the end even after a restart.
 */
export async function deleteAlerts(entry: Entry, ledger: Ledger, ids: number[]): Promise<void> {
  if (ids.length === 0) return
  const { queries, nowMs, seq, changes } = entry
  const live = await queries
    .selectFrom('decisions')
    .select('id')
    .where('alert', 'in', ids)
    .where('until_ms', '>', nowMs)
    .execute()
  const { memory } = ledger
  if (live.length > 0) {
    await queries
      .updateTable('decisions')
      .set({ until_ms: nowMs, seq })
      .where('alert', 'in', ids)
      .where('until_ms', '>', nowMs)
      .execute()
    for (const { id } of live) {
      const slot = memory.table.slotOf(id)
      if (slot >= 0) changes.push(endOf(memory, slot, nowMs, false))
    }
    changes.sort((a, b) => a.id - b.id)
  }
  await sql`UPDATE decisions SET alert = 0 WHERE alert IN (${sql.join(ids)})`.execute(queries)
  await queries.deleteFrom('alerts').where('id', 'in', ids).execute()
}
