import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Ledger } from './ledger.ts'
import { endsKeptMs } from './memory/decision-memory.ts'
import type { RetentionReport, RetentionSettings } from './retention.ts'
import { partsOf } from './sql/bulk.ts'
import { deleteAlerts } from './sql-alert-store.ts'

/** Alerts looked at in one transaction. */
const alertsAtOnce = 500
const decisionsAtOnce = 2_000
const defaultMetricsMaxAgeMs = 7 * 24 * 3_600_000
/** Kinds put up with before those without decision are looked for. */
const kindsKept = 5_000
/** When the database is too big, this share of the alerts goes at a time. */
const sizeStep = 0.05

/** Deletes what is too old or too much, in small transactions. */
export class Retention {
  readonly #ledger: Ledger
  readonly #settings: RetentionSettings
  /** As many as there were when they were last counted. */
  #kindsInUse = 0

  constructor(ledger: Ledger, settings: RetentionSettings) {
    this.#ledger = ledger
    this.#settings = settings
  }

  async run(): Promise<RetentionReport> {
    const nowMs = this.#ledger.nowMs
    const { alertsMaxAgeMs, alertsMaxItems } = this.#settings
    let alerts = 0
    if (alertsMaxAgeMs !== undefined) {
      alerts += await this.#deleteAlerts(Number.POSITIVE_INFINITY, nowMs - alertsMaxAgeMs)
    }
    if (alertsMaxItems !== undefined) {
      alerts += await this.#deleteAlerts((await this.#countAlerts()) - alertsMaxItems)
    }
    let decisions = await this.#deleteEnded(nowMs)
    const bySize = await this.#shrink(nowMs)
    alerts += bySize.alerts
    decisions += bySize.decisions
    const metrics = await this.#deleteMetrics(nowMs)
    const people = await this.#deleteSilent(nowMs)
    const kinds = await this.#deleteKinds()
    const isNews = kinds > 0 || Object.values(people).some((count) => count > 0)
    if (isNews) await this.#ledger.followPeople()
    const report = { alerts, decisions, metrics, ...people }
    await this.#ledger.database.vacuum()
    return report
  }

