import { Blackhole } from './blackhole.ts'
import { ScenarioCounts } from './bucket-metrics.ts'
import { bucketTypes } from './bucket-types.ts'
import type { Keeping } from './event-keeper.ts'
import type { KeyGroup } from './key-group.ts'
import { queueLimit, unlimited } from './queue.ts'
import type { Scenario } from './scenario.ts'

/** How much buckets may take, whatever the logs say. */
export interface BucketLimits {
  /** Live buckets of one scenario; past it the longest idle ones are evicted. */
  readonly bucketsPerScenario: number
  /** Live buckets of all scenarios. */
  readonly buckets: number
  /** Events kept by a bucket without capacity. */
  readonly queueLength: number
  /** Values that `distinct` remembers in a bucket. */
  readonly distinctValues: number
  /** In replay, expired buckets stay until there are so many, as a late line may still find them. */
  readonly replayPurge: number
}

export const defaultLimits: BucketLimits = {
  bucketsPerScenario: 500_000,
  buckets: 1_000_000,
  queueLength: 1_000,
  distinctValues: 10_000,
  replayPurge: 100_000,
}

/** A scenario at work: its settings as plain numbers, its buckets and counts. */
export class ScenarioState {
  readonly index: number
  readonly scenario: Scenario
  readonly group: KeyGroup
  readonly counts = new ScenarioCounts()
  readonly blackhole: Blackhole | undefined
  readonly lifetimeNanos: number
  /** Overflows when its lifetime ends, instead of ending silently. */
  readonly isTimed: boolean
  readonly isTrigger: boolean
  /** Whether an event without a token overflows the bucket. */
  readonly isLimited: boolean
  readonly queueLimit: number
  /** Whether anything is evaluated after a pour. */
  readonly hasConditions: boolean
  /** How its events are kept; undefined keeps them whole. */
  readonly keeping: Keeping | undefined

  constructor(
    index: number,
    scenario: Scenario,
    group: KeyGroup,
    keeping: Keeping | undefined,
    limits: BucketLimits,
  ) {
    const type = bucketTypes[scenario.type]
    const isTrigger = scenario.type === 'trigger'
    this.index = index
    this.scenario = scenario
    this.group = group
    this.blackhole =
      scenario.blackholeNanos > 0 ? new Blackhole(scenario.blackholeNanos) : undefined
    this.lifetimeNanos = type.lifetimeNanos(scenario)
    this.isTimed = scenario.durationNanos > 0 && !isTrigger
    this.isTrigger = isTrigger
    this.isLimited = type.isLimited && scenario.capacity !== unlimited
    this.queueLimit = queueLimit(scenario.capacity, scenario.cacheSize, limits.queueLength)
    this.hasConditions =
      !isTrigger && (scenario.condition !== undefined || scenario.bayesian !== undefined)
    this.keeping = keeping
  }
}
