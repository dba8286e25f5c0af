import {
  type EventPacker,
  type Match,
  type RuleFailure,
  type SavedBuckets,
  ScenarioSet,
} from '@tocsin/bucket'
import {
  type Alert,
  type Clock,
  Event,
  Instant,
  Line,
  type TextDict,
  type TimeMode,
  timeMode,
} from '@tocsin/model'
import type { ParseObserver } from '@tocsin/parser'
import type { RuleSet } from './load-rules.ts'
import { ReplayClock } from './replay-clock.ts'
import type { RuleFailureCounts } from './rule-failure-counts.ts'
import { Statistics } from './statistics.ts'

/** How often an overflow may cause an overflow that causes an overflow. */
const maxReprocessDepth = 8

/** Where lines come from: a file, a journal; its labels choose the parsers. */
export interface LineSource {
  readonly name: string
  readonly module: string
  readonly labels: TextDict
}

/** Follows lines for explanations and tests; absent in normal running. */
export interface EngineObserver {
  readonly parse: ParseObserver
  /** An event that passed the parsers, and the names of the scenarios that wanted it. */
  routed?(event: Event, scenarios: readonly string[]): void
  /** Every overflow after its postoverflows, whitelisted ones too. */
  overflowed?(event: Event): void
}

export interface EngineOptions {
  readonly mode: TimeMode
  /** In replay a `ReplayClock` moves with the lines; any other stands still for them. */
  readonly clock: Clock
  readonly onAlert: (alert: Alert) => void
  readonly failures: RuleFailureCounts
  readonly observer?: EngineObserver
}

/**
 * One thread of detection: lines in, alerts out. It reads nothing and sends nothing by itself.
 * In replay the alerts are a function of the lines alone.
 */
export class Engine {
  readonly statistics = new Statistics()
  readonly #rules: RuleSet
  readonly #scenarios: ScenarioSet
  readonly #options: EngineOptions
  readonly #overflows: Event[] = []
  readonly #replayClock: ReplayClock | undefined

  constructor(rules: RuleSet, options: EngineOptions) {
    this.#rules = rules
    this.#options = options
    const { clock, mode } = options
    this.#replayClock = mode === timeMode.replay && clock instanceof ReplayClock ? clock : undefined
    this.#scenarios = new ScenarioSet(rules.scenarios, {
      clock: options.clock,
      contexts: rules.contexts,
    })
  }

  /** Hot path: everything that happens to one line happens in here. */
  processLine(raw: string, source: LineSource, readAt: Instant): void {
    const { statistics } = this
    const { observer, mode } = this.#options
    statistics.lines++
    const line = new Line(raw, source.name, source.module, source.labels, readAt)
    const event = Event.ofLine(line, mode)
    this.#rules.parsers.parse(event, observer?.parse)
    if (!event.isProcessed) {
      statistics.unparsed++
      statistics.unparsedLines.add(raw)
      return
    }
    statistics.parsed++
    statistics.noteTime(event)
    if (event.marshaledTime !== '') this.#replayClock?.observe(event.time)
    if (event.isWhitelisted) {
      statistics.whitelisted++
      return
    }
    this.#offer(event, 0)
  }

  /** Pours what a worker made of a line. Hot path: once per line that a scenario wants. */
  pour(matches: readonly Match[]): void {
    this.statistics.poured++
    for (let i = 0; i < matches.length; i++) {
      this.#scenarios.pour(matches[i] as Match, this.#overflows)
    }
    if (this.#overflows.length > 0) this.#drainOverflows(0)
  }

  /** Notes how far the time of lines has come that a worker read. */
  observe(epochMs: number): void {
    this.#replayClock?.observeMs(epochMs)
  }

  /** What unpacks the events that workers packed. */
  get packer(): EventPacker | undefined {
    return this.#scenarios.packer
  }

  /** Ends live buckets whose time has come; call it every second or so. */
  advance(): void {
    this.#scenarios.advance(this.#overflows)
    this.#drainOverflows(0)
  }

  /** What the buckets hold, as plain data: for other rules to go on with, or another process. */
  saveBuckets(): SavedBuckets {
    return this.#scenarios.save()
  }

  /** Takes back what was saved; scenarios that are the same as then go on with it. */
  restoreBuckets(saved: SavedBuckets): void {
    this.#scenarios.restore(saved)
  }

  get bucketCount(): number {
    return this.#scenarios.bucketCount
  }

  /** Scenario expressions that could not be evaluated since the last call. */
  drainScenarioFailures(): RuleFailure[] {
    return this.#scenarios.drainFailures()
  }

  /** Counts scenario expressions that could not be evaluated in a worker. */
  addScenarioFailures(failures: readonly Omit<RuleFailure, 'span'>[]): void {
    this.#scenarios.addFailures(failures)
  }

  /** The moment lines of a run count as read. */
  now(): Instant {
    return new Instant(this.#options.clock.nowMs())
  }

  #offer(event: Event, depth: number): void {
    const { observer } = this.#options
    const isWanted = observer?.routed
      ? this.#offerObserved(event, observer.routed.bind(observer))
      : this.#scenarios.offer(event, this.#overflows)
    if (isWanted) this.statistics.poured++
    if (this.#overflows.length > 0) this.#drainOverflows(depth)
  }

  #offerObserved(
    event: Event,
    routed: (event: Event, scenarios: readonly string[]) => void,
  ): boolean {
    const matches: Parameters<ScenarioSet['route']>[1] = []
    this.#scenarios.route(event, matches)
    routed(
      event,
      matches.map((match) => this.#rules.scenarios[match.scenario]?.name ?? ''),
    )
    for (const match of matches) this.#scenarios.pour(match, this.#overflows)
    return matches.length > 0
  }

  #drainOverflows(depth: number): void {
    const overflows = this.#overflows.splice(0)
    for (const event of overflows) this.#handleOverflow(event, depth)
  }

  #handleOverflow(event: Event, depth: number): void {
    const { overflow } = event
    if (!overflow) return
    const { statistics } = this
    const { observer, onAlert } = this.#options
    statistics.overflows++
    this.#rules.postoverflows.parse(event, observer?.parse)
    observer?.overflowed?.(event)
    if (event.isWhitelisted) {
      statistics.whitelistedOverflows++
      return
    }
    for (const alert of overflow.alerts) onAlert(alert)
    if (!overflow.reprocess) return
    if (depth < maxReprocessDepth) {
      this.#offer(event, depth + 1)
    } else {
      this.#options.failures.note(
        overflow.alert?.scenario ?? '',
        'reprocess',
        `overflows caused overflows ${maxReprocessDepth} times over`,
      )
    }
  }
}
