import type { Clock } from '@tocsin/model'
import type { DecisionCount, DecisionFilter, DecisionPage, DecisionRow } from '../decision-store.ts'
import { ChangeLog } from './change-log.ts'
import { DecisionQuery } from './decision-query.ts'
import { DecisionTable } from './decision-table.ts'
import { ExpiryHeap } from './expiry-heap.ts'
import { Kinds } from './kinds.ts'
import type { Target } from './target.ts'

/** How long the ends of decisions are remembered, for bouncers that were away. */
export const endsKeptMs = 24 * 3_600_000
/** How many changes, and how many ends, are remembered. */
const changesKept = 300_000
/**
 * How long after the end that bouncers were first told an extended decision is announced again: two or three
 * pulls of the usual ten seconds.
 */
const renewalMs = 18_000
/** Dead slots put up with before the table is compacted, and their share of it. */
const deadKept = 20_000
const deadShare = 0.25
const compactEveryMs = 60_000

/** A decision as SQL has it after a transaction. */
export interface DecisionChange {
  readonly id: number
  readonly kind: number
  readonly untilMs: number
  /**
   * The end that bouncers were first told, when it was extended since. Some of them drop what they hold at that
   * time, however often they are told of a later end before.
   */
  readonly toldMs?: number
  readonly uuid: string
  readonly target: Target
  /** It ended because another took its place. */
  readonly isReplaced?: boolean
}

export interface MemoryOptions {
  readonly clock: Clock
  /** Keeps attackers from choosing addresses that collide. */
  readonly seed: number
  readonly capacity?: number
}

/**
 * All live decisions, and the recent ends of others. It only ever follows SQL: `apply` takes what a
 * transaction changed, in the order of change numbers, and the clock ends the rest.
 */
export class DecisionMemory {
  readonly kinds = new Kinds()
  readonly table: DecisionTable
  /** What transactions changed, by change number. */
  readonly changes = new ChangeLog(changesKept, 0)
  /** What the clock ended, by time. */
  readonly ends: ChangeLog
  /** What was extended and has passed the end that bouncers were told, by the time until when to tell it. */
  readonly renewals = new ChangeLog(changesKept, 0)
  readonly #clock: Clock
  #heap: ExpiryHeap
  /** By id: the end that bouncers were told, of those that were extended since. */
  readonly #told = new Map<number, number>()
  #seq = 0
  #compactedMs = 0
  /** Raised whenever something becomes live or ends. */
  revision = 0
  readonly #listeners = new Set<() => void>()

  constructor(options: MemoryOptions) {
    const { clock, seed, capacity } = options
    this.#clock = clock
    this.table = new DecisionTable(seed, capacity)
    this.#heap = new ExpiryHeap(capacity)
    this.ends = new ChangeLog(changesKept, clock.nowMs() - endsKeptMs)
  }

  /** The number of the last transaction that was applied. */
  get seq(): number {
    return this.#seq
  }

  get size(): number {
    this.advance()
    return this.table.live
  }

  /**
   * Adds a decision while loading, in ascending id; logs nothing. Returns false when it ended too long
   * ago to matter.
   */
  load(change: DecisionChange, nowMs: number): boolean {
    const { id, kind, untilMs, uuid, target } = change
    if (untilMs <= nowMs - endsKeptMs) return false
    const slot = this.table.append(id, kind, untilMs, uuid, target)
    if (untilMs > nowMs) {
      this.table.revive(slot)
      // What passed while this process was away is told again as well.
      this.#heap.push(this.#noteTold(change), slot)
    }
    return true
  }

  /** Ends the load: `seq` is what SQL had then, and all that changed after `floor` is in `changes`. */
  finishLoad(seq: number, floor: number): void {
    this.#seq = seq
    this.changes.floor = floor
  }

