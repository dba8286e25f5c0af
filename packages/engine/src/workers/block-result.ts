import type { EventShape, RuleFailure } from '@tocsin/bucket'
import type { Instant } from '@tocsin/model'
import type { FailureCount } from '../rule-failure-counts.ts'

/** A block of lines for a worker. */
export interface BlockTask {
  readonly bytes: Uint8Array
  readonly source: {
    readonly name: string
    readonly module: string
    readonly labels: Readonly<Record<string, string | undefined>>
  }
  readonly readAt: Pick<Instant, 'epochMs' | 'nanos' | 'offsetMinutes'>
  /** What dates without a year are of. */
  readonly year: number
}

/**
 * What a block came to: a list of numbers that `BlockWriter` writes and `BlockPourer` reads, and
 * the texts and times that they refer to. One message, few objects: a line costs some tens of bytes.
 */
export interface BlockResult {
  readonly codes: Int32Array<ArrayBuffer>
  readonly times: Float64Array<ArrayBuffer>
  readonly texts: readonly string[]
  readonly truncatedCount: number
  /** The latest time of the lines parsed; -Infinity for none. */
  readonly latestMs: number
  /** Whether the year of the task went into any time. */
  readonly usesYear: boolean
  /** By number of a parser node, among those of the stages: how many events it took. */
  readonly taken: Int32Array<ArrayBuffer>
  readonly shapes: readonly EventShape[]
  readonly ruleFailures: readonly FailureCount[]
  readonly scenarioFailures: readonly Omit<RuleFailure, 'span'>[]
}

/** What a run of codes tells; each begins with one of these. */
export const code = {
  /**
   * Counts of lines since the last of its kind:
   * `lines parsed whitelisted undated hasTimes`; six times when it has: first and last.
   */
  counts: 0,
  /** A line that nobody parsed, `start end`. Counted nowhere else. */
  unparsed: 1,
  /** A line to be parsed by the engine itself, `start end`. Counted nowhere else. */
  handedBack: 2,
  /**
   * A line that scenarios want: `start end matches marshaledTime packed whole`, then for each
   * match `scenario key distinct cancels`; four times: how far time has come in the block, and its own.
   */
  wanted: 3,
} as const

/** Stands for "no text" among indexes of texts. */
export const noText = -1
