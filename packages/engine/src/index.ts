export type { SavedBuckets } from '@tocsin/bucket'
export { copyEvent, diffEvents, type EventChange } from './copy-event.ts'
export { createDetection, type Detection, type DetectionServices } from './detection.ts'
export { Engine, type EngineObserver, type EngineOptions, type LineSource } from './engine.ts'
export { loadRules, type RuleParts, type RuleSet } from './load-rules.ts'
export { NodeRecorder, type NodeResult, type NodeResults } from './node-recorder.ts'
export { ReplayClock } from './replay-clock.ts'
export { type FailureCount, RuleFailureCounts } from './rule-failure-counts.ts'
export { Statistics } from './statistics.ts'
export { type UnparsedCluster, UnparsedLines } from './unparsed-lines.ts'
export {
  ParallelEngine,
  type ParallelOptions,
  type SetAsideBlock,
} from './workers/parallel-engine.ts'
export { createWorkerSeed, type WorkerSeed } from './workers/worker-seed.ts'
