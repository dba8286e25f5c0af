import type { Stance, SyncReport } from './reconciler.ts'

/** How a bouncer is. */
export interface BouncerStatus {
  readonly enforcer: string
  /** Bans that should stand, in the enforcer's own cut. */
  readonly expected: number
  /** Bans that do; 0 while that is unknown. */
  readonly enforced: number
  /** Bans that do not stand because there is no room for all. */
  readonly excluded: number
  readonly stance: Stance
  readonly feed: {
    readonly pulls: number
    readonly failures: number
    /** When the feed was heard last; undefined when never. */
    readonly heardMs: number | undefined
    readonly isFailing: boolean
  }
  readonly sync: SyncReport | undefined
  /** The last sync that changed what stands. */
  readonly lastChange: SyncReport | undefined
  readonly totals: {
    readonly drift: number
    readonly rebuilds: number
    readonly syncFailures: number
    readonly refused: number
  }
  /** What is wrong now, for people; empty when all is well. */
  readonly problems: readonly string[]
}
