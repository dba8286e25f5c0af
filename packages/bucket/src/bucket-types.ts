import { bayesian } from './bayesian.ts'
import { conditional } from './conditional.ts'
import { counter } from './counter.ts'
import { leaky } from './leaky.ts'
import type { ScenarioType } from './scenario.ts'
import type { BucketType } from './scenario-settings.ts'
import { trigger } from './trigger.ts'

/** Every bucket type by the name documents use. */
export const bucketTypes: Readonly<Record<ScenarioType, BucketType>> = {
  leaky,
  trigger,
  counter,
  conditional,
  bayesian,
}
