import { detached } from '@tocsin/model'

/**
 * A bounded store of values by key, that drops what its strategy says when it is full. Keys are kept
 * as copies, so that none holds on to the line it was cut from.
 */
export interface Cache<V> {
  readonly size: number
  /** How often `get` found something, and how often not. */
  readonly hitCount: number
  readonly missCount: number
  get(key: string): V | undefined
  set(key: string, value: V): void
  delete(key: string): void
  clear(): void
}

export const cacheStrategies = ['LRU', 'LFU', 'ARC'] as const
/** Least recently used, least frequently used, or adaptive between the two. */
export type CacheStrategy = (typeof cacheStrategies)[number]

/** An empty cache of at most `capacity` (1 or more) values. */
export function createCache<V>(strategy: CacheStrategy, capacity: number): Cache<V> {
  if (!(capacity >= 1)) throw new RangeError(`cache capacity ${capacity}`)
  switch (strategy) {
    case 'LRU':
      return new LruCache(capacity)
    case 'LFU':
      return new LfuCache(capacity)
    case 'ARC':
      return new ArcCache(capacity)
  }
}

/** What a gauge shows of a cache: `{ name: 'geo', size: 812, hitCount: 90_011, missCount: 1204 }`. */
export interface CacheGauge {
  readonly name: string
  readonly size: number
  readonly hitCount: number
  readonly missCount: number
}

/** A cache as a gauge shows it. */
export function gaugeOf(name: string, cache: Cache<unknown>): CacheGauge {
  const { size, hitCount, missCount } = cache
  return { name, size, hitCount, missCount }
}

/** An entry of an LRU cache between those asked for before and after it. */
class LruEntry<V> {
  readonly key: string
  value: V
  older: LruEntry<V> | undefined = undefined
  newer: LruEntry<V> | undefined = undefined

  constructor(key: string, value: V) {
    this.key = key
    this.value = value
  }
}

/** Drops what was not asked for the longest. Hot path: a hit only moves an entry to the end of a list. */
export class LruCache<V> implements Cache<V> {
  hitCount = 0
  missCount = 0
  readonly #capacity: number
  readonly #entries = new Map<string, LruEntry<V>>()
  #oldest: LruEntry<V> | undefined
  #newest: LruEntry<V> | undefined

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key)
    if (entry === undefined) {
      this.missCount++
      return undefined
    }
    this.hitCount++
    if (entry !== this.#newest) {
      this.#unlink(entry)
      this.#append(entry)
    }
    return entry.value
  }

  set(key: string, value: V): void {
    this.delete(key)
    if (this.#oldest !== undefined && this.#entries.size >= this.#capacity) {
      this.delete(this.#oldest.key)
    }
    const entry = new LruEntry(detached(key), value)
    this.#entries.set(entry.key, entry)
    this.#append(entry)
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry === undefined) return
    this.#entries.delete(key)
    this.#unlink(entry)
  }

  clear(): void {
    this.#entries.clear()
    this.#oldest = undefined
    this.#newest = undefined
  }

  #append(entry: LruEntry<V>): void {
    entry.older = this.#newest
    if (this.#newest === undefined) this.#oldest = entry
    else this.#newest.newer = entry
    this.#newest = entry
  }

  #unlink(entry: LruEntry<V>): void {
    const { older, newer } = entry
    if (older === undefined) this.#oldest = newer
    else older.newer = newer
    if (newer === undefined) this.#newest = older
    else newer.older = older
    entry.older = undefined
    entry.newer = undefined
  }
}

interface Counted<V> {
  value: V
  uses: number
}

