import type {
  DecisionFilter,
  DecisionStream,
  StreamPosition,
  StreamReply,
  StreamRequest,
} from '../decision-store.ts'
import { type Chunk, ChunkCache } from './chunk-cache.ts'
import type { DecisionMemory } from './decision-memory.ts'
import { DecisionQuery } from './decision-query.ts'
import { escapeJson, formatSeconds } from './wire.ts'

/** Bouncers that start within this time share one snapshot, whose durations are those of its start. */
const sharedForMs = 2_000
/**
 * A snapshot of so many decisions is shared even when something has changed since: making one for each of a
 * hundred bouncers would stop the server. Their next delta tells them what changed.
 */
const sharedThoughOldFrom = 50_000
/** A decision that ended so long before the last pull is announced again: clocks differ. */
const overlapMs = 2_000
/** Decisions in a chunk: about 280 KB, two milliseconds to make. */
const perChunk = 2_048
/** Deltas of so many changes are shared; smaller ones are made faster than looked for. */
const sharedDeltaFrom = 1_000
/** Bouncers that pulled last within this time before the first one share its delta. */
const sharedOverlapMs = 60_000
const cacheBytes = 192 * 1024 * 1024

const head = Buffer.from('{"new": [')
const middle = Buffer.from('], "deleted": [')
const tail = Buffer.from(']}')
const nothing = Buffer.from('{"new": [], "deleted": []}')
const noText = /["\\\u0000-\u001f<>&\u2028\u2029\ud800-\udfff]/

/** What a large delta tells; shared by all who ask for the same soon after. */
interface Delta {
  readonly id: number
  readonly nowMs: number
  /** Ends after this time are in it. */
  readonly fromMs: number
  readonly fresh: readonly number[]
  readonly gone: readonly number[]
}

/** What a snapshot of everything was made of; shared by all that start at the same time. */
interface Snapshot {
  readonly id: number
  readonly seq: number
  readonly nowMs: number
  readonly revision: number
  readonly query: DecisionQuery
  readonly isDeduplicated: boolean
}

/**
 * The stream of decisions to bouncers. Everything is served from memory: a start from chunks made once
 * for all bouncers that start together, a delta from the log of changes.
 */
export class MemoryStream implements DecisionStream {
  readonly #memory: DecisionMemory
  readonly #cache: ChunkCache
  readonly #snapshots = new Map<string, Snapshot>()
  readonly #deltas = new Map<string, Delta>()
  /** By kind: which kinds are one remedy to a bouncer. */
  #remedies = new Int32Array(0)
  #remediesVersion = -1
  #count = 0

  constructor(memory: DecisionMemory, maxCacheBytes = cacheBytes) {
    this.#memory = memory
    this.#cache = new ChunkCache(maxCacheBytes)
  }

  get seq(): number {
    return this.#memory.seq
  }

  open(request: StreamRequest): StreamReply {
    const nowMs = this.#memory.advance()
    const { since } = request
    if (!since || !this.#isRemembered(since)) return this.#openSnapshot(request, nowMs)
    return this.#openDelta(request, since, nowMs)
  }

  onChange(listener: () => void): Disposable {
    return this.#memory.onChange(listener)
  }

  /** Gives back what snapshots take; call it now and then. */
  trim(): void {
    const nowMs = this.#memory.advance()
    for (const [key, snapshot] of this.#snapshots) {
      // Readers that are not done yet make their chunks again.
      if (nowMs - snapshot.nowMs > 15 * sharedForMs) this.#snapshots.delete(key)
    }
    for (const [key, delta] of this.#deltas) {
      if (nowMs - delta.nowMs > 15 * sharedForMs) this.#deltas.delete(key)
    }
    if (this.#snapshots.size + this.#deltas.size === 0) this.#cache.clear()
  }

  /** Whether all that happened since then is still in the logs; a restored backup may be behind. */
  #isRemembered(since: StreamPosition): boolean {
    const { changes, ends, seq } = this.#memory
    return since.seq >= changes.floor && since.seq <= seq && since.pullMs - overlapMs >= ends.floor
  }

  #openSnapshot(request: StreamRequest, nowMs: number): StreamReply {
    const snapshot = this.#snapshotFor(request, nowMs)
    return {
      position: { seq: snapshot.seq, pullMs: snapshot.nowMs },
      chunks: this.#snapshotChunks(snapshot),
    }
  }

  #snapshotFor(request: StreamRequest, nowMs: number): Snapshot {
    const { filter, isDeduplicated } = request
    const key = keyOf(filter, isDeduplicated)
    const shared = this.#snapshots.get(key)
    const { table, kinds, seq, revision } = this.#memory
    // A clock that stepped back must not keep an old snapshot alive.
    if (shared && Math.abs(nowMs - shared.nowMs) < sharedForMs) {
      if (shared.revision === revision || table.used >= sharedThoughOldFrom) return shared
    }
    const query = new DecisionQuery(table, kinds, filter)
    const id = ++this.#count
    const snapshot = { id, seq, nowMs, revision, query, isDeduplicated }
    this.#snapshots.delete(key)
    this.#snapshots.set(key, snapshot)
    return snapshot
  }

  *#snapshotChunks(snapshot: Snapshot): Generator<Buffer> {
    yield head
    yield* this.#items(snapshot, true)
    yield middle
    yield* this.#items(snapshot, false)
    yield tail
  }

  *#items(snapshot: Snapshot, isLive: boolean): Generator<Buffer> {
    let afterId = 0
    let isFirst = true
    for (;;) {
      const chunk = this.#chunk(snapshot, isLive, afterId)
      // Each chunk begins with a comma, which the first of an array does without.
      if (chunk.bytes.length > 0) {
        yield isFirst ? chunk.bytes.subarray(1) : chunk.bytes
        isFirst = false
      }
      if (chunk.isLast) return
      afterId = chunk.lastId
    }
  }

  #chunk(snapshot: Snapshot, isLive: boolean, afterId: number): Chunk {
    const key = `${snapshot.id} ${isLive} ${afterId}`
    const cached = this.#cache.get(key)
    if (cached) return cached
    const chunk = this.#makeChunk(snapshot, isLive, afterId)
    this.#cache.set(key, chunk)
    return chunk
  }

  #makeChunk(snapshot: Snapshot, isLive: boolean, afterId: number): Chunk {
    const { nowMs, query, isDeduplicated } = snapshot
    const { table } = this.#memory
    const writer = new ItemWriter(this.#memory, nowMs)
    let slot = table.firstAfter(afterId)
    // Rows that do not pass must not make one chunk take for ever.
    const end = Math.min(table.used, slot + 16 * perChunk)
    for (; slot < end && writer.count < perChunk; slot++) {
      if (table.isLive(slot) !== isLive || !query.passes(slot)) continue
      if (!isLive && table.isReplaced(slot)) continue
      if (isDeduplicated && this.#isHidden(slot, query)) continue
      writer.add(slot)
    }
    const lastId = slot === 0 ? 0 : (table.ids[slot - 1] ?? 0)
    return { bytes: Buffer.from(writer.text), lastId, isLast: slot >= table.used }
  }

  #openDelta(request: StreamRequest, since: StreamPosition, nowMs: number): StreamReply {
    const { changes, ends, renewals, seq } = this.#memory
    const fromMs = since.pullMs - overlapMs
    const changed = changes.after(since.seq)
    if (changed.length >= sharedDeltaFrom) return this.#openLargeDelta(request, since, nowMs)
    const position = { seq, pullMs: nowMs }
    const count = changed.length + ends.after(fromMs).length + renewals.after(fromMs).length
    if (count === 0) return { position, chunks: [nothing] }
    const delta = this.#makeDelta(request, since.seq, fromMs, nowMs)
    const isEmpty = delta.fresh.length === 0 && delta.gone.length === 0
    return { position, chunks: isEmpty ? [nothing] : this.#deltaChunks(delta) }
  }

  /** After the import of a list every bouncer asks for the same: it is made once. */
  #openLargeDelta(request: StreamRequest, since: StreamPosition, nowMs: number): StreamReply {
    const { ends, seq } = this.#memory
    const fromMs = since.pullMs - overlapMs
    const key = `${since.seq} ${seq} ${keyOf(request.filter, request.isDeduplicated)}`
    let delta = this.#deltas.get(key)
    const isShared = delta && Math.abs(nowMs - delta.nowMs) < sharedForMs && fromMs >= delta.fromMs
    if (!delta || !isShared) {
      // An end told twice does no harm, and more bouncers can share.
      const earlierMs = Math.max(fromMs - sharedOverlapMs, ends.floor)
      delta = this.#makeDelta(request, since.seq, earlierMs, nowMs)
      this.#deltas.set(key, delta)
    }
    return { position: { seq, pullMs: delta.nowMs }, chunks: this.#deltaChunks(delta, true) }
  }

  #makeDelta(request: StreamRequest, afterSeq: number, fromMs: number, nowMs: number): Delta {
    const { changes, ends, renewals, table, kinds } = this.#memory
    const query = new DecisionQuery(table, kinds, request.filter)
    const fresh: number[] = []
    const gone: number[] = []
    const told = [changes.after(afterSeq), ends.after(fromMs), renewals.after(fromMs)]
    const ids = new Set(told.flatMap((list) => [...list]))
    for (const id of new Float64Array(ids).sort()) {
      const slot = table.slotOf(id)
      if (slot < 0 || !query.passes(slot)) continue
      if (!table.isLive(slot) && table.isReplaced(slot)) continue
      if (request.isDeduplicated && this.#isHidden(slot, query)) continue
      if (table.isLive(slot)) fresh.push(id)
      else gone.push(id)
    }
    const last = request.isDeduplicated ? this.#lastOfEach(gone) : gone
    return { id: ++this.#count, nowMs, fromMs, fresh, gone: last }
  }

  /** Written while it is sent; by id, since slots may move meanwhile. */
  *#deltaChunks(delta: Delta, isShared = false): Generator<Buffer> {
    yield head
    yield* this.#listed(delta, delta.fresh, isShared)
    yield middle
    yield* this.#listed(delta, delta.gone, isShared)
    yield tail
  }

  *#listed(delta: Delta, ids: readonly number[], isShared: boolean): Generator<Buffer> {
    let isFirst = true
    for (let at = 0; at < ids.length; at += perChunk) {
      const key = `${delta.id} ${ids[at]}`
      const cached = isShared ? this.#cache.get(key) : undefined
      const bytes = cached?.bytes ?? this.#itemsOf(ids.slice(at, at + perChunk), delta.nowMs)
      if (isShared && !cached) this.#cache.set(key, { bytes, lastId: 0, isLast: false })
      if (bytes.length === 0) continue
      yield isFirst ? bytes.subarray(1) : bytes
      isFirst = false
    }
  }

  #itemsOf(ids: readonly number[], nowMs: number): Buffer {
    const writer = new ItemWriter(this.#memory, nowMs)
    for (const id of ids) {
      const slot = this.#memory.table.slotOf(id)
      if (slot >= 0) writer.add(slot)
    }
    return Buffer.from(writer.text)
  }

  /** Whether the bouncer shall not see it, because another decision it sees ends later. */
  #isHidden(slot: number, query: DecisionQuery): boolean {
    const { table } = this.#memory
    // A dead one is hidden by any live one: what it enforced stays enforced.
    const untilMs = table.isLive(slot) ? (table.untils[slot] ?? 0) : 0
    return table.isOutlived(slot, untilMs, query.isWanted, this.#remedyOfKind())
  }

  /** Of ended decisions on the same target those that ended last. */
  #lastOfEach(ids: readonly number[]): number[] {
    const { table, kinds } = this.#memory
    const latest = new Map<string, number>()
    const keys = ids.map((id) => {
      const slot = table.slotOf(id)
      const key = `${kinds.get(table.kinds[slot] ?? 0).remedy} ${table.valueOf(slot)}`
      latest.set(key, Math.max(latest.get(key) ?? 0, table.untils[slot] ?? 0))
      return key
    })
    return ids.filter((id, i) => table.untils[table.slotOf(id)] === latest.get(keys[i] ?? ''))
  }

  #remedyOfKind(): Int32Array {
    const { kinds } = this.#memory
    if (this.#remediesVersion !== kinds.version) {
      this.#remediesVersion = kinds.version
      this.#remedies = new Int32Array(kinds.lastId + 1)
      for (const kind of kinds.byId) if (kind) this.#remedies[kind.id] = kind.remedy
    }
    return this.#remedies
  }
}

