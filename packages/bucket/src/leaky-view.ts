import { Duration, type Event, Instant, type TimeMode } from '@tocsin/model'

/** Go's zero time, the first of January of the year 1: nothing happened yet. */
const never = new Instant(-62_135_596_800_000)

/** The events of a bucket, as `queue` of expressions. */
export interface QueueView {
  readonly events: readonly Event[]
  readonly limit: number
}

/** What `leaky` of expressions shows of a bucket; names that cost something are made when read. */
export interface LeakyView {
  readonly totalCount: number
  readonly mapkey: string
  readonly uuid: string
  readonly firstAt: Instant
  readonly lastAt: Instant
  readonly overflowAt: Instant
  readonly duration: Duration
  readonly mode: TimeMode
  readonly queue: QueueView
}

/** What a view is made from. */
export interface LeakySource {
  readonly count: number
  readonly first: Instant | undefined
  readonly last: Instant | undefined
  readonly mode: TimeMode
}

/** The view of a bucket; its identifiers are functions, called only when an expression wants them. */
export function createLeakyView(
  bucket: LeakySource,
  queue: QueueView,
  lifetimeNanos: number,
  overflowAt: Instant | undefined,
  ids: { readonly mapkey: () => string; readonly uuid: () => string },
): LeakyView {
  return {
    totalCount: bucket.count,
    get mapkey() {
      return ids.mapkey()
    },
    get uuid() {
      return ids.uuid()
    },
    firstAt: bucket.first ?? never,
    lastAt: bucket.last ?? never,
    overflowAt: overflowAt ?? never,
    duration: new Duration(lifetimeNanos),
    mode: bucket.mode,
    queue,
  }
}
