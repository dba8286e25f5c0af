import { type BucketType, requirePositive } from './scenario-settings.ts'

/**
 * Holds `capacity` events, loses one every `leakspeed`, and overflows on one too many. It is as good
 * as new once it has been idle for the time a full one takes to empty.
 */
export const leaky: BucketType = {
  check(settings) {
    if (settings.capacity <= 0) {
      settings.problems.error(
        settings.span('capacity'),
        'TOC_BUCKET_CAPACITY',
        settings.has('capacity')
          ? `capacity of a leaky bucket is ${settings.capacity}`
          : 'capacity is missing',
        '"capacity: 5" overflows on the sixth event in quick succession',
      )
    }
    requirePositive(settings, 'leakspeed')
  },
  lifetimeNanos: ({ durationNanos, capacity, leakSpeedNanos }) =>
    durationNanos > 0 ? durationNanos : (capacity + 1) * leakSpeedNanos,
  isLimited: true,
}