  /** Takes over what transactions up to `seq` did: the newest state of each decision, ascending by id. */
  apply(seq: number, changes: readonly DecisionChange[]): void {
    const nowMs = this.advance()
    for (const change of changes) this.#applyOne(seq, change, nowMs)
    this.#seq = Math.max(this.#seq, seq)
    if (changes.length === 0) return
    this.revision++
    this.#compactIfWorthIt(nowMs)
    for (const listener of this.#listeners) listener()
  }

  /** Lets the clock end what is due; the time it is. */
  advance(): number {
    const nowMs = this.#clock.nowMs()
    if (this.#heap.nextMs > nowMs) return nowMs
    while (this.#heap.nextMs <= nowMs) this.#end(this.#heap.pop(), nowMs)
    this.#compactIfWorthIt(nowMs)
    return nowMs
  }

  /** The end that bouncers were told of a live decision; earlier than its end when it was extended. */
  toldMs(slot: number): number {
    return this.#told.get(this.table.ids[slot] ?? 0) ?? this.table.untils[slot] ?? 0
  }

  query(filter: DecisionFilter, page: DecisionPage = {}): DecisionRow[] {
    this.advance()
    const { afterId = 0, limit, offset = 0 } = page
    const end = limit === undefined ? undefined : offset + limit
    const slots = new DecisionQuery(this.table, this.kinds, filter).select(afterId, end)
    return slots.slice(offset).map((slot) => this.rowOf(slot))
  }

  has(filter: DecisionFilter): boolean {
    this.advance()
    return new DecisionQuery(this.table, this.kinds, filter).select(0, 1).length > 0
  }

  rowOf(slot: number): DecisionRow {
    const { table } = this
    const kind = this.kinds.get(table.kinds[slot] ?? 0)
    return {
      id: table.ids[slot] ?? 0,
      uuid: table.uuidOf(slot),
      origin: kind.origin,
      type: kind.type,
      scope: kind.scope,
      value: table.valueOf(slot),
      scenario: kind.scenario,
      isSimulated: kind.isSimulated,
      untilMs: table.untils[slot] ?? 0,
    }
  }

  /** The live decision that a new one of this kind on this target would take the place of; or -1. */
  findLife(life: number, target: Target): number {
    const { table } = this
    for (let slot = table.firstOn(target); slot >= 0; slot = table.nextOn(slot, target)) {
      if (this.kinds.byId[table.kinds[slot] ?? 0]?.life === life) return slot
    }
    return -1
  }

  /** The kinds of all decisions remembered, live and ended. */
  kindsInUse(): Set<number> {
    const found = new Set<number>()
    for (let slot = 0; slot < this.table.used; slot++) found.add(this.table.kinds[slot] ?? 0)
    return found
  }

  countByKind(): DecisionCount[] {
    this.advance()
    const counts = new Float64Array(this.kinds.lastId + 1)
    for (let slot = 0; slot < this.table.used; slot++) {
      if (!this.table.isLive(slot)) continue
      const kind = this.table.kinds[slot] ?? 0
      counts[kind] = (counts[kind] ?? 0) + 1
    }
    const found: DecisionCount[] = []
    for (const kind of this.kinds.byId) {
      const count = kind ? (counts[kind.id] ?? 0) : 0
      if (!kind || count === 0) continue
      const { origin, scenario, type, scope, isSimulated } = kind
      found.push({ origin, scenario, type, scope, isSimulated, count })
    }
    return found
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) }
  }

  #applyOne(seq: number, change: DecisionChange, nowMs: number): void {
    const { table } = this
    const { id, kind, untilMs, uuid, target } = change
    let slot = table.slotOf(id)
    const isKnown = slot >= 0
    // Dead before anybody knew of it, or forgotten: nobody waits to hear of it.
    if (!isKnown && (untilMs <= nowMs || id <= table.lastId)) return
    const dueMs = isKnown && table.isLive(slot) ? this.toldMs(slot) : undefined
    if (isKnown) {
      table.kinds[slot] = kind
      table.untils[slot] = untilMs
      if (uuid !== table.uuidOf(slot)) table.setUuid(slot, uuid)
    } else {
      slot = table.append(id, kind, untilMs, uuid, target)
    }
    if (untilMs > nowMs) {
      table.revive(slot)
      const nextMs = this.#noteTold(change)
      if (nextMs !== dueMs) this.#heap.push(nextMs, slot)
    } else {
      table.kill(slot)
      this.#told.delete(id)
    }
    if (change.isReplaced) table.markReplaced(slot)
    this.changes.push(seq, id)
  }

  /** When to look at a live decision next: at the end that bouncers were told, or at its own. */
  #noteTold(change: DecisionChange): number {
    const { id, untilMs, toldMs = untilMs } = change
    if (toldMs < untilMs) this.#told.set(id, toldMs)
    else this.#told.delete(id)
    return Math.min(toldMs, untilMs)
  }

  /** Ends a decision whose time has come, or tells it again. */
  #end(slot: number, nowMs: number): void {
    if (!this.table.isLive(slot)) return
    const id = this.table.ids[slot] ?? 0
    const untilMs = this.table.untils[slot] ?? 0
    const toldMs = this.#told.get(id)
    if (untilMs <= nowMs) {
      this.table.kill(slot)
      this.#told.delete(id)
      this.revision++
      this.ends.push(untilMs, id)
    } else if (toldMs !== undefined && toldMs <= nowMs) {
      this.#told.delete(id)
      this.renewals.push(toldMs + renewalMs, id)
      this.#heap.push(untilMs, slot)
    }
  }

  #compactIfWorthIt(nowMs: number): void {
    const { table } = this
    const dead = table.used - table.live
    if (dead < deadKept || dead < table.used * deadShare) return
    if (Math.abs(nowMs - this.#compactedMs) < compactEveryMs) return
    this.#compactedMs = nowMs
    // What either log may still name must stay.
    const keptMs = Math.max(nowMs - endsKeptMs, this.ends.floor)
    let forgettable = 0
    for (let slot = 0; slot < table.used; slot++) {
      if (!table.isLive(slot) && (table.untils[slot] ?? 0) <= keptMs) forgettable++
    }
    if (forgettable < dead / 2) return
    this.compact(keptMs)
  }

  /** Forgets what ended at or before this time; who pulled before it must start anew. */
  compact(keptMs: number): void {
    const { table } = this
    table.compact(keptMs)
    this.ends.floor = Math.max(this.ends.floor, keptMs)
    this.#heap = new ExpiryHeap(Math.ceil(table.live * 1.2) + 64)
    for (let slot = 0; slot < table.used; slot++) {
      if (table.isLive(slot)) this.#heap.push(this.toldMs(slot), slot)
    }
  }
}
