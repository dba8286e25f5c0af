import { type Clock, detached, type Event, type Instant, timeMode } from '@tocsin/model'
import type { ContextSet } from './alert-context.ts'
import { Bucket } from './bucket.ts'
import { type BucketMetrics, PourCounts } from './bucket-metrics.ts'
import { conditionHolds } from './conditions.ts'
import { addDistinct } from './distinct-values.ts'
import { EventKeeper, eventsOf, planKeeping, queueOf } from './event-keeper.ts'
import type { EventPacker } from './event-packer.ts'
import { EventTimes } from './event-time.ts'
import { evictionCandidates, expiryOf, isExpired } from './expiry.ts'
import { createGroups, type KeyGroup } from './key-group.ts'
import { LeakyView } from './leaky-view.ts'
import type { Match } from './match.ts'
import { OverflowMaker } from './overflow-maker.ts'
import { enqueue } from './queue.ts'
import type { Router } from './router.ts'
import type { RuleFailures } from './rule-failures.ts'
import { restoreBuckets, type SavedBuckets, saveBuckets } from './saved-buckets.ts'
import type { Rule, Scenario } from './scenario.ts'
import { type BucketLimits, defaultLimits, ScenarioState } from './scenario-state.ts'
import { overflowing, takeToken } from './tokens.ts'

/** What a store works with beside the scenarios. */
export interface BucketStoreParts {
  readonly clock: Clock
  readonly router: Router
  readonly failures: RuleFailures
  readonly contexts?: ContextSet
  /** `console_context_value_length`. */
  readonly contextLength?: number
  readonly limits?: Partial<BucketLimits>
}

/**
 * All buckets of a set of scenarios. Events pour in as matches, overflows come out as events.
 * In replay the result is a function of the matches alone; live, time is the clock's.
 * Hot path: `pour` runs for every match, see bench/pour.bench.ts.
 */
export class BucketStore {
  /** What packs the events that need not be kept whole. */
  readonly packer: EventPacker | undefined
  readonly #states: readonly ScenarioState[]
  readonly #groups: readonly KeyGroup[]
  readonly #parts: BucketStoreParts
  readonly #limits: BucketLimits
  readonly #times: EventTimes
  readonly #pours: PourCounts
  readonly #keeper = new EventKeeper()
  readonly #overflowMaker: OverflowMaker
  #lastKey = ''
  #live = 0
  #serial = 0
  #purgeAt: number
  /** The latest time seen in replay: what is expired by it will hardly be found again. */
  #latest: Instant | undefined

