import { type Rule, RuleFailures } from '@tocsin/bucket'
import { RuleFailureCounts } from '../rule-failure-counts.ts'
import type { BlockResult } from './block-result.ts'

type Noted = readonly [
  rule: string,
  part: string,
  reason: string,
  scenarioRule: Rule | undefined | null,
]

/** Failures of rules in a worker, counted when it is certain that the worker keeps the line. */
export class LineFailures {
  /** What parsers are given. */
  readonly ofParsers: RuleFailureCounts
  /** What scenarios are given. */
  readonly ofScenarios: RuleFailures
  #noted: Noted[] = []
  #rules = new RuleFailureCounts()
  readonly #scenarios = new RuleFailures()

  constructor() {
    this.ofParsers = new NotedRuleFailures((rule, part, reason) => {
      this.#noted.push([rule, part, reason, null])
    })
    this.ofScenarios = new NotedFailures((...noted) => this.#noted.push(noted))
  }

  /** Counts what failed in the line at hand. */
  keep(): void {
    if (this.#noted.length === 0) return
    for (const [rule, part, reason, scenarioRule] of this.#noted) {
      if (scenarioRule === null) this.#rules.note(rule, part, reason)
      else this.#scenarios.note(rule, part, scenarioRule, reason)
    }
    this.#noted = []
  }

  /** Forgets what failed in the line at hand. */
  drop(): void {
    if (this.#noted.length > 0) this.#noted = []
  }

  /** What was counted since the last call. */
  take(): Pick<BlockResult, 'ruleFailures' | 'scenarioFailures'> {
    const ruleFailures = this.#rules.list()
    if (ruleFailures.length > 0) this.#rules = new RuleFailureCounts()
    const scenarioFailures = this.#scenarios
      .drain()
      .map(({ scenario, part, count, reason }) => ({ scenario, part, count, reason }))
    return { ruleFailures, scenarioFailures }
  }
}

class NotedRuleFailures extends RuleFailureCounts {
  override readonly note: RuleFailureCounts['note']

  constructor(note: RuleFailureCounts['note']) {
    super()
    this.note = note
  }
}

/** Hands on every failure as it comes. */
class NotedFailures extends RuleFailures {
  readonly #take: (scenario: string, part: string, reason: string, rule: Rule | undefined) => void

  constructor(
    take: (scenario: string, part: string, reason: string, rule: Rule | undefined) => void,
  ) {
    super()
    this.#take = take
  }

  override note(scenario: string, part: string, rule: Rule | undefined, reason: string): void {
    this.#take(scenario, part, reason, rule)
  }
}
