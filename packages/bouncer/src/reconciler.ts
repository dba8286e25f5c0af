import { type Address, type AddressRange, AddressSet } from '@tocsin/address'
import type { Clock } from '@tocsin/model'
import type { Log } from '@tocsin/telemetry'
import { BanTable } from './ban-table.ts'
import type { DesiredSet } from './desired-set.ts'
import { type Change, type Enforcer, EnforcerError } from './enforcer.ts'
import { noteDone, type Plan, planChange } from './plan-change.ts'
import { sampleAddresses } from './sample-addresses.ts'

export interface ReconcilerOptions {
  readonly enforcer: Enforcer
  readonly desired: DesiredSet
  readonly clock: Clock
  readonly log: Log
  /** In what time all that is held is read, bit by bit; longer when reading is slow. 30 s when absent. */
  readonly auditEveryMs?: number
  /** From 0 to 1; chooses what is tested. */
  readonly random: () => number
}

/** What is done while the decisions are too old: keep what stands, let everyone in, or no one. */
export type Stance = 'static' | 'open' | 'closed'

/** What one sync found and did. */
export interface SyncReport {
  /** Entries that should stand. */
  readonly expected: number
  /** Entries that do, after this sync. */
  readonly enforced: number
  /** Entries that were found missing, wrong or foreign when all was read: someone else's doing. */
  readonly drift: number
  readonly added: number
  readonly updated: number
  readonly removed: number
  readonly isAudited: boolean
  readonly isRebuilt: boolean
  /** Milliseconds since 1970-01-01 UTC. */
  readonly startedMs: number
  /** Until all stood that should. */
  readonly appliedMs: number
  /** With the test that it does. */
  readonly durationMs: number
}

/** Each attempt that finds no room asks for a tenth less. */
const mostAttempts = 30
const mostConflicts = 3
/** Reading all may take this share of the time and no more. */
const auditShare = 0.05
const roomAgainAfterMs = 600_000
const testedPerSync = 2
/** A ban that ends while it is tested would look like one that is not enforced. */
const testedAheadS = 30

/**
 * Makes what stands the same as what should, again and again. It remembers what it made stand, looks
 * at each sync whether that seems to be there, and reads it all from time to time.
 */
export class Reconciler {
  readonly #options: ReconcilerOptions
  /** What stands as far as we know; undefined when it must be read. */
  #held: BanTable | undefined
  #allow: readonly AddressRange[] | undefined
  #isClosed = false
  #auditedMs = 0
  #auditTookMs = 0
  #nextPart = 0
  #fullCapacity: number
  #roomAgainMs = 0
  #doneVersion = -1
  #doneStance: Stance = 'static'
  #last: SyncReport | undefined

  constructor(options: ReconcilerOptions) {
    this.#options = options
    this.#fullCapacity = options.desired.capacity
  }

  /** The last finished sync. */
  get last(): SyncReport | undefined {
    return this.#last
  }

  /** What stands as far as is known; undefined before the first sync and after a failure. */
  get held(): BanTable | undefined {
    return this.#held
  }

  /** Forgets what is thought to stand: the next sync reads it. */
  distrust(): void {
    this.#held = undefined
  }

  /** Reads what stands and compares it with what should, without changing either. */
  async inspect(): Promise<{ readonly plan: Plan; readonly isWhole: boolean }> {
    const { enforcer, desired, clock } = this.#options
    const { bans, isWhole } = await enforcer.read()
    desired.sweep(clock.nowMs() / 1000)
    return { plan: planChange(desired.wanted(), bans, enforcer, clock.nowMs() / 1000), isWhole }
  }

