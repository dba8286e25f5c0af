import type { FailureCount, UnparsedCluster } from '@tocsin/engine'
import type { Alert, Decision } from '@tocsin/model'

/** What became of one source of a replay. */
export interface SourceReport {
  readonly name: string
  readonly type: string
  /** Whether the type was found out rather than given. */
  readonly isGuessed: boolean
  readonly lines: number
  readonly parsed: number
  readonly truncated: number
  /** Why reading ended early. */
  readonly failure: string | undefined
}

/** What a replay found; everything the human report and the JSON are made of. */
export interface ReplayReport {
  readonly sources: readonly SourceReport[]
  readonly lines: number
  readonly parsed: number
  readonly unparsed: number
  readonly whitelisted: number
  readonly undated: number
  readonly poured: number
  /** Time the run took, loading the rules apart. */
  readonly seconds: number
  readonly loadSeconds: number
  readonly firstAt: string | undefined
  readonly lastAt: string | undefined
  readonly parsers: readonly ParserCount[]
  readonly alerts: readonly Alert[]
  readonly decisions: readonly Decision[]
  readonly clusters: readonly UnparsedCluster[]
  readonly otherUnparsed: number
  readonly failures: readonly FailureCount[]
}

/** How many lines a parser took: `{ name: 'tocsin/sshd', stage: 's01-parse', lines: 812 }`. */
export interface ParserCount {
  readonly name: string
  readonly stage: string
  readonly lines: number
}
