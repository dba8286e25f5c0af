import type { Clock } from '@tocsin/model'
import { type Cache, type CacheGauge, type CacheStrategy, createCache, gaugeOf } from './cache.ts'

export interface StashOptions {
  readonly name: string
  /** How long a value is kept, in nanoseconds. */
  readonly ttlNanos: number
  /** How many values are kept; 100 when left out or 0. */
  readonly size?: number
  /** `LRU` when left out. */
  readonly strategy?: CacheStrategy
}

/** Writes to the caches of one name. */
export interface StashWriter {
  set(key: string, value: string, ttlNanos: number): void
}

/** What a gauge shows of a stash: `{ name: 'ssh_users', strategy: 'LRU', size: 12, … }`. */
export interface StashSize extends CacheGauge {
  readonly strategy: CacheStrategy
}

const defaultSize = 100

/** The named caches that nodes write to and expressions read from. One object serves one engine. */
export class Stashes {
  readonly #clock: Clock
  readonly #byName = new Map<string, Stash[]>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Adds a cache. Of two with one name both are written and the first is read. */
  define(options: StashOptions): StashWriter {
    const stash = new Stash(options, this.#clock)
    const known = this.#byName.get(options.name)
    if (known) known.push(stash)
    else this.#byName.set(options.name, [stash])
    return {
      set: (key, value, ttlNanos) => {
        this.set(options.name, key, value, ttlNanos)
      },
    }
  }

  /** The value of a key, empty when there is none or it expired; undefined without such a cache. */
  get(name: string, key: string): string | undefined {
    const first = this.#byName.get(name)?.[0]
    return first ? (first.get(key) ?? '') : undefined
  }

  /**
   * Writes to every cache of the name, for `ttlNanos` or, without it, as long as each of them keeps
   * values. False when there is no such cache.
   */
  set(name: string, key: string, value: string, ttlNanos: number | undefined): boolean {
    const stashes = this.#byName.get(name)
    if (!stashes) return false
    for (const stash of stashes) stash.set(key, value, ttlNanos ?? stash.ttlNanos)
    return true
  }

  /** The sizes of all caches, expired values that nobody asked for included. */
  sizes(): StashSize[] {
    return [...this.#byName.values()].flat().map((stash) => stash.gauge())
  }
}

interface Expiring {
  readonly value: string
  readonly expiresAtMs: number
}

class Stash {
  readonly name: string
  readonly strategy: CacheStrategy
  readonly ttlNanos: number
  readonly #clock: Clock
  readonly #cache: Cache<Expiring>

  constructor(options: StashOptions, clock: Clock) {
    this.name = options.name
    this.strategy = options.strategy ?? 'LRU'
    this.ttlNanos = options.ttlNanos
    this.#clock = clock
    this.#cache = createCache(this.strategy, options.size || defaultSize)
  }

  gauge(): StashSize {
    return { ...gaugeOf(this.name, this.#cache), strategy: this.strategy }
  }

  get(key: string): string | undefined {
    const entry = this.#cache.get(key)
    if (!entry) return undefined
    if (entry.expiresAtMs > this.#clock.nowMs()) return entry.value
    this.#cache.delete(key)
    return undefined
  }

  set(key: string, value: string, ttlNanos: number): void {
    this.#cache.set(key, { value, expiresAtMs: this.#clock.nowMs() + ttlNanos / 1e6 })
  }
}
