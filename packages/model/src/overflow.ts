import type { Alert, Source } from './alert.ts'

/** A bucket that overflowed: what postoverflows and meta-buckets see as `evt.Overflow`. */
export interface Overflow {
  mapkey: string
  bucketId: string
  isWhitelisted: boolean
  /** Whether scenarios shall see this overflow as an event. */
  reprocess: boolean
  /** Who did it, by value, first seen first. Scope and value are shared with the alerts' source. */
  sources: Map<string, Source>
  /** One alert per source; the first is `alert`. */
  alerts: Alert[]
  alert: Alert | undefined
}