/** Writes decisions as JSON, each with a comma before it. Hot path: a million for each snapshot. */
class ItemWriter {
  text = ''
  count = 0
  readonly #memory: DecisionMemory
  readonly #nowMs: number
  // Neighbours often end together.
  #untilMs = Number.NaN
  #duration = ''

  constructor(memory: DecisionMemory, nowMs: number) {
    this.#memory = memory
    this.#nowMs = nowMs
  }

  add(slot: number): void {
    const { table, kinds } = this.#memory
    const untilMs = table.untils[slot] ?? 0
    if (untilMs !== this.#untilMs) {
      this.#untilMs = untilMs
      this.#duration = formatSeconds(untilMs - this.#nowMs)
    }
    const kind = kinds.get(table.kinds[slot] ?? 0)
    const value = table.valueOf(slot)
    const json = noText.test(value) ? escapeJson(value) : `"${value}"`
    const uuid = table.uuidOf(slot)
    const middleText = uuid === '' ? '' : `,"uuid":${escapeJson(uuid)}`
    this.text += `,{"duration":"${this.#duration}","id":${table.ids[slot]}${kind.json}${middleText},"value":${json}}`
    this.count++
  }
}

function keyOf(filter: DecisionFilter, isDeduplicated: boolean): string {
  const { range, ...rest } = filter
  const sorted = Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1))
  return JSON.stringify([range?.toString(), isDeduplicated, sorted])
}
