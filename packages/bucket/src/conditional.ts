import { type BucketType, requirePositive } from './scenario-settings.ts'

/** Keeps events and overflows when its `condition` over them is true; forgotten after `leakspeed`. */
export const conditional: BucketType = {
  check(settings) {
    const { problems } = settings
    if (!settings.condition && !settings.has('condition')) {
      problems.error(
        settings.span('condition'),
        'TOC_BUCKET_CONDITION',
        'a conditional scenario needs a condition',
        'for example "condition: len(queue.Queue) >= 2"',
      )
    }
    requirePositive(settings, 'leakspeed')
    if (settings.capacity !== -1) {
      problems.warn(
        settings.span('capacity'),
        'TOC_BUCKET_CAPACITY',
        `capacity of a conditional scenario is ${settings.capacity}, which limits only what its condition sees`,
        'write "capacity: -1"',
      )
    }
  },
  // Its life is counted in leakspeed even when a duration makes it overflow at its end.
  lifetimeNanos: ({ leakSpeedNanos }) => leakSpeedNanos,
  isLimited: false,
}
