import type { Duration, Event, Instant } from '@tocsin/model'
import { eventType } from './event-type.ts'
import { duration, field, int, listOf, method, string, struct, time } from './types.ts'

/** What conditions see as `queue`: the events a bucket holds, oldest first. */
export interface QueueView {
  readonly events: readonly Event[]
  /** How many it holds at most. */
  readonly limit: number
}

/** What conditions see as `leaky`: the bucket. */
export interface BucketView {
  readonly totalCount: number
  readonly mapkey: string
  readonly uuid: string
  readonly firstAt: Instant | undefined
  readonly lastAt: Instant | undefined
  readonly overflowAt: Instant | undefined
  readonly duration: Duration
  readonly mode: number
  readonly queue: QueueView
}

/** `queue`. */
export const queueType = struct('Queue', () => ({
  Queue: field('events', listOf(eventType)),
  L: field('limit', int),
  GetQueue: method([], listOf(eventType), (queue: QueueView) => queue.events),
}))

/** `leaky`. */
export const bucketType = struct('Leaky', () => ({
  Total_count: field('totalCount', int),
  Mapkey: field('mapkey', string),
  Uuid: field('uuid', string),
  First_ts: field('firstAt', time),
  Last_ts: field('lastAt', time),
  Ovflw_ts: field('overflowAt', time),
  Duration: field('duration', duration),
  Mode: field('mode', int),
  Queue: field('queue', queueType),
}))
