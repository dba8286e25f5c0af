import type { AddressRange } from '@tocsin/address'
import type { Clock } from '@tocsin/model'
import type { Log } from '@tocsin/telemetry'
import type { BanTable } from './ban-table.ts'
import type { BouncerStatus } from './bouncer-status.ts'
import type { DecisionFeed, FeedUpdate } from './decision-feed.ts'
import { type Admitted, DesiredSet, type DesiredSetOptions } from './desired-set.ts'
import type { Drops, Enforcer } from './enforcer.ts'
import { Reconciler, type Stance, type SyncReport } from './reconciler.ts'
import { readSnapshot, SnapshotError, touchSnapshot, writeSnapshot } from './snapshot.ts'
import { type Verification, verificationOf } from './verification.ts'

export interface BouncerOptions extends DesiredSetOptions {
  readonly feed: DecisionFeed
  readonly enforcer: Enforcer
  readonly clock: Clock
  readonly log: Log
  /** From 0 to 1. */
  readonly random: () => number
  /** Resolves after so long, or when the signal fires. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  /** Between two looks at whether what should stand does; 5 s when absent. */
  readonly reconcileEveryMs?: number
  readonly auditEveryMs?: number
  /** Where the decisions are kept for a start without a feed. */
  readonly snapshotPath?: string
  /** Between two writings of it; 60 s when absent. */
  readonly snapshotEveryMs?: number
  /** Asked before syncs for what is never banned now, beside `allow`: own addresses, which change. */
  readonly readProtected?: () => Promise<readonly AddressRange[]>
  /** How long the feed may be silent before `whenStale` holds; for ever when absent. */
  readonly staleAfterMs?: number
  /** `static` when absent: what stands goes on to stand until it ends by itself. */
  readonly whenStale?: Stance
}

const protectEveryMs = 30_000

/**
 * Keeps an enforcer in step with a feed of decisions. While the feed fails, what was decided goes on
 * to hold; when it is stopped, what stands goes on to stand.
 */
export class Bouncer {
  readonly #options: BouncerOptions
  readonly #desired: DesiredSet
  readonly #reconciler: Reconciler
  #isKnown = false
  #heardMs: number | undefined
  #pulls = 0
  #failures = 0
  #feedError: string | undefined
  #syncError: string | undefined
  #lastChange: SyncReport | undefined
  #drift = 0
  #rebuilds = 0
  #syncFailures = 0
  #refused = 0
  #writtenVersion = -1
  #nextWriteMs = 0
  #nextProtectMs = 0
  #running: Promise<void> | undefined
  #isAskedAgain = false

