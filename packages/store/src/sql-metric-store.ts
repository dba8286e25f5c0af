import type { Selectable } from 'kysely'
import type { Ledger } from './ledger.ts'
import type { MetricRow, MetricSource, MetricStore } from './metric-store.ts'
import { partsOf } from './sql/bulk.ts'
import type { MetricTable } from './sql/schema.ts'

/** Usage reports, in SQL alone. */
export class SqlMetricStore implements MetricStore {
  readonly #ledger: Ledger

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  insert(metric: {
    readonly source: MetricSource
    readonly by: string
    readonly payload: string
  }): Promise<void> {
    const { source, by: reporter, payload } = metric
    return this.#ledger.write(async ({ queries, nowMs, state }) => {
      const id = ++state.last_person
      await queries
        .insertInto('metrics')
        .values({ id, source, reporter, received_ms: nowMs, pushed_ms: null, payload })
        .execute()
    })
  }

  async listUnpushed(): Promise<MetricRow[]> {
    const rows = await this.#all().where('pushed_ms', 'is', null).execute()
    return rows.map(metricOf)
  }

  async list(
    filter: {
      readonly source?: MetricSource
      readonly by?: string
      readonly receivedFromMs?: number
    } = {},
  ): Promise<MetricRow[]> {
    let query = this.#all()
    if (filter.source !== undefined) query = query.where('source', '=', filter.source)
    if (filter.by !== undefined) query = query.where('reporter', '=', filter.by)
    if (filter.receivedFromMs !== undefined) {
      query = query.where('received_ms', '>=', filter.receivedFromMs)
    }
    return (await query.execute()).map(metricOf)
  }

  markPushed(ids: readonly number[]): Promise<void> {
    return this.#ledger.write(async ({ queries, nowMs }) => {
      for (const part of partsOf(ids)) {
        await queries
          .updateTable('metrics')
          .set({ pushed_ms: nowMs })
          .where('id', 'in', part)
          .execute()
      }
    })
  }

  #all() {
    return this.#ledger.database.reader.selectFrom('metrics').selectAll().orderBy('id')
  }
}

function metricOf(row: Selectable<MetricTable>): MetricRow {
  return {
    id: row.id,
    source: row.source === 'RC' ? 'RC' : 'LP',
    by: row.reporter,
    receivedMs: row.received_ms,
    pushedMs: row.pushed_ms ?? undefined,
    payload: row.payload,
  }
}
