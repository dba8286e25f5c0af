import type { Event } from '@tocsin/model'
import type { BucketMetrics } from './bucket-metrics.ts'
import { BucketStore, type BucketStoreParts } from './bucket-store.ts'
import type { EventPacker } from './event-packer.ts'
import type { Match } from './match.ts'
import { Router } from './router.ts'
import { type RuleFailure, RuleFailures } from './rule-failures.ts'
import type { SavedBuckets } from './saved-buckets.ts'
import type { Rule, Scenario } from './scenario.ts'

/**
 * Scenarios at work: events in, overflows out. `route` holds no state, so it may run in another
 * thread than `pour`; an event's matches must pour in the order they were given.
 */
export class ScenarioSet {
  readonly scenarios: readonly Scenario[]
  readonly #failures = new RuleFailures()
  readonly #router: Router
  readonly #store: BucketStore
  readonly #matches: Match[] = []

  constructor(
    scenarios: readonly Scenario[],
    parts: Omit<BucketStoreParts, 'router' | 'failures'>,
  ) {
    this.scenarios = scenarios
    this.#router = new Router(scenarios, this.#failures)
    this.#store = new BucketStore(scenarios, {
      ...parts,
      router: this.#router,
      failures: this.#failures,
    })
  }

  /** Appends a match for every scenario that wants the event, in load order. */
  route(event: Event, matches: Match[]): void {
    this.#router.route(event, matches)
  }

  /** Pours one match; what overflows is appended as events, ready for postoverflows. */
  pour(match: Match, overflows: Event[]): void {
    this.#store.pour(match, overflows)
  }

  /** Routes and pours; true when at least one scenario wanted the event. */
  offer(event: Event, overflows: Event[]): boolean {
    const matches = this.#matches
    matches.length = 0
    this.#router.route(event, matches)
    for (let i = 0; i < matches.length; i++) this.#store.pour(matches[i] as Match, overflows)
    const isWanted = matches.length > 0
    // What was matched must not be held until the next event.
    matches.length = 0
    return isWanted
  }

  /** Ends the live buckets whose time has come; call it every second or so. */
  advance(overflows: Event[]): void {
    this.#store.advance(overflows)
  }

  /** What unpacks the events that were packed in another thread. */
  get packer(): EventPacker | undefined {
    return this.#store.packer
  }

  /** What the buckets hold, as plain data. */
  save(): SavedBuckets {
    return this.#store.save()
  }

  /** Takes back what was saved; scenarios that are the same as then go on with it. */
  restore(saved: SavedBuckets): void {
    this.#store.restore(saved)
  }

  get bucketCount(): number {
    return this.#store.size
  }

  /** Tells what was counted since the last call. */
  publish(metrics: BucketMetrics): void {
    this.#store.publish(metrics)
  }

  /** Expressions that could not be evaluated since the last call, by where they stand. */
  drainFailures(): RuleFailure[] {
    return this.#failures.drain()
  }

  /** Counts failures of a router in another thread. */
  addFailures(failures: readonly Omit<RuleFailure, 'span'>[]): void {
    for (const failure of failures) {
      const scenario = this.scenarios.find(({ name }) => name === failure.scenario)
      this.#failures.add(failure, scenario && ruleOf(scenario, failure.part))
    }
  }
}

/** The expression that a router evaluates under a key of the document. */
function ruleOf(scenario: Scenario, part: string): Rule | undefined {
  switch (part) {
    case 'filter':
      return scenario.filter
    case 'groupby':
      return scenario.groupBy
    case 'distinct':
      return scenario.distinct
    case 'cancel_on':
      return scenario.cancelOn
    default:
      return undefined
  }
}
