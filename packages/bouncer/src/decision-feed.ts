/** What a bouncer needs to know of a decision, as the Local API says it. */
export interface FeedDecision {
  readonly id?: number | undefined
  /** `crowdsec`, `cscli`, `CAPI`, `lists`… */
  readonly origin: string
  /** The remediation: `ban`, `captcha`… */
  readonly type: string
  readonly scope: string
  readonly value: string
  /** What is left, as Go writes it: `3h59m49s`. */
  readonly duration: string
  readonly scenario: string
}

/**
 * What a feed brings. A snapshot is everything that is to be enforced: what it does not name is over.
 * A failure changes nothing; the next update follows by itself.
 */
export type FeedUpdate =
  | {
      readonly kind: 'snapshot' | 'delta'
      readonly added: readonly FeedDecision[]
      /** Applied before `added`. */
      readonly deleted: readonly FeedDecision[]
      /** Durations count from here. */
      readonly receivedMs: number
      /** What was too long to be a decision, and is left out. */
      readonly skipped?: number
    }
  | { readonly kind: 'failure'; readonly error: Error }

/** Where decisions come from, in an endless loop until `signal` fires. */
export type DecisionFeed = (signal: AbortSignal) => AsyncIterable<FeedUpdate>