  /**
   * One sync.
   * @throws {EnforcerError} When what enforces cannot be brought to do so; the next sync tries again.
   */
  async sync(stance: Stance = 'static'): Promise<SyncReport> {
    const { clock, desired, log } = this.#options
    const startMs = clock.nowMs()
    this.#growAgain(startMs)
    const totals: Totals = {
      added: 0,
      updated: 0,
      removed: 0,
      drift: 0,
      isAudited: false,
      rebuilds: 0,
      conflicts: 0,
      appliedAtMs: startMs,
    }
    for (let attempt = 1; ; attempt++) {
      try {
        const plan = await this.#attempt(stance, totals)
        const { rebuilds, conflicts: _, appliedAtMs, ...counts } = totals
        this.#last = {
          ...counts,
          expected: plan.expected,
          enforced: plan.expected,
          isRebuilt: rebuilds > 0,
          startedMs: startMs,
          appliedMs: Math.max(0, appliedAtMs - startMs),
          durationMs: clock.nowMs() - startMs,
        }
        return this.#last
      } catch (error) {
        this.#held = undefined
        if (!(error instanceof EnforcerError)) throw error
        if (error.code === 'TOC_BOUNCER_UNAVAILABLE') throw error
        if (error.code === 'TOC_BOUNCER_CONFLICT' && ++totals.conflicts > mostConflicts) throw error
        if (attempt === mostAttempts) throw error
        if (error.code === 'TOC_BOUNCER_FULL') this.#makeRoom(desired.wanted().size, startMs)
        log.warn({ error: error.message, code: error.code, attempt }, 'enforcer refused a change')
      }
    }
  }

  async #attempt(stance: Stance, totals: Totals): Promise<{ readonly expected: number }> {
    const { enforcer, desired, clock } = this.#options
    desired.sweep(clock.nowMs() / 1000)
    const isWhole = await enforcer.isWhole()
    if (!isWhole || this.#held === undefined) {
      const isReadWhole = await this.#readAll(totals)
      return this.#enforce(stance, totals, { isFound: true, isWhole: isReadWhole })
    }
    const before = this.#last
    let done: { readonly expected: number } | undefined = before
    // What was decided goes first, and only then what others may have done is looked for.
    if (!before || !this.#isDone(stance)) {
      done = await this.#enforce(stance, totals, { isFound: false, isWhole: true })
    }
    const isClean = await this.#readSome(this.#held, totals)
    if (isClean === undefined && done) return done
    return this.#enforce(stance, totals, { isFound: true, isWhole: isClean ?? true })
  }

  /** Compares what should stand with what is held and makes the difference, if there is any. */
  async #enforce(stance: Stance, totals: Totals, state: HeldState): Promise<Plan> {
    const { enforcer, desired, clock } = this.#options
    const isClosed = stance === 'closed'
    // Twice refused means that what stands is not what it is read to be: everything anew.
    const rebuild = !state.isWhole || totals.conflicts > 1
    const held = (rebuild ? undefined : this.#held) ?? new BanTable()
    const nowS = clock.nowMs() / 1000
    const { version, allow } = desired
    const wanted = stance === 'open' ? new BanTable() : desired.wanted()
    const plan = planChange(wanted, held, enforcer, nowS)
    // What nobody decided since the last sync was done by somebody else.
    if (state.isFound && this.#doneVersion === version) totals.drift += differences(plan)
    const isAllowNew = rebuild || !sameRanges(this.#allow, allow)
    const isStanceNew = rebuild || isClosed !== this.#isClosed
    const isChanged = differences(plan) > 0 || isAllowNew || isStanceNew
    if (isChanged) {
      const { add, update, replaced, remove } = plan
      const change: Change = {
        rebuild,
        add,
        update,
        replaced,
        remove,
        ...(isAllowNew && { allow }),
        ...(isStanceNew && { closed: isClosed }),
      }
      await enforcer.apply(change, nowS)
      totals.appliedAtMs = clock.nowMs()
      this.#allow = allow
      this.#isClosed = isClosed
      totals.added += add.size
      totals.updated += update.size
      totals.removed += remove.size
      if (rebuild) totals.rebuilds++
    }
    noteDone(plan, held)
    this.#held = held
    this.#doneVersion = version
    this.#doneStance = stance
    if ((isChanged || state.isFound) && stance !== 'open') await this.#test(plan, held)
    return plan
  }

  async #readAll(totals: Totals): Promise<boolean> {
    const { enforcer, clock } = this.#options
    const { isWhole, bans, allow, isClosed } = await enforcer.read()
    this.#held = bans
    this.#allow = allow
    this.#isClosed = isClosed
    this.#auditedMs = clock.nowMs()
    totals.isAudited = true
    return isWhole
  }

  /** Reads the parts whose turn it is, into `held`; undefined when it is no part's turn. */
  async #readSome(held: BanTable, totals: Totals): Promise<boolean | undefined> {
    const { enforcer, clock, auditEveryMs = 30_000 } = this.#options
    const startMs = clock.nowMs()
    const sinceMs = startMs - this.#auditedMs
    let due = Math.min(enforcer.parts, Math.floor((sinceMs * enforcer.parts) / auditEveryMs))
    const budgetMs = sinceMs * auditShare
    if (due < 1 || budgetMs < this.#auditTookMs) return undefined
    let isClean = true
    for (; due > 0; due--) {
      const part = this.#nextPart
      const found = await enforcer.readPart(part)
      correct(held, found.bans, (range) => enforcer.partOf(range) === part)
      this.#allow = found.allow ?? this.#allow
      isClean &&= found.isClean
      this.#nextPart = (part + 1) % enforcer.parts
      if (clock.nowMs() - startMs > budgetMs) break
    }
    this.#auditedMs = clock.nowMs()
    // The next reading comes no sooner than the share of time allows.
    this.#auditTookMs = this.#auditedMs - startMs
    totals.isAudited = true
    return isClean
  }

  /** Asks what enforces about some of what it was just told. */
  async #test(plan: Plan, held: BanTable): Promise<void> {
    const { enforcer, desired, random, clock } = this.#options
    const allowed = new AddressSet()
    for (const range of desired.allow) allowed.add(range)
    const isAllowed = (address: Address): boolean => allowed.has(address)
    const tables = [plan.add, plan.update, held]
    const untilS = clock.nowMs() / 1000 + testedAheadS
    const options = { count: testedPerSync, random, isAllowed, untilS }
    const addresses = sampleAddresses(tables, options)
    if (addresses.length === 0) return
    const blocked = await enforcer.blocks(addresses)
    for (const [i, address] of addresses.entries()) {
      if (blocked[i]) continue
      throw new EnforcerError(
        'TOC_BOUNCER_CONFLICT',
        `${address.toString()} should be kept out by ${enforcer.name} and is not`,
      )
    }
  }

  /** Whether all that is decided was made to stand, and stands as far as is known. */
  #isDone(stance: Stance): boolean {
    return this.#doneVersion === this.#options.desired.version && this.#doneStance === stance
  }

  #makeRoom(wantedCount: number, nowMs: number): void {
    const { desired, log } = this.#options
    const room = Math.floor(wantedCount * 0.9)
    log.error({ wanted: wantedCount, room }, 'no room for all bans, keeping the important ones')
    desired.limitTo(room)
    this.#roomAgainMs = nowMs + roomAgainAfterMs
  }

  #growAgain(nowMs: number): void {
    if (this.#roomAgainMs === 0 || nowMs < this.#roomAgainMs) return
    this.#roomAgainMs = 0
    this.#options.desired.limitTo(this.#fullCapacity)
  }
}

/** How what is held is known. */
interface HeldState {
  /** Whether it was read just now, so that a difference is somebody's doing. */
  readonly isFound: boolean
  /** Whether all is there that makes it take effect, and nothing that cannot be mended. */
  readonly isWhole: boolean
}

interface Totals {
  added: number
  updated: number
  removed: number
  drift: number
  isAudited: boolean
  rebuilds: number
  conflicts: number
  appliedAtMs: number
}

/** Makes of what was thought to be held what was found, for the ranges of one part. */
function correct(
  held: BanTable,
  found: BanTable,
  isConcerned: (range: AddressRange) => boolean,
): void {
  for (let index = 0; index < held.end; index++) {
    if (!held.has(index) || found.findSame(held, index) >= 0) continue
    const range = held.rangeAt(index)
    if (isConcerned(range)) held.delete(range)
  }
  for (const { range, expiresS, origin } of found.bans()) held.set(range, expiresS, origin)
}

function differences({ add, update, remove }: Plan): number {
  return add.size + update.size + remove.size
}

function sameRanges(a: readonly AddressRange[] | undefined, b: readonly AddressRange[]): boolean {
  if (a?.length !== b.length) return false
  const texts = new Set(a.map(String))
  return b.every((range) => texts.has(range.toString()))
}
