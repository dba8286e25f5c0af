import type { Span } from '@tocsin/diagnostic'
import type { Rule } from './scenario.ts'

/** An expression that could not be evaluated: how often, and the last reason. */
export interface RuleFailure {
  readonly scenario: string
  /** The key of the document: `filter`, `groupby`, `condition`… */
  readonly part: string
  readonly span: Span | undefined
  readonly count: number
  readonly reason: string
}

/** Counts failures by where they stand, to be reported per block instead of per event. */
export class RuleFailures {
  #failures = new Map<string, RuleFailure>()

  note(scenario: string, part: string, rule: Rule | undefined, reason: string): void {
    this.add({ scenario, part, count: 1, reason }, rule)
  }

  /** Counts what failed several times. */
  add(failure: Omit<RuleFailure, 'span'>, rule: Rule | undefined): void {
    const { scenario, part, reason } = failure
    const key = `${scenario}\0${part}\0${rule?.text ?? ''}`
    const count = (this.#failures.get(key)?.count ?? 0) + failure.count
    this.#failures.set(key, { scenario, part, span: rule?.span, count, reason })
  }

  /** What failed since the last call. */
  drain(): RuleFailure[] {
    const failures = [...this.#failures.values()]
    this.#failures = new Map()
    return failures
  }
}

/** The text of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
