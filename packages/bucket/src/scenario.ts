import type { Span } from '@tocsin/diagnostic'
import type { Expression } from '@tocsin/expr'
import type { DataDict } from '@tocsin/model'

export const scenarioTypes = ['leaky', 'trigger', 'counter', 'conditional', 'bayesian'] as const
export type ScenarioType = (typeof scenarioTypes)[number]

/** An expression of a scenario, and where it stands for whoever must repair it. */
export interface Rule {
  /** As the document has it: scenarios with the same text share evaluations and bucket keys. */
  readonly text: string
  readonly span: Span
  /** The names of the variables, in the order `evaluate` takes them. */
  readonly variables: readonly string[]
  readonly expression: Pick<
    Expression,
    | 'evaluate'
    | 'requirements'
    | 'textRequirements'
    | 'reads'
    | 'structReads'
    | 'hasSideEffects'
    | 'type'
  >
}

/** Whom the alerts of a scenario are about: `{ type: 'Ip', expression: undefined }`. */
export interface Scope {
  readonly type: string
  readonly expression: Rule | undefined
}

/** One piece of evidence of a bayesian scenario; probabilities are float32 numbers. */
export interface BayesianCondition {
  readonly condition: Rule
  readonly probabilityGivenEvil: number
  readonly probabilityGivenBenign: number
  /** Once true for a bucket it stays true. */
  readonly isGuillotine: boolean
}

export interface Bayesian {
  readonly prior: number
  readonly threshold: number
  readonly conditions: readonly BayesianCondition[]
}

/** A file that expressions of the scenario read; loading it is the engine's part. */
export interface DataFile {
  readonly span: Span
  readonly sourceUrl: string
  readonly destFile: string
  readonly type: string
  readonly cache: {
    readonly isEnabled: boolean
    readonly strategy: string
    readonly size: number
    readonly ttlNanos: number
  }
}

/** One document of a scenario file, read and checked. Durations are nanoseconds, 0 when absent. */
export interface Scenario {
  readonly name: string
  readonly description: string
  readonly type: ScenarioType
  readonly span: Span
  readonly filter: Rule
  readonly groupBy: Rule | undefined
  readonly distinct: Rule | undefined
  readonly cancelOn: Rule | undefined
  readonly condition: Rule | undefined
  readonly overflowFilter: Rule | undefined
  readonly blackholeNanos: number
  /** How many events the bucket holds; -1 is without end. */
  readonly capacity: number
  readonly leakSpeedNanos: number
  readonly durationNanos: number
  readonly cacheSize: number
  readonly bayesian: Bayesian | undefined
  readonly scope: Scope
  readonly labels: Readonly<DataDict>
  readonly hasRemediation: boolean
  readonly reprocess: boolean
  readonly isSimulated: boolean
  readonly isDebug: boolean
  /** Version and sha256 of the item it comes from; empty for local ones. */
  readonly version: string
  readonly hash: string
  readonly data: readonly DataFile[]
}
