import type { Problems, Span } from '@tocsin/diagnostic'
import type { Rule, Scenario } from './scenario.ts'

/** What the checks of a bucket type look at: the numbers of a document, and where they stand. */
export interface ScenarioSettings {
  readonly capacity: number
  readonly leakSpeedNanos: number
  readonly durationNanos: number
  readonly condition: Rule | undefined
  readonly bayesian: { readonly prior: number; readonly threshold: number; readonly count: number }
  /** Whether the key is in the document: when it is there but wrong, that was reported already. */
  readonly has: (key: string) => boolean
  /** Where the value of a key stands, or where it is missing. */
  readonly span: (key: string) => Span
  readonly problems: Problems
}

/** What distinguishes a bucket type; its file says why. */
export interface BucketType {
  /** Reports settings that the type cannot work with. */
  readonly check: (settings: ScenarioSettings) => void
  /** How long a bucket lives without events, or in all when it is timed; 0 is for ever. */
  readonly lifetimeNanos: (scenario: Scenario) => number
  /** Whether running out of tokens overflows the bucket. */
  readonly isLimited: boolean
}

/** Reports a duration that must be there and positive. */
export function requirePositive(settings: ScenarioSettings, key: 'leakspeed' | 'duration'): void {
  const nanos = key === 'leakspeed' ? settings.leakSpeedNanos : settings.durationNanos
  if (nanos > 0) return
  const isAbsent = !settings.has(key)
  // An unreadable duration was reported where it was read.
  if (!isAbsent && Number.isNaN(nanos)) return
  settings.problems.error(
    settings.span(key),
    key === 'leakspeed' ? 'TOC_BUCKET_LEAKSPEED' : 'TOC_BUCKET_DURATION',
    isAbsent ? `${key} is missing` : `${key} must be longer than zero`,
    key === 'leakspeed'
      ? '"10s" lets one event leak every ten seconds'
      : '"1h" lets the bucket collect for an hour',
  )
}

/** Reports a capacity other than the one the type works with. */
export function requireCapacity(settings: ScenarioSettings, type: string, wanted: number): void {
  if (settings.capacity === wanted) return
  settings.problems.error(
    settings.span('capacity'),
    'TOC_BUCKET_CAPACITY',
    `capacity of a ${type} is ${settings.capacity}`,
    wanted === 0 ? 'leave capacity out' : `write "capacity: ${wanted}"`,
  )
}
