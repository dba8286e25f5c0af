import { Instant } from '@tocsin/model'

interface Entry {
  readonly key: string
  readonly epochMs: number
  readonly nanos: number
}

/**
 * Silences a key for a time after its overflow. Every overflow that asks forgets, for all keys, what
 * has ended by its own time, so in a replay that goes back in time another key may be heard again.
 */
export class Blackhole {
  readonly #durationNanos: number
  /** By end, earliest first; those before `#head` are over. */
  #entries: Entry[] = []
  #head = 0
  readonly #keys = new Set<string>()

  constructor(durationNanos: number) {
    this.#durationNanos = durationNanos
  }

  /** Whether an overflow of `key` at this time is silenced. At the very end it no longer is. */
  isSilenced(key: string, at: Instant): boolean {
    for (; this.#head < this.#entries.length; this.#head++) {
      const entry = this.#entries[this.#head] as Entry
      if (isAfter(entry, at.epochMs, at.nanos)) break
      this.#keys.delete(entry.key)
    }
    if (this.#head > this.#entries.length / 2) {
      this.#entries = this.#entries.slice(this.#head)
      this.#head = 0
    }
    return this.#keys.has(key)
  }

  /** Silences `key` from this time on; it must not be silenced already. */
  start(key: string, at: Instant): void {
    const wholeMs = Math.floor(this.#durationNanos / 1e6)
    const nanos = at.nanos + (this.#durationNanos - wholeMs * 1e6)
    this.#add(key, at.epochMs + wholeMs + Math.floor(nanos / 1e6), nanos % 1e6)
  }

  /** Silences `key` until this time, as it was before a restart. */
  silenceUntil(key: string, end: Instant): void {
    if (!this.#keys.has(key)) this.#add(key, end.epochMs, end.nanos)
  }

  /** What is silenced, and until when, earliest end first. */
  *entries(): Generator<readonly [key: string, end: Instant]> {
    for (const { key, epochMs, nanos } of this.#entries.slice(this.#head)) {
      yield [key, new Instant(epochMs, nanos)]
    }
  }

  #add(key: string, epochMs: number, nanos: number): void {
    const entry = { key, epochMs, nanos }
    // Time mostly goes forward, so the place is nearly always the end.
    let place = this.#entries.length
    while (place > this.#head && isAfter(this.#entries[place - 1] as Entry, epochMs, nanos)) place--
    this.#entries.splice(place, 0, entry)
    this.#keys.add(key)
  }

  get size(): number {
    return this.#keys.size
  }
}

function isAfter(entry: Entry, epochMs: number, nanos: number): boolean {
  return entry.epochMs > epochMs || (entry.epochMs === epochMs && entry.nanos > nanos)
}
