export { ContextSet } from './alert-context.ts'
export type { BucketCounter, BucketGauge, BucketMetrics } from './bucket-metrics.ts'
export { BucketStore, type BucketStoreParts } from './bucket-store.ts'
export { type EventPacker, type EventShape, mostPackers } from './event-packer.ts'
export type { LeakyView, QueueView } from './leaky-view.ts'
export { lintScenarios } from './lint-scenarios.ts'
export { Match } from './match.ts'
export { readDataFiles } from './read-data-files.ts'
export {
  readScenarios,
  type ScenarioEnvironments,
  type ScenarioOrigin,
} from './read-scenarios.ts'
export { Router } from './router.ts'
export { type RuleFailure, RuleFailures } from './rule-failures.ts'
export type { SavedBuckets } from './saved-buckets.ts'
export {
  type Bayesian,
  type BayesianCondition,
  type DataFile,
  type Rule,
  type Scenario,
  type ScenarioType,
  type Scope,
  scenarioTypes,
} from './scenario.ts'
export { ScenarioSet } from './scenario-set.ts'
export { type BucketLimits, defaultLimits } from './scenario-state.ts'
export { planTransfer, type TransferPlan } from './transfer-plan.ts'
export {
  readWholeEvent,
  TransferredEvent,
  type WholeEvent,
  writeWholeEvent,
} from './transferred-event.ts'
