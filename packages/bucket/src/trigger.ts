import { type BucketType, requireCapacity } from './scenario-settings.ts'

/**
 * Overflows on every event. Nothing waits, so no bucket is made: what would be counted, compared or
 * cancelled over several events has no effect.
 */
export const trigger: BucketType = {
  check: (settings) => requireCapacity(settings, 'trigger', 0),
  lifetimeNanos: () => 0,
  isLimited: false,
}
