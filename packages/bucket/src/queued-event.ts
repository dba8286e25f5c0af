import { createTextDict, detached, type Event, type Instant, type TextDict } from '@tocsin/model'
import type { PackedEvent } from './event-packer.ts'

/**
 * An event in a queue that rules look at: what they read of it, and the rest packed. Rules see it as
 * an event. Hot path: one for every event that pours into such a bucket, and a bucket may hold a
 * thousand.
 */
export class QueuedEvent {
  readonly packed: PackedEvent
  readonly time: Instant
  readonly marshaledTime: string
  /** The keys that rules read, and no other; events with the same values share it. */
  readonly meta: TextDict

  constructor(packed: PackedEvent, time: Instant, marshaledTime: string, meta: TextDict) {
    this.packed = packed
    this.time = time
    this.marshaledTime = marshaledTime
    this.meta = meta
  }
}

/** Makes the events of queues, of one set of keys. */
export class EventQueuer {
  readonly #keys: readonly string[]
  #lastMeta: TextDict = createTextDict()

  constructor(keys: Iterable<string>) {
    this.#keys = [...keys]
  }

  queue(event: Event, packed: PackedEvent): QueuedEvent {
    return new QueuedEvent(packed, event.time, event.marshaledTime, this.#metaOf(event.meta))
  }

  /** Mostly such keys have few values (a kind of event), so the last ones are those wanted again. */
  #metaOf(meta: TextDict): TextDict {
    const keys = this.#keys
    const last = this.#lastMeta
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string
      if (meta[key] !== last[key]) return this.#copyOf(meta)
    }
    return last
  }

  #copyOf(meta: TextDict): TextDict {
    const copy = createTextDict()
    for (const key of this.#keys) {
      const value = meta[key]
      if (value !== undefined) copy[key] = detached(value)
    }
    this.#lastMeta = copy
    return copy
  }
}