  async #countAlerts(): Promise<number> {
    const row = await this.#ledger.database.reader
      .selectFrom('alerts')
      .select((of) => of.fn.countAll().as('count'))
      .executeTakeFirstOrThrow()
    return Number(row.count)
  }

  /** Deletes at most `count` of the oldest alerts, none newer than `createdMs`, none with a live decision. */
  async #deleteAlerts(count: number, createdMs = Number.MAX_SAFE_INTEGER): Promise<number> {
    let deleted = 0
    let afterId = 0
    while (deleted < count) {
      const limit = Math.min(alertsAtOnce, count - deleted)
      const ids = await this.#ledger.write(async (entry) => {
        const rows = await entry.queries
          .selectFrom('alerts')
          .select('id')
          .where('id', '>', afterId)
          .where('created_ms', '<=', createdMs)
          .where((of) =>
            of.not(
              of.exists(
                of
                  .selectFrom('decisions')
                  .select('decisions.id')
                  .whereRef('decisions.alert', '=', 'alerts.id')
                  .where('decisions.until_ms', '>', entry.nowMs),
              ),
            ),
          )
          .orderBy('id')
          .limit(limit)
          .execute()
        const ids = rows.map((row) => row.id)
        await deleteAlerts(entry, this.#ledger, ids)
        return ids
      })
      const last = ids.at(-1)
      if (last === undefined) break
      deleted += ids.length
      afterId = last
      await nextTurn()
    }
    return deleted
  }

  /** Deletes ended decisions whose alert is gone, once no bouncer can ask for them. */
  async #deleteEnded(nowMs: number): Promise<number> {
    let deleted = 0
    for (;;) {
      const count = await this.#ledger.write(async ({ queries }) => {
        const rows = await queries
          .selectFrom('decisions')
          .select('id')
          .where('alert', '=', 0)
          .where('until_ms', '<=', nowMs - endsKeptMs)
          .limit(decisionsAtOnce)
          .execute()
        if (rows.length === 0) return 0
        await queries
          .deleteFrom('decisions')
          .where(
            'id',
            'in',
            rows.map((row) => row.id),
          )
          .execute()
        return rows.length
      })
      deleted += count
      if (count < decisionsAtOnce) return deleted
      await nextTurn()
    }
  }

  async #shrink(nowMs: number): Promise<{ alerts: number; decisions: number }> {
    const { maxSizeBytes } = this.#settings
    let alerts = 0
    let decisions = 0
    while (maxSizeBytes !== undefined) {
      const size = await this.#ledger.database.sizeBytes()
      if (size === undefined || size <= maxSizeBytes) break
      const step = Math.ceil((await this.#countAlerts()) * sizeStep)
      const deleted = await this.#deleteAlerts(step)
      // What is left belongs to live decisions.
      if (deleted === 0) break
      alerts += deleted
      decisions += await this.#deleteEnded(nowMs)
    }
    return { alerts, decisions }
  }

  #deleteMetrics(nowMs: number): Promise<number> {
    const maxAgeMs = this.#settings.metricsMaxAgeMs ?? defaultMetricsMaxAgeMs
    return this.#ledger.write(async ({ queries }) => {
      const result = await queries
        .deleteFrom('metrics')
        .where('received_ms', '<=', nowMs - maxAgeMs)
        .executeTakeFirst()
      return Number(result.numDeletedRows)
    })
  }

  /**
   * Deletes the kinds that no decision is of any more. They are few, unless somebody gives each decision a
   * reason of its own; finding out reads all decisions, so it is done only when they have become many.
   */
  async #deleteKinds(): Promise<number> {
    const { kinds } = this.#ledger.memory
    if (kinds.size <= Math.max(kindsKept, 2 * this.#kindsInUse)) return 0
    return this.#ledger.write(async (entry) => {
      const { queries } = entry
      const rows = await queries.selectFrom('decisions').select('kind').distinct().execute()
      const used = new Set(rows.map((row) => row.kind))
      // Ends that are still remembered need theirs, though their row may be gone.
      for (const kind of this.#ledger.memory.kindsInUse()) used.add(kind)
      const unused = kinds.byId.flatMap((kind) => (kind && !used.has(kind.id) ? [kind.id] : []))
      for (const part of partsOf(unused)) {
        await queries.deleteFrom('kinds').where('id', 'in', part).execute()
      }
      this.#kindsInUse = used.size
      if (unused.length > 0) entry.touchPeople()
      return unused.length
    })
  }

  #deleteSilent(
    nowMs: number,
  ): Promise<{ machines: number; bouncers: number; allowlistItems: number }> {
    const { machinesMaxSilenceMs = {}, bouncersMaxSilenceMs = {} } = this.#settings
    return this.#ledger.write(async (entry) => {
      const { queries } = entry
      let machines = 0
      for (const authType of ['password', 'tls'] as const) {
        const silenceMs = machinesMaxSilenceMs[authType]
        if (silenceMs === undefined) continue
        const result = await queries
          .deleteFrom('machines')
          .where('auth_type', '=', authType)
          .where('last_heartbeat_ms', '<=', nowMs - silenceMs)
          .where('ip_address', 'not in', ['127.0.0.1', '::1'])
          .where('id', 'not in', (of) => of.selectFrom('alerts').select('machine'))
          .executeTakeFirst()
        machines += Number(result.numDeletedRows)
      }
      let bouncers = 0
      for (const [authType, silenceMs] of [
        ['api-key', bouncersMaxSilenceMs.apiKey],
        ['tls', bouncersMaxSilenceMs.tls],
      ] as const) {
        if (silenceMs === undefined) continue
        const result = await queries
          .deleteFrom('bouncers')
          .where('auth_type', '=', authType)
          .where('last_pull_ms', '<=', nowMs - silenceMs)
          .executeTakeFirst()
        bouncers += Number(result.numDeletedRows)
      }
      const result = await queries
        .deleteFrom('allowlist_items')
        .where('expires_ms', '<', nowMs)
        .executeTakeFirst()
      const allowlistItems = Number(result.numDeletedRows)
      if (machines + bouncers + allowlistItems > 0) entry.touchPeople()
      return { machines, bouncers, allowlistItems }
    })
  }
}
