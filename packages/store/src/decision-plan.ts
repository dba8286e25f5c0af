import type { NewDecision } from './decision-store.ts'
import type { Entry } from './ledger.ts'
import type { DecisionChange, DecisionMemory } from './memory/decision-memory.ts'
import { compareTargets, netBytes, readTarget, type Target, targetKey } from './memory/target.ts'
import { partsOf, upsertRows } from './sql/bulk.ts'
import type { DatabaseKind } from './sql/database.ts'
import { storable } from './sql/text.ts'

const columns = [
  'id',
  'alert',
  'kind',
  'created_ms',
  'until_ms',
  'told_ms',
  'seq',
  'uuid',
  'value',
  'net',
] as const

/** What extending a decision changes; the index of its address is left alone. */
const extendedColumns = ['alert', 'kind', 'until_ms', 'told_ms', 'seq', 'uuid'] as const

/** Bouncers were told no end yet. */
const never = Number.POSITIVE_INFINITY

interface Row {
  readonly id: number
  readonly alert: number
  readonly kind: number
  untilMs: number
  /** The end that bouncers were told first. */
  readonly toldMs: number
  readonly uuid: string
  readonly value: string
  readonly target: Target
  isReplaced: boolean
}

/** What becomes of new decisions that meet live ones, within one transaction. */
export class DecisionPlan {
  readonly #entry: Entry
  readonly #memory: DecisionMemory
  readonly #rows: Row[] = []
  /** The row of this plan that is live for a (life, target). */
  readonly #live = new Map<string, Row>()
  /** Live slots that a row of this plan takes the place of. */
  readonly #replaced = new Set<number>()
  added = 0
  extended = 0

  constructor(entry: Entry, memory: DecisionMemory) {
    this.#entry = entry
    this.#memory = memory
  }

  /**
   * A decision of an alert. It takes the place of the live one it meets, with the later end of both; the
   * other one ends now, so that its alert still tells that it was.
   * @returns false when the value is no address or range though the scope says so.
   */
  add(alert: number, decision: NewDecision): boolean {
    const target = readTarget(decision.scope, storable(decision.value))
    if (!target) return false
    const { nowMs, state } = this.#entry
    const kind = this.#kindOf(decision)
    let { untilMs } = decision
    let toldMs = never
    if (untilMs > nowMs) {
      const key = `${kind.life} ${targetKey(target)}`
      const mine = this.#live.get(key)
      const slot = mine ? -1 : this.#memory.findLife(kind.life, target)
      if (mine) {
        untilMs = Math.max(untilMs, mine.untilMs)
        toldMs = mine.toldMs
        mine.untilMs = nowMs
        mine.isReplaced = true
      } else if (slot >= 0) {
        untilMs = Math.max(untilMs, this.#memory.table.untils[slot] ?? 0)
        toldMs = this.#memory.toldMs(slot)
        this.#replaced.add(slot)
      }
      const times = { untilMs, toldMs }
      const row = this.#row(++state.last_decision, alert, kind.id, times, decision, target)
      this.#live.set(key, row)
    } else {
      const times = { untilMs, toldMs }
      this.#row(++state.last_decision, alert, kind.id, times, decision, target)
    }
    this.added++
    return true
  }

  /**
   * The decisions of a list. Those that are there already are extended in place and keep their id. How
   * many had a value that is no address or range though their scope says so.
   */
  extendAll(alert: number, decisions: readonly NewDecision[]): number {
    const read: { readonly decision: NewDecision; readonly target: Target }[] = []
    for (const decision of decisions) {
      const target = readTarget(decision.scope, storable(decision.value))
      if (target) read.push({ decision, target })
    }
    // In the order of the index, so that SQL touches each of its pages once.
    read.sort((a, b) => compareTargets(a.target, b.target))
    for (const { decision, target } of read) this.#extend(alert, decision, target)
    return decisions.length - read.length
  }

  #extend(alert: number, decision: NewDecision, target: Target): void {
    const kind = this.#kindOf(decision)
    if (decision.untilMs <= this.#entry.nowMs) return
    const key = `${kind.life} ${targetKey(target)}`
    const mine = this.#live.get(key)
    if (mine) {
      mine.untilMs = Math.max(mine.untilMs, decision.untilMs)
      return
    }
    const slot = this.#memory.findLife(kind.life, target)
    if (slot < 0) {
      const { state } = this.#entry
      const id = ++state.last_decision
      const times = { untilMs: decision.untilMs, toldMs: never }
      this.#live.set(key, this.#row(id, alert, kind.id, times, decision, target))
      this.added++
      return
    }
    const { table } = this.#memory
    const untilMs = Math.max(decision.untilMs, table.untils[slot] ?? 0)
    const kept = { ...decision, uuid: decision.uuid || table.uuidOf(slot) }
    const times = { untilMs, toldMs: this.#memory.toldMs(slot) }
    const row = this.#row(table.ids[slot] ?? 0, alert, kind.id, times, kept, target)
    this.#live.set(key, row)
    this.extended++
  }

  /** Writes it all, and tells the entry what changed. */
  async save(kind: DatabaseKind): Promise<void> {
    const { nowMs, queries, seq, changes } = this.#entry
    const rows = this.#rows.map((row) => [
      row.id,
      row.alert,
      row.kind,
      nowMs,
      row.untilMs,
      row.toldMs < row.untilMs ? row.toldMs : null,
      seq,
      row.uuid === '' ? null : row.uuid,
      row.value,
      netBytes(row.target),
    ])
    await upsertRows(
      queries,
      kind,
      'decisions',
      columns,
      rows,
      this.extended > 0 ? extendedColumns : [],
    )
    const { table } = this.#memory
    const ended = [...this.#replaced]
    for (const part of partsOf(ended.map((slot) => table.ids[slot] ?? 0))) {
      await queries
        .updateTable('decisions')
        .set({ until_ms: nowMs, seq })
        .where('id', 'in', part)
        .execute()
    }
    for (const slot of ended) changes.push(endOf(this.#memory, slot, nowMs, true))
    for (const row of this.#rows) changes.push(row)
    changes.sort((a, b) => a.id - b.id)
  }

  #kindOf(decision: NewDecision) {
    const { origin, scenario, type, scope, isSimulated } = decision
    return this.#entry.kindOf({
      origin: storable(origin),
      scenario: storable(scenario),
      type: storable(type),
      scope: storable(scope),
      isSimulated,
    })
  }

  #row(
    id: number,
    alert: number,
    kind: number,
    times: { readonly untilMs: number; readonly toldMs: number },
    decision: NewDecision,
    target: Target,
  ): Row {
    const value = storable(decision.value)
    const uuid = storable(decision.uuid)
    const row = { id, alert, kind, ...times, uuid, value, target, isReplaced: false }
    this.#rows.push(row)
    return row
  }
}

/** The change that ends a decision now. */
export function endOf(
  memory: DecisionMemory,
  slot: number,
  nowMs: number,
  isReplaced: boolean,
): DecisionChange {
  const { table } = memory
  return {
    id: table.ids[slot] ?? 0,
    kind: table.kinds[slot] ?? 0,
    untilMs: nowMs,
    uuid: table.uuidOf(slot),
    target: table.targetOf(slot),
    isReplaced,
  }
}
