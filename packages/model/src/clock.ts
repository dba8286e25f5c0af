/** Tells the time; passed in wherever time is needed, so that tests and replays own it. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  nowMs(): number
}

/** The clock of this machine. */
export const systemClock: Clock = { nowMs: () => Date.now() }
