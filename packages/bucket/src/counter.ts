import { type BucketType, requireCapacity, requirePositive } from './scenario-settings.ts'

/** Collects every event for `duration` from the first on, then overflows, be it with one event. */
export const counter: BucketType = {
  check(settings) {
    requireCapacity(settings, 'counter', -1)
    requirePositive(settings, 'duration')
  },
  lifetimeNanos: ({ durationNanos }) => durationNanos,
  isLimited: false,
}
