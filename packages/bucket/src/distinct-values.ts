import { detached } from '@tocsin/model'

/** Below this many a list is searched, which costs less memory than a set. */
const smallLength = 8

/**
 * The values a bucket has seen, at most `limit`: past it the oldest is forgotten, so that a bucket
 * kept alive for ever cannot grow for ever.
 */
export class DistinctValues {
  #values: string[] | Set<string> = []

  /** Remembers the value; false when it was there already. */
  add(value: string, limit: number): boolean {
    if (Array.isArray(this.#values)) {
      if (this.#values.includes(value)) return false
      if (this.#values.length < Math.min(smallLength, limit)) {
        this.#values.push(detached(value))
        return true
      }
      this.#values = new Set(this.#values)
    }
    const values = this.#values
    if (values.has(value)) return false
    if (values.size >= limit) {
      for (const oldest of values) {
        values.delete(oldest)
        break
      }
    }
    values.add(detached(value))
    return true
  }

  /** Oldest first. */
  values(): Iterable<string> {
    return this.#values
  }

  get size(): number {
    return Array.isArray(this.#values) ? this.#values.length : this.#values.size
  }
}
