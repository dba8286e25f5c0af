import { type Clock, type Event, Instant, readInstant, timeMode } from '@tocsin/model'

/**
 * The times of pours. Lines of one second have the same time text, and scenarios of one event the
 * same time, so both share one `Instant`. Hot path.
 */
export class EventTimes {
  readonly #clock: Clock
  #text = ''
  #read: Instant | undefined
  #now = new Instant(0)

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The time the parsers found; undefined when there is none or it is unreadable. */
  ofReplay(event: Event): Instant | undefined {
    if (event.marshaledTime !== this.#text) {
      this.#text = event.marshaledTime
      this.#read = readInstant(event.marshaledTime)
    }
    return this.#read
  }

  now(): Instant {
    const nowMs = this.#clock.nowMs()
    if (nowMs !== this.#now.epochMs) this.#now = new Instant(nowMs)
    return this.#now
  }

  /** The time an event pours at into a bucket of this mode. */
  of(event: Event, mode: number): Instant | undefined {
    return mode === timeMode.live ? this.now() : this.ofReplay(event)
  }
}