/** Drops what was asked for least often; among those, what waits the longest. */
class LfuCache<V> implements Cache<V> {
  hitCount = 0
  missCount = 0
  readonly #capacity: number
  readonly #entries = new Map<string, Counted<V>>()
  /** The keys of each number of uses, in order of arrival there. */
  readonly #byUses = new Map<number, Set<string>>()
  #leastUses = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#entries.size
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key)
    if (!entry) {
      this.missCount++
      return undefined
    }
    this.hitCount++
    this.#move(key, entry)
    return entry.value
  }

  set(key: string, value: V): void {
    const known = this.#entries.get(key)
    if (known) {
      known.value = value
      return
    }
    if (this.#entries.size >= this.#capacity) this.#dropOne()
    const kept = detached(key)
    this.#entries.set(kept, { value, uses: 0 })
    this.#keysOf(0).add(kept)
    this.#leastUses = 0
  }

  delete(key: string): void {
    const entry = this.#entries.get(key)
    if (!entry) return
    this.#entries.delete(key)
    this.#leave(key, entry.uses)
  }

  clear(): void {
    this.#entries.clear()
    this.#byUses.clear()
    this.#leastUses = 0
  }

  #move(key: string, entry: Counted<V>): void {
    this.#leave(key, entry.uses)
    entry.uses++
    this.#keysOf(entry.uses).add(key)
  }

  #leave(key: string, uses: number): void {
    const keys = this.#byUses.get(uses)
    keys?.delete(key)
    if (keys?.size === 0) this.#byUses.delete(uses)
  }

  #dropOne(): void {
    // After a move or a deletion the least count may be gone; counts have no gaps worth an index.
    while (!this.#byUses.has(this.#leastUses)) this.#leastUses++
    for (const key of this.#keysOf(this.#leastUses)) {
      this.delete(key)
      return
    }
  }

  #keysOf(uses: number): Set<string> {
    const known = this.#byUses.get(uses)
    if (known) return known
    const keys = new Set<string>()
    this.#byUses.set(uses, keys)
    return keys
  }
}

/**
 * Keeps what was used once and what was used again apart, and moves the border between them to
 * where it lately dropped too early.
 * @see Megiddo and Modha, "ARC: a self-tuning, low overhead replacement cache", 2003
 */
class ArcCache<V> implements Cache<V> {
  hitCount = 0
  missCount = 0
  readonly #capacity: number
  readonly #once = new Map<string, V>()
  readonly #again = new Map<string, V>()
  readonly #droppedOnce = new Map<string, true>()
  readonly #droppedAgain = new Map<string, true>()
  /** How many of the values may be such as were used once. */
  #share = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#once.size + this.#again.size
  }

  get(key: string): V | undefined {
    const first = this.#once.get(key)
    const value = first === undefined ? this.#again.get(key) : first
    if (value === undefined) {
      this.missCount++
      return undefined
    }
    this.hitCount++
    this.#promote(key, value)
    return value
  }

  set(key: string, value: V): void {
    if (this.#once.has(key) || this.#again.has(key)) {
      this.#promote(key, value)
    } else if (this.#droppedOnce.has(key)) {
      const step = Math.max(1, this.#droppedAgain.size / this.#droppedOnce.size)
      this.#share = Math.min(this.#capacity, this.#share + step)
      this.#makeRoom(false)
      this.#promote(key, value)
    } else if (this.#droppedAgain.has(key)) {
      const step = Math.max(1, this.#droppedOnce.size / this.#droppedAgain.size)
      this.#share = Math.max(0, this.#share - step)
      this.#makeRoom(true)
      this.#promote(key, value)
    } else {
      this.#admit(detached(key), value)
    }
  }

  delete(key: string): void {
    this.#once.delete(key)
    this.#again.delete(key)
    this.#droppedOnce.delete(key)
    this.#droppedAgain.delete(key)
  }

  clear(): void {
    for (const part of [this.#once, this.#again, this.#droppedOnce, this.#droppedAgain])
      part.clear()
    this.#share = 0
  }

  #promote(key: string, value: V): void {
    this.delete(key)
    this.#again.set(key, value)
  }

  #admit(key: string, value: V): void {
    const onceKnown = this.#once.size + this.#droppedOnce.size
    const allKnown = onceKnown + this.#again.size + this.#droppedAgain.size
    if (onceKnown >= this.#capacity) {
      if (this.#once.size < this.#capacity) {
        dropOldest(this.#droppedOnce)
        this.#makeRoom(false)
      } else {
        dropOldest(this.#once)
      }
    } else if (allKnown >= this.#capacity) {
      if (allKnown >= this.#capacity * 2) dropOldest(this.#droppedAgain)
      this.#makeRoom(false)
    }
    this.#once.set(key, value)
  }

  #makeRoom(isForAgain: boolean): void {
    if (this.size < this.#capacity) return
    const isOverShare =
      this.#once.size > this.#share || (isForAgain && this.#once.size === this.#share)
    if (this.#once.size > 0 && (isOverShare || this.#again.size === 0)) {
      this.#droppedOnce.set(dropOldest(this.#once), true)
    } else {
      this.#droppedAgain.set(dropOldest(this.#again), true)
    }
  }
}

function dropOldest(map: Map<string, unknown>): string {
  for (const key of map.keys()) {
    map.delete(key)
    return key
  }
  throw new Error('nothing to drop from an empty cache')
}
