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
  #isMuted = false

  /** Bound, so that it can be handed to rules. */
  readonly note = (rule: string, part: string, reason: string): void => {
    this.add({ rule, part, reason, count: 1 })
  }

  /** Counts what failed several times. */
  add({ rule, part, reason, count }: FailureCount): void {
    if (this.#isMuted) return
    const key = `${rule}\0${part}`
    const known = this.#counts.get(key)
    if (!known && this.#counts.size >= mostKinds) return
    this.#counts.set(key, { rule, part, reason, count: (known?.count ?? 0) + count })
  }

  /** Does something on trial, whose failures do not count. */
  muted<Result>(work: () => Result): Result {
    this.#isMuted = true
    try {
      return work()
    } finally {
      this.#isMuted = false
    }
  }

  /** The most frequent first, and among those by name. */
  list(): FailureCount[] {
    const order = (a: FailureCount, b: FailureCount) =>
      b.count - a.count || (`${a.rule}\0${a.part}` < `${b.rule}\0${b.part}` ? -1 : 1)
    return [...this.#counts.values()].sort(order)
  }
}
