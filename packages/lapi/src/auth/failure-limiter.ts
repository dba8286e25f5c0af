import type { Clock } from '@tocsin/model'

/** How many failures are forgiven at once, and how fast they are forgotten. */
export interface FailureLimits {
  readonly burst: number
  readonly perMinute: number
}

interface Bucket {
  level: number
  touchedMs: number
}

const maxBuckets = 10_000

/** Counts failures by key; who fails too often must wait. Of many keys the oldest are forgotten. */
export class FailureLimiter {
  readonly #clock: Clock
  readonly #limits: FailureLimits
  readonly #buckets = new Map<string, Bucket>()

  constructor(clock: Clock, limits: FailureLimits) {
    this.#clock = clock
    this.#limits = limits
  }

  /** How many seconds to wait before the next attempt; 0 for none. */
  waitSeconds(key: string): number {
    const bucket = this.#buckets.get(key)
    if (!bucket) return 0
    const level = this.#levelNow(bucket)
    if (level < this.#limits.burst) return 0
    return Math.max(1, Math.ceil(((level - this.#limits.burst + 1) * 60) / this.#limits.perMinute))
  }

  addFailure(key: string): void {
    const bucket = this.#buckets.get(key)
    const level = bucket ? this.#levelNow(bucket) : 0
    this.#buckets.delete(key)
    this.#buckets.set(key, { level: level + 1, touchedMs: this.#clock.nowMs() })
    if (this.#buckets.size <= maxBuckets) return
    for (const oldest of this.#buckets.keys()) {
      this.#buckets.delete(oldest)
      break
    }
  }

  /** Takes one failure back: it was none. */
  forgive(key: string): void {
    const bucket = this.#buckets.get(key)
    if (bucket) bucket.level = Math.max(0, bucket.level - 1)
  }

  #levelNow(bucket: Bucket): number {
    const nowMs = this.#clock.nowMs()
    // A clock that was set back must not keep anybody out until it is as late again.
    if (bucket.touchedMs > nowMs) bucket.touchedMs = nowMs
    const minutes = (nowMs - bucket.touchedMs) / 60_000
    return Math.max(0, bucket.level - minutes * this.#limits.perMinute)
  }
}
