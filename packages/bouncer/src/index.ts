export {
  Admission,
  type AdmissionOptions,
  neverBanned,
  type Refusal,
} from './admission.ts'
export { type Ban, BanTable } from './ban-table.ts'
export { Bouncer, type BouncerOptions } from './bouncer.ts'
export type { BouncerStatus } from './bouncer-status.ts'
export type { DecisionFeed, FeedDecision, FeedUpdate } from './decision-feed.ts'
export type { HeldDecision, Strongest } from './decision-table.ts'
export { type Admitted, DesiredSet, type DesiredSetOptions } from './desired-set.ts'
export {
  type Change,
  type Drops,
  type Enforcer,
  EnforcerError,
  type EnforcerErrorCode,
  type Held,
  type HeldPart,
} from './enforcer.ts'
export { flattenRanges, outermostRanges } from './flatten-ranges.ts'
export { MemoryEnforcer, type MemoryEnforcerOptions } from './memory-enforcer.ts'
export { originPriority } from './origin-priority.ts'
export { type Plan, planChange } from './plan-change.ts'
export { formatPrometheus } from './prometheus-text.ts'
export { Reconciler, type ReconcilerOptions, type Stance, type SyncReport } from './reconciler.ts'
export { readSnapshot, type Snapshot, SnapshotError, writeSnapshot } from './snapshot.ts'
export {
  type BanCount,
  type Component,
  countBans,
  type UsageBody,
  type UsageItem,
  UsageMetrics,
} from './usage-metrics.ts'
export { isInStep, type Verification, verificationOf } from './verification.ts'