  constructor(options: BouncerOptions) {
    this.#options = options
    this.#desired = new DesiredSet(options)
    const { enforcer, clock, log, random, auditEveryMs } = options
    this.#reconciler = new Reconciler({
      enforcer,
      desired: this.#desired,
      clock,
      log,
      random,
      ...(auditEveryMs !== undefined && { auditEveryMs }),
    })
  }

  /** Enforces until `signal` fires; resolves when what was under way is done. */
  async run(signal: AbortSignal): Promise<void> {
    // Known before the first decision is heard, so that one about ourselves is refused.
    await this.#protect()
    await this.#loadSnapshot()
    await Promise.all([this.#follow(signal), this.#tick(signal)])
    await this.#running
    await this.#saveSnapshot(true)
  }

  /** Brings what stands in step with what should, now; joins a sync under way and asks for another. */
  sync(): Promise<void> {
    if (this.#running) {
      this.#isAskedAgain = true
      return this.#running
    }
    this.#running = this.#syncUntilQuiet().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** Reads what stands and tells how it differs from what should; changes nothing. */
  async verify(): Promise<Verification> {
    await this.#running
    const { plan, isWhole } = await this.#reconciler.inspect()
    return verificationOf(plan, isWhole)
  }

  /** What is banned, as far as is known. */
  get held(): BanTable | undefined {
    return this.#reconciler.held
  }

  /** What should be banned. */
  get desired(): DesiredSet {
    return this.#desired
  }

  readDrops(): Promise<readonly Drops[]> {
    return this.#options.enforcer.readDrops()
  }

  status(): BouncerStatus {
    const { last } = this.#reconciler
    const isUnknown = last === undefined || this.#syncError !== undefined
    return {
      enforcer: this.#options.enforcer.name,
      expected: last?.expected ?? this.#desired.banCount,
      enforced: isUnknown ? 0 : last.enforced,
      excluded: Math.max(0, this.#desired.banCount - this.#desired.capacity),
      stance: this.#stance(),
      feed: {
        pulls: this.#pulls,
        failures: this.#failures,
        heardMs: this.#heardMs,
        isFailing: this.#feedError !== undefined,
      },
      sync: last,
      lastChange: this.#lastChange,
      totals: {
        drift: this.#drift,
        rebuilds: this.#rebuilds,
        syncFailures: this.#syncFailures,
        refused: this.#refused,
      },
      problems: this.#problems(),
    }
  }

  #problems(): string[] {
    const problems: string[] = []
    if (this.#feedError !== undefined) problems.push(`decisions are not heard: ${this.#feedError}`)
    if (this.#isStale()) problems.push(`decisions are too old, stance is ${this.#stance()}`)
    if (this.#syncError !== undefined) problems.push(`not enforced: ${this.#syncError}`)
    const excluded = this.#desired.banCount - this.#desired.capacity
    if (excluded > 0) problems.push(`no room for ${excluded} bans`)
    return problems
  }

  async #follow(signal: AbortSignal): Promise<void> {
    for await (const update of this.#options.feed(signal)) {
      if (signal.aborted) return
      this.#hear(update)
      await this.sync()
      await this.#saveSnapshot(false)
    }
  }

  async #tick(signal: AbortSignal): Promise<void> {
    const { sleep, reconcileEveryMs = 5_000 } = this.#options
    while (!signal.aborted) {
      await sleep(reconcileEveryMs, signal)
      if (!signal.aborted) await this.sync()
    }
  }

  #hear(update: FeedUpdate): void {
    const { log } = this.#options
    if (update.kind === 'failure') {
      this.#failures++
      // Said once, not at every pull: the log must not grow with the outage.
      if (this.#feedError === undefined) {
        log.warn({ error: update.error.message }, 'decisions are not heard, keeping what stands')
      }
      this.#feedError = update.error.message
      return
    }
    if (this.#feedError !== undefined) log.info({}, 'decisions are heard again')
    this.#feedError = undefined
    this.#pulls++
    this.#heardMs = update.receivedMs
    this.#isKnown = true
    let result: Admitted
    if (update.kind === 'snapshot') {
      result = this.#desired.replaceAll(update.added, update.receivedMs)
    } else {
      this.#desired.delete(update.deleted)
      result = this.#desired.add(update.added, update.receivedMs)
    }
    this.#sayRefused(result, update.skipped ?? 0)
  }

  #sayRefused({ refused }: Admitted, tooLong: number): void {
    const wrong: Record<string, number> = { ...refused, ...(tooLong > 0 && { tooLong }) }
    delete wrong.filtered
    const count = Object.values(wrong).reduce((sum, value) => sum + value, 0)
    if (count === 0) return
    this.#refused += count
    this.#options.log.warn(wrong, 'decisions refused: they cannot be right')
  }

  async #syncUntilQuiet(): Promise<void> {
    do {
      this.#isAskedAgain = false
      await this.#syncOnce()
    } while (this.#isAskedAgain)
  }

  async #syncOnce(): Promise<void> {
    // Knowing nothing is no reason to take away what stands.
    if (!this.#isKnown) return
    const { log } = this.#options
    try {
      await this.#protect()
      const report = await this.#reconciler.sync(this.#stance())
      this.#drift += report.drift
      if (report.isRebuilt) this.#rebuilds++
      if (this.#syncError !== undefined) log.info({}, 'enforcing again')
      this.#syncError = undefined
      const { added, updated, removed, drift, appliedMs, enforced } = report
      if (drift > 0) log.warn({ drift }, 'bans were changed by someone else, repaired')
      if (added + updated + removed > 0) {
        this.#lastChange = report
        log.info({ added, updated, removed, enforced, appliedMs }, 'bans in step')
      }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      this.#syncFailures++
      if (this.#syncError !== message) log.error({ error: message }, 'bans are not enforced')
      this.#syncError = message
    }
  }

  async #protect(): Promise<void> {
    const { readProtected, allow = [], clock } = this.#options
    if (!readProtected || clock.nowMs() < this.#nextProtectMs) return
    this.#desired.protect([...allow, ...(await readProtected())])
    this.#nextProtectMs = clock.nowMs() + protectEveryMs
  }

  #isStale(): boolean {
    const { staleAfterMs, clock } = this.#options
    if (staleAfterMs === undefined) return false
    return clock.nowMs() - (this.#heardMs ?? Number.NEGATIVE_INFINITY) > staleAfterMs
  }

  #stance(): Stance {
    return this.#isStale() ? (this.#options.whenStale ?? 'static') : 'static'
  }

  async #loadSnapshot(): Promise<void> {
    const { snapshotPath, log, clock, staleAfterMs } = this.#options
    if (snapshotPath === undefined) return
    try {
      const snapshot = await readSnapshot(snapshotPath)
      if (!snapshot) return
      const ageMs = clock.nowMs() - snapshot.heardMs
      if (staleAfterMs !== undefined && ageMs > staleAfterMs) {
        log.warn({ ageMs, staleAfterMs }, 'snapshot is too old and not used')
        return
      }
      for (const decision of snapshot.decisions) this.#desired.put(decision)
      this.#heardMs = snapshot.heardMs
      this.#isKnown = true
      this.#writtenVersion = this.#desired.version
      log.info({ decisions: snapshot.decisions.length, ageMs }, 'snapshot loaded')
      await this.sync()
    } catch (error) {
      if (!(error instanceof SnapshotError) && !isFileError(error)) throw error
      log.warn({ error: error.message }, 'snapshot cannot be used')
    }
  }

  async #saveSnapshot(isLast: boolean): Promise<void> {
    const { snapshotPath, snapshotEveryMs = 60_000, clock, log } = this.#options
    if (snapshotPath === undefined || this.#heardMs === undefined) return
    const isDue = isLast || clock.nowMs() >= this.#nextWriteMs
    if (!isDue) return
    const { version } = this.#desired
    try {
      if (this.#writtenVersion === version) await touchSnapshot(snapshotPath, this.#heardMs)
      else await writeSnapshot(snapshotPath, this.#heardMs, this.#desired.decisions())
      this.#writtenVersion = version
    } catch (error) {
      if (!isFileError(error)) throw error
      this.#writtenVersion = -1
      log.warn({ error: error.message }, 'snapshot cannot be written')
    }
    this.#nextWriteMs = clock.nowMs() + snapshotEveryMs
  }
}

function isFileError(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && 'syscall' in error
}
