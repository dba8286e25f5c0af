/** A part of a rule that failed while it ran: how often, and the last reason. */
export interface FailureCount {
  readonly rule: string
  /** The expression, or the key of the rule. */
  readonly part: string
  readonly reason: string
  readonly count: number
}

const mostKinds = 1000

/** Counts failures of rules, so that a failing one is reported once and not per line. */
export class RuleFailureCounts {
  readonly #counts = new Map<string, FailureCount>()

  /** Bound, so that it can be handed to rules. */
  readonly note = (rule: string, part: string, reason: string): void => {
    const key = `${rule}\0${part}`
    const count = (this.#counts.get(key)?.count ?? 0) + 1
    if (count === 1 && this.#counts.size >= mostKinds) return
    this.#counts.set(key, { rule, part, reason, count })
  }

  /** The most frequent first. */
  list(): FailureCount[] {
    return [...this.#counts.values()].sort((a, b) => b.count - a.count)
  }
}
