export type MetricSource = 'LP' | 'RC'

/** One report of a log processor (`LP`) or a remediation component (`RC`). */
export interface MetricRow {
  readonly id: number
  readonly source: MetricSource
  /** Machine id or bouncer name. */
  readonly by: string
  readonly receivedMs: number
  readonly pushedMs: number | undefined
  /** JSON. */
  readonly payload: string
}

export interface MetricStore {
  insert(metric: {
    readonly source: MetricSource
    readonly by: string
    readonly payload: string
  }): Promise<void>
  /** In order of arrival. */
  listUnpushed(): Promise<MetricRow[]>
  list(filter?: {
    readonly source?: MetricSource
    readonly by?: string
    readonly receivedFromMs?: number
  }): Promise<MetricRow[]>
  markPushed(ids: readonly number[]): Promise<void>
}
