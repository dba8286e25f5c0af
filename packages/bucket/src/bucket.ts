import type { Instant, TimeMode } from '@tocsin/model'
import type { DistinctValues } from './distinct-values.ts'
import type { KeptEvent } from './event-keeper.ts'
import type { Queue } from './queue.ts'

/**
 * One live bucket: what a scenario knows about one partition. Its level is computed when it is
 * touched, so an idle one costs nothing but its memory, which is why it holds little: times are
 * shared with the event, keys with its other buckets, and events are packed.
 * Hot path and there may be a million: see bench/pour.bench.ts.
 */
export class Bucket {
  /** Number of the scenario that made it and whose rules it obeys. */
  readonly owner: number
  /** Value of `groupby`. */
  readonly key: string
  /** Whose time counts, as its first event had it. */
  readonly mode: TimeMode
  /** Counts the buckets of a store. */
  readonly serial: number
  /** Events it can still take; only a limited one uses it. */
  tokens: number
  count = 0
  first: Instant | undefined = undefined
  /** Time of the event before, even if that went back in time. */
  last: Instant | undefined = undefined
  queue: Queue<KeptEvent> = undefined
  /** What `distinct` has seen. */
  distinct: DistinctValues = undefined
  /** Numbers of the guillotine conditions that were true once. */
  latched: Set<number> | undefined = undefined
  /** The next bucket with the same key. */
  sibling: Bucket | undefined = undefined
  /** Its neighbours among the buckets of its scenario. */
  older: Bucket | undefined = undefined
  newer: Bucket | undefined = undefined

  constructor(owner: number, key: string, mode: TimeMode, serial: number, tokens: number) {
    this.owner = owner
    this.key = key
    this.mode = mode
    this.serial = serial
    this.tokens = tokens
  }
}
