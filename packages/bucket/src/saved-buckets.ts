import {
  copyTextDict,
  Event,
  eventKind,
  Instant,
  Line,
  readInstant,
  type TextDict,
  type TimeMode,
} from '@tocsin/model'
import { Bucket } from './bucket.ts'
import { addDistinct, listDistinct } from './distinct-values.ts'
import { EventKeeper, type Keeping, type KeptEvent, wholeEvent } from './event-keeper.ts'
import { enqueue, queueItems } from './queue.ts'
import type { ScenarioState } from './scenario-state.ts'

/** Buckets and blackholes as plain JSON data: to survive a reload of the rules, or a restart. */
export interface SavedBuckets {
  readonly version: 1
  readonly scenarios: readonly SavedScenario[]
}

interface SavedScenario {
  readonly name: string
  readonly filter: string
  readonly groupBy: string
  readonly buckets: readonly SavedBucket[]
  /** Key, and when it may be heard again. */
  readonly silenced: readonly (readonly [key: string, until: string])[]
}

interface SavedBucket {
  readonly key: string
  readonly mode: TimeMode
  readonly tokens: number
  readonly count: number
  readonly first: string | undefined
  readonly last: string | undefined
  readonly events: readonly SavedEvent[]
  readonly distinct: readonly string[] | undefined
  readonly latched: readonly number[] | undefined
}

interface SavedEvent {
  readonly time: string
  readonly marshaledTime: string
  readonly meta: TextDict
  readonly parsed: TextDict
  readonly enriched: TextDict
  readonly unmarshaled: unknown
  readonly raw: string
  readonly source: string
  readonly module: string
  readonly labels: TextDict
}

/** What the buckets of these scenarios hold. */
export function saveBuckets(states: readonly ScenarioState[]): SavedBuckets {
  const owned = new Map<number, Bucket[]>()
  for (const group of new Set(states.map((state) => state.group))) {
    for (const bucket of group.buckets()) {
      const list = owned.get(bucket.owner)
      if (list) list.push(bucket)
      else owned.set(bucket.owner, [bucket])
    }
  }
  const scenarios = states.map((state) => ({
    ...identityOf(state),
    buckets: (owned.get(state.index) ?? []).map((bucket) => saveBucket(bucket, state)),
    silenced: [...(state.blackhole?.entries() ?? [])].map(
      ([key, until]) => [key, until.toString()] as const,
    ),
  }))
  return {
    version: 1,
    scenarios: scenarios.filter(({ buckets, silenced }) => buckets.length + silenced.length > 0),
  }
}

/**
 * Gives scenarios back what the ones of the same name, filter and key held; `add` takes a bucket in.
 * What no scenario matches any more is left out.
 */
export function restoreBuckets(
  saved: SavedBuckets,
  states: readonly ScenarioState[],
  nextSerial: () => number,
  add: (bucket: Bucket, state: ScenarioState) => void,
): void {
  const byIdentity = new Map(states.map((state) => [JSON.stringify(identityOf(state)), state]))
  for (const { name, filter, groupBy, buckets, silenced } of saved.scenarios) {
    const state = byIdentity.get(JSON.stringify({ name, filter, groupBy }))
    if (!state) continue
    for (const bucket of buckets) add(restoreBucket(bucket, state, nextSerial()), state)
    for (const [key, until] of silenced) {
      const end = readInstant(until)
      if (end) state.blackhole?.silenceUntil(key, end)
    }
  }
}

function identityOf({ scenario }: ScenarioState) {
  const { name, filter, groupBy } = scenario
  return { name, filter: filter.text, groupBy: groupBy?.text ?? '' }
}

function saveBucket(bucket: Bucket, { keeping }: ScenarioState): SavedBucket {
  const { key, mode, tokens, count, first, last } = bucket
  return {
    key,
    mode,
    tokens,
    count,
    first: first?.toString(),
    last: last?.toString(),
    events: queueItems(bucket.queue).map((item) => saveEvent(item, mode, keeping)),
    distinct: listDistinct(bucket.distinct),
    latched: bucket.latched && [...bucket.latched],
  }
}

function saveEvent(item: KeptEvent, mode: TimeMode, keeping: Keeping | undefined): SavedEvent {
  const event = keeping ? wholeEvent(item, mode, keeping.packer) : (item as Event)
  const { line, time, marshaledTime, meta, parsed, enriched, unmarshaled } = event
  const { raw, source, module, labels } = line
  const texts = { marshaledTime, meta, parsed, enriched, unmarshaled, raw, source, module, labels }
  return { time: time.toString(), ...texts }
}

function restoreBucket(saved: SavedBucket, state: ScenarioState, serial: number): Bucket {
  // The capacity may be another one now.
  const tokens = Math.min(saved.tokens, state.scenario.capacity)
  const bucket = new Bucket(state.index, saved.key, saved.mode, serial, tokens)
  bucket.count = saved.count
  bucket.first = saved.first === undefined ? undefined : readInstant(saved.first)
  bucket.last = saved.last === undefined ? undefined : readInstant(saved.last)
  const keeper = new EventKeeper()
  for (const event of saved.events) {
    const item = keeper.keep(restoreEvent(event, saved.mode), state.keeping)
    bucket.queue = enqueue(bucket.queue, item, state.queueLimit)
  }
  for (const value of saved.distinct ?? []) {
    const { length = 0 } = saved.distinct ?? []
    bucket.distinct = addDistinct(bucket.distinct, value, length) ?? bucket.distinct
  }
  bucket.latched = saved.latched && new Set(saved.latched)
  return bucket
}

function restoreEvent(saved: SavedEvent, mode: TimeMode): Event {
  const time = readInstant(saved.time) ?? new Instant(0)
  const { raw, source, module, labels } = saved
  const line = new Line(raw, source, module, copyTextDict(labels), time)
  const event = new Event(eventKind.log, mode, line, time)
  event.marshaledTime = saved.marshaledTime
  event.meta = copyTextDict(saved.meta)
  event.parsed = copyTextDict(saved.parsed)
  event.enriched = copyTextDict(saved.enriched)
  Object.assign(event.unmarshaled, saved.unmarshaled)
  return event
}
