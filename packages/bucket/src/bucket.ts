import type { Instant, TimeMode } from '@tocsin/model'
import type { DistinctValues } from './distinct-values.ts'
import type { KeptEvent } from './event-keeper.ts'
import type { Queue } from './queue.ts'

/**
 * One live bucket: what a scenario knows about one partition. Its level is computed when it is
 * touched, so an idle one costs nothing but its memory, which is why it holds little: times are
 * shared with the event, events are packed, and what only some types need hangs on `evidence`.
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
  evidence: Evidence | undefined = undefined

  constructor(owner: number, key: string, mode: TimeMode, serial: number, tokens: number) {
    this.owner = owner
    this.key = key
    this.mode = mode
    this.serial = serial
    this.tokens = tokens
  }
}

/** What `distinct` and guillotine conditions remember. */
export interface Evidence {
  distinct: DistinctValues | undefined
  /** Numbers of the guillotine conditions that were true once. */
  latched: Set<number> | undefined
}