  constructor(scenarios: readonly Scenario[], parts: BucketStoreParts) {
    this.#parts = parts
    this.#limits = { ...defaultLimits, ...parts.limits }
    this.#times = new EventTimes(parts.clock)
    this.#pours = new PourCounts(scenarios.length)
    this.#purgeAt = this.#limits.replayPurge
    const plan = planKeeping(scenarios, parts.contexts?.rules ?? [])
    this.packer = plan.packer
    this.#overflowMaker = new OverflowMaker(parts.failures, parts.contexts, parts.contextLength)
    const groups = createGroups(scenarios)
    this.#states = scenarios.map((scenario, index) => {
      const group = groups[index] as KeyGroup
      return new ScenarioState(index, scenario, group, plan.keepingOf(scenario), this.#limits)
    })
    this.#groups = [...new Set(groups)]
  }

  /** How many buckets are alive. */
  get size(): number {
    return this.#live
  }

  /** Pours one event into the bucket it matched; whatever overflows is appended, in order. */
  pour(match: Match, overflows: Event[]): void {
    const matched = this.#states[match.scenario] as ScenarioState
    const { group } = matched
    const { event, key } = match
    // A trigger makes no buckets, but it may share those of another scenario.
    let bucket = matched.isTrigger && !group.isShared ? undefined : group.get(key)
    if (bucket) {
      const at = this.#times.of(event, bucket.mode)
      const state = this.#states[bucket.owner] as ScenarioState
      if (at && isExpired(bucket, at, state)) {
        this.#expire(bucket, state, overflows)
        bucket = undefined
      }
    }
    if (!bucket && matched.isTrigger) {
      this.#pull(matched, match, overflows)
      return
    }
    bucket ??= this.#create(matched, key, event)
    const state = this.#states[bucket.owner] as ScenarioState
    if (this.#isSwallowed(bucket, state, match)) return
    this.#pours.count(event.line.source, event.line.module, state.index)
    this.#add(bucket, state, event, overflows)
  }

  /** Live: ends the buckets whose time has come by now. Call it every second or so. */
  advance(overflows: Event[]): void {
    const now = this.#times.now()
    const ended: Bucket[] = []
    for (const group of this.#groups) {
      if (group.sweepAtMs > now.epochMs) continue
      let next = Number.POSITIVE_INFINITY
      for (const bucket of group.buckets()) {
        if (bucket.mode !== timeMode.live) continue
        const state = this.#states[bucket.owner] as ScenarioState
        if (isExpired(bucket, now, state)) ended.push(bucket)
        else next = Math.min(next, this.#sweepTime(bucket, state, now.epochMs))
      }
      group.sweepAtMs = next
    }
    ended.sort((a, b) => this.#expiryOf(a).nanosSince(this.#expiryOf(b)))
    for (const bucket of ended) {
      this.#expire(bucket, this.#states[bucket.owner] as ScenarioState, overflows)
    }
  }

  /** Everything that lives here, as plain data. Cold path: copies every event that is kept. */
  save(): SavedBuckets {
    return saveBuckets(this.#states)
  }

  /** Takes back what was saved, perhaps by other rules; the buckets here must be none yet. */
  restore(saved: SavedBuckets): void {
    const nextSerial = () => this.#serial++
    restoreBuckets(saved, this.#states, nextSerial, (bucket, state) => {
      const { group } = state
      if (group.get(bucket.key)) return
      group.add(bucket)
      this.#live++
      state.counts.live++
      // The sweep finds out when it has to look again.
      group.sweepAtMs = 0
    })
  }

  /** Tells what was counted since the last call. */
  publish(metrics: BucketMetrics): void {
    for (const { counts, scenario } of this.#states) counts.publish(scenario.name, metrics)
    this.#pours.publish((index) => this.#states[index]?.scenario.name ?? '', metrics)
  }

  #create(state: ScenarioState, key: string, event: Event): Bucket {
    const { group } = state
    if (group.size >= this.#limits.bucketsPerScenario) this.#evict(group)
    if (this.#live >= this.#limits.buckets) this.#evict(largestOf(this.#groups))
    if (this.#live >= this.#purgeAt) this.#purge()
    const tokens = state.scenario.capacity
    const bucket = new Bucket(state.index, this.#ownKey(key), event.mode, this.#serial++, tokens)
    group.add(bucket)
    this.#live++
    state.counts.live++
    state.counts.created++
    return bucket
  }

  /** A copy that does not hold on to the line; an event's buckets mostly have one key in common. */
  #ownKey(key: string): string {
    if (key !== this.#lastKey) this.#lastKey = detached(key)
    return this.#lastKey
  }

  #remove(bucket: Bucket, state: ScenarioState): void {
    if (!state.group.remove(bucket)) return
    this.#live--
    state.counts.live--
  }

  /** `distinct`, then `cancel_on`, by the rules of whoever made the bucket. */
  #isSwallowed(bucket: Bucket, state: ScenarioState, match: Match): boolean {
    const { scenario, index } = state
    const isOwn = index === match.scenario
    const { router } = this.#parts
    if (scenario.distinct) {
      const value = isOwn ? match.distinct : router.distinctOf(index, match.event)
      if (value !== undefined) {
        const distinct = addDistinct(bucket.distinct, value, this.#limits.distinctValues)
        if (distinct === undefined) return true
        bucket.distinct = distinct
      }
    }
    if (scenario.cancelOn && (isOwn ? match.cancels : router.cancelsOn(index, match.event))) {
      this.#remove(bucket, state)
      state.counts.canceled++
      return true
    }
    return false
  }

  #add(bucket: Bucket, state: ScenarioState, event: Event, overflows: Event[]): void {
    const at = this.#times.of(event, bucket.mode)
    let overflowAt: Instant | undefined
    if (at) {
      const elapsedNanos = bucket.last ? at.nanosSince(bucket.last) : 0
      bucket.count++
      bucket.first ??= at
      bucket.last = at
      if (state.isLimited) {
        const { capacity, leakSpeedNanos } = state.scenario
        const tokens = takeToken(bucket.tokens, elapsedNanos, capacity, leakSpeedNanos)
        if (tokens === overflowing) overflowAt = at
        else bucket.tokens = tokens
      }
      bucket.queue = enqueue(
        bucket.queue,
        this.#keeper.keep(event, state.keeping),
        state.queueLimit,
      )
      if (bucket.mode === timeMode.replay && (!this.#latest || this.#latest.isBefore(at))) {
        this.#latest = at
      }
    }
    if (!overflowAt && state.hasConditions && this.#conditionHolds(bucket, state, event)) {
      overflowAt = bucket.last ?? this.#times.now()
    }
    if (overflowAt) {
      this.#remove(bucket, state)
      this.#overflowMaker.emit(bucket, state, eventsOf, overflowAt, overflows)
    } else if (bucket.count === 0 && bucket.distinct === undefined && !bucket.latched) {
      // An event without a time left nothing, and nothing would ever end this bucket.
      this.#remove(bucket, state)
    } else if (bucket.mode === timeMode.live && at && state.lifetimeNanos > 0) {
      const { group } = state
      const sweepAtMs = this.#sweepTime(bucket, state, at.epochMs)
      if (sweepAtMs < group.sweepAtMs) group.sweepAtMs = sweepAtMs
    }
  }

  #conditionHolds(bucket: Bucket, state: ScenarioState, event: Event): boolean {
    const queue = { events: queueOf(bucket), limit: state.queueLimit }
    const leaky = new LeakyView(bucket, state, queue, undefined)
    const given = (rule: Rule) =>
      rule.variables.map((name) => (name === 'evt' ? event : name === 'queue' ? queue : leaky))
    return conditionHolds(state.scenario, bucket, given, this.#parts.failures)
  }

  /** A trigger: every event overflows, so no bucket is made. */
  #pull(state: ScenarioState, match: Match, overflows: Event[]): void {
    const { event, key } = match
    state.counts.created++
    const at = this.#times.of(event, event.mode) ?? this.#times.now()
    const serial = this.#serial++
    const bucket = { key, serial, count: 1, first: at, last: at, mode: event.mode }
    this.#overflowMaker.emit(bucket, state, () => [event], at, overflows)
  }

  #expire(bucket: Bucket, state: ScenarioState, overflows: Event[]): void {
    this.#remove(bucket, state)
    if (bucket.mode !== timeMode.live) return
    if (!state.isTimed) {
      state.counts.underflowed++
      return
    }
    this.#overflowMaker.emit(bucket, state, eventsOf, this.#expiryOf(bucket), overflows)
  }

  #expiryOf(bucket: Bucket): Instant {
    return expiryOf(bucket, this.#states[bucket.owner] as ScenarioState)
  }

  /**
   * When to look at a live bucket again: at its end when it overflows then, otherwise some time
   * after it, as who touches it before sees for himself that it has ended.
   */
  #sweepTime(bucket: Bucket, state: ScenarioState, nowMs: number): number {
    if (bucket.count === 0 || state.lifetimeNanos === 0) return Number.POSITIVE_INFINITY
    if (state.isTimed) return Math.max(nowMs, expiryOf(bucket, state).epochMs)
    return nowMs + Math.max(1000, state.lifetimeNanos / 4e6)
  }

  #evict(group: KeyGroup): void {
    for (const bucket of evictionCandidates(group)) {
      const state = this.#states[bucket.owner] as ScenarioState
      this.#remove(bucket, state)
      state.counts.evicted++
    }
  }

  /** Replay: drops what is expired by the latest time seen, whenever the buckets have doubled. */
  #purge(): void {
    const latest = this.#latest
    for (const group of latest ? this.#groups : []) {
      for (const bucket of group.buckets()) {
        if (bucket.mode !== timeMode.replay) continue
        const state = this.#states[bucket.owner] as ScenarioState
        if (latest && isExpired(bucket, latest, state)) this.#remove(bucket, state)
      }
    }
    this.#purgeAt = Math.max(this.#limits.replayPurge, 2 * this.#live)
  }
}

function largestOf(groups: readonly KeyGroup[]): KeyGroup {
  return groups.reduce((a, b) => (b.size > a.size ? b : a))
}
