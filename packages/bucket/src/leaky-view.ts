import { Duration, type Event, Instant, type TimeMode } from '@tocsin/model'
import { formatBucketId, formatMapkey } from './bucket-key.ts'
import type { ScenarioState } from './scenario-state.ts'

/** Go's zero time, the first of January of the year 1: nothing happened yet. */
const never = new Instant(-62_135_596_800_000)

/** The events of a bucket, as `queue` of expressions. */
export interface QueueView {
  readonly events: readonly Event[]
  readonly limit: number
}

/** What a view is made from: a bucket, or what stands for one. */
export interface LeakySource {
  readonly key: string
  readonly serial: number
  readonly count: number
  readonly first: Instant | undefined
  readonly last: Instant | undefined
  readonly mode: TimeMode
}

/**
 * What `leaky` of expressions shows of a bucket. Everything is made when it is read.
 * Hot path: made at every pour into a bucket with conditions, few of which look at it.
 */
export class LeakyView {
  readonly queue: QueueView
  readonly #bucket: LeakySource
  readonly #state: ScenarioState
  readonly #overflowAt: Instant | undefined

  constructor(
    bucket: LeakySource,
    state: ScenarioState,
    queue: QueueView,
    overflowAt: Instant | undefined,
  ) {
    this.queue = queue
    this.#bucket = bucket
    this.#state = state
    this.#overflowAt = overflowAt
  }

  get totalCount(): number {
    return this.#bucket.count
  }

  get mapkey(): string {
    const { filter, name } = this.#state.scenario
    return formatMapkey(filter.text, this.#bucket.key, name)
  }

  get uuid(): string {
    return formatBucketId(this.mapkey, this.#bucket.serial, this.#bucket.first)
  }

  get firstAt(): Instant {
    return this.#bucket.first ?? never
  }

  get lastAt(): Instant {
    return this.#bucket.last ?? never
  }

  get overflowAt(): Instant {
    return this.#overflowAt ?? never
  }

  get duration(): Duration {
    return new Duration(this.#state.lifetimeNanos)
  }

  get mode(): TimeMode {
    return this.#bucket.mode
  }
}
