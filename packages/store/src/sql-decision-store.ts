import { setImmediate as nextTurn } from 'node:timers/promises'
import type { NewAlert } from './alert-store.ts'
import { endOf } from './decision-plan.ts'
import type {
  DecisionCount,
  DecisionFilter,
  DecisionPage,
  DecisionRow,
  DecisionStore,
  Expired,
  ImportReport,
} from './decision-store.ts'
import type { Entry, Ledger } from './ledger.ts'
import { DecisionQuery } from './memory/decision-query.ts'
import { MemoryStream } from './memory/stream.ts'
import { targetOfRow } from './memory/target.ts'
import { partsOf } from './sql/bulk.ts'
import type { SqlAlertStore } from './sql-alert-store.ts'

/** Decisions: read from memory, written to SQL. */
export class SqlDecisionStore implements DecisionStore {
  readonly stream: MemoryStream
  readonly #ledger: Ledger
  readonly #alerts: SqlAlertStore

  constructor(ledger: Ledger, alerts: SqlAlertStore) {
    this.#ledger = ledger
    this.#alerts = alerts
    this.stream = new MemoryStream(ledger.memory)
  }

  get size(): number {
    return this.#ledger.memory.size
  }

  query(filter: DecisionFilter, page?: DecisionPage): DecisionRow[] {
    return this.#ledger.memory.query(filter, page)
  }

  has(filter: DecisionFilter): boolean {
    return this.#ledger.memory.has(filter)
  }

  countByKind(): DecisionCount[] {
    return this.#ledger.memory.countByKind()
  }

  expire(filter: DecisionFilter): Promise<Expired> {
    const { memory } = this.#ledger
    return this.#ledger.write(async (entry) => {
      const all = { ...filter, includeSimulated: true }
      const slots = new DecisionQuery(memory.table, memory.kinds, all).select()
      for (const slot of slots) entry.changes.push(endOf(memory, slot, entry.nowMs, false))
      await this.#saveEnds(entry)
      return expiredOf(entry)
    })
  }

  expireById(id: number): Promise<Expired | undefined> {
    const { memory } = this.#ledger
    return this.#ledger.write(async (entry) => {
      const slot = memory.table.slotOf(id)
      if (slot >= 0) {
        entry.changes.push(endOf(memory, slot, entry.nowMs, false))
      } else {
        const row = await entry.queries
          .selectFrom('decisions')
          .select(['kind', 'uuid', 'value'])
          .where('id', '=', id)
          .executeTakeFirst()
        if (!row) return undefined
        const target = targetOfRow(memory.kinds.get(row.kind).scope, row.value)
        const { kind, uuid } = row
        entry.changes.push({ id, kind, untilMs: entry.nowMs, uuid: uuid ?? '', target })
      }
      await this.#saveEnds(entry)
      return expiredOf(entry)
    })
  }

  import(alert: NewAlert): Promise<ImportReport> {
    return this.#alerts.import(alert)
  }

  async #saveEnds(entry: Entry): Promise<void> {
    const { queries, nowMs, seq, changes } = entry
    for (const part of partsOf(changes)) {
      await queries
        .updateTable('decisions')
        .set({ until_ms: nowMs, seq })
        .where(
          'id',
          'in',
          part.map((change) => change.id),
        )
        .execute()
      await nextTurn()
    }
  }
}

function expiredOf(entry: Entry): Expired {
  const uuids = entry.changes.map((change) => change.uuid).filter((uuid) => uuid !== '')
  return { count: entry.changes.length, uuids }
}
