/** What `tocsin status` shows; `-o json` prints it as it is. Keys are a contract: add, never rename. */
export interface DaemonStatus {
  readonly version: string
  readonly pid: number
  readonly started_at: string
  readonly listening: readonly string[]
  /** Whether any bouncer fetched decisions lately. */
  readonly is_enforced: boolean
  readonly sources: readonly SourceStatus[]
  readonly lines: number
  readonly parsed: number
  readonly unparsed: number
  readonly buckets: number
  readonly alerts_waiting: number
  readonly decisions: number
  readonly bouncers: readonly BouncerStatus[]
  readonly rules: RuleCounts
  readonly unparsed_clusters: readonly ClusterStatus[]
}

export interface SourceStatus {
  readonly name: string
  readonly type: string
  readonly verdict: string
  readonly description: string
  /** How many files, clients or filters of it are being read. */
  readonly streams: number
  readonly lines: number
  readonly parsed: number
}

export interface BouncerStatus {
  readonly name: string
  /** RFC 3339; null when it never asked. */
  readonly last_pull: string | null
}

export interface RuleCounts {
  readonly parsers: number
  readonly scenarios: number
  readonly postoverflows: number
  /** Problems found when they were loaded. */
  readonly problems: number
  /** What failed while it ran. */
  readonly failures: number
}

export interface ClusterStatus {
  readonly count: number
  readonly example: string
}
