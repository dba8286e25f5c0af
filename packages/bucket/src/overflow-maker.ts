import { Event, type Instant, type Overflow } from '@tocsin/model'
import type { ContextSet } from './alert-context.ts'
import { formatBucketId, formatMapkey } from './bucket-key.ts'
import type { Keeping } from './event-keeper.ts'
import { type LeakySource, LeakyView } from './leaky-view.ts'
import { buildOverflow, type OverflowFacts } from './overflow.ts'
import { type RuleFailures, reasonOf } from './rule-failures.ts'
import type { Rule, Scenario } from './scenario.ts'
import type { ScenarioState } from './scenario-state.ts'
import { SourceError } from './sources.ts'

/** Makes an event of a bucket that overflowed, unless its filter or its blackhole is against it. */
export class OverflowMaker {
  readonly #failures: RuleFailures
  readonly #contexts: ContextSet | undefined
  readonly #contextLength: number

  constructor(failures: RuleFailures, contexts: ContextSet | undefined, contextLength = 0) {
    this.#failures = failures
    this.#contexts = contexts
    this.#contextLength = contextLength
  }

  /**
   * `overflow_filter`, then the blackhole, then out.
   * @param eventsOf Gives the events of the bucket: they are unpacked only when an alert may come of it.
   */
  emit<B extends LeakySource>(
    bucket: B,
    state: ScenarioState,
    eventsOf: (bucket: B, keeping: Keeping | undefined) => readonly Event[],
    at: Instant,
    overflows: Event[],
  ): void {
    const { scenario, blackhole, counts } = state
    counts.overflowed++
    const { first, last } = bucket
    if (!first || !last) return
    // Without a filter to ask first, a silenced overflow need not even be built.
    if (!scenario.overflowFilter && blackhole?.isSilenced(bucket.key, at)) return
    const events = eventsOf(bucket, state.keeping)
    const mapkey = formatMapkey(scenario.filter.text, bucket.key, scenario.name)
    const bucketId = formatBucketId(mapkey, bucket.serial, first)
    const facts = { mapkey, bucketId, count: bucket.count, first, last, overflowAt: at, events }
    const overflow = this.#build(state, facts)
    if (!overflow) return
    if (scenario.overflowFilter) {
      const queue = { events, limit: state.queueLimit }
      const leaky = new LeakyView(bucket, state, queue, at)
      const given = { queue, leaky, signal: overflow }
      if (this.#isFiltered(scenario, scenario.overflowFilter, given)) return
      if (blackhole?.isSilenced(bucket.key, at)) return
    }
    blackhole?.start(bucket.key, at)
    overflows.push(Event.ofOverflow(overflow, at))
  }

  #build(state: ScenarioState, facts: OverflowFacts): Overflow | undefined {
    const { name, scope } = state.scenario
    const context = (events: readonly Event[]) =>
      this.#contexts?.evaluate(events, this.#failures, this.#contextLength) ?? []
    const warn = (reason: string) => this.#failures.note(name, 'scope', scope.expression, reason)
    try {
      return buildOverflow(state.scenario, facts, context, warn)
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
      state.counts.unbuilt++
      warn(error.message)
      return undefined
    }
  }

  /** Only a plain false drops the overflow; what fails lets it pass. */
  #isFiltered(scenario: Scenario, rule: Rule, given: Readonly<Record<string, unknown>>): boolean {
    try {
      const answer = rule.expression.evaluate(...rule.variables.map((name) => given[name]))
      if (typeof answer === 'boolean') return !answer
      this.#failures.note(scenario.name, 'overflow_filter', rule, `gave a ${typeof answer}`)
    } catch (error) {
      this.#failures.note(scenario.name, 'overflow_filter', rule, reasonOf(error))
    }
    return false
  }
}
