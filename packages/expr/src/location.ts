import { Instant } from '@tocsin/model'

/** A time zone by name: what `timezone('Europe/Berlin')` gives. */
export class Location {
  readonly name: string
  readonly #clock: Intl.DateTimeFormat

  private constructor(name: string, clock: Intl.DateTimeFormat) {
    this.name = name
    this.#clock = clock
  }

  /** The zone of that name (IANA, `UTC`, `Local`); undefined when there is none. */
  static find(name: string): Location | undefined {
    const timeZone = name === '' ? 'UTC' : name
    try {
      const clock = new Intl.DateTimeFormat('en-US', {
        ...(timeZone === 'Local' ? {} : { timeZone }),
        hourCycle: 'h23',
        year: 'numeric',
        month: 'numeric',
        day: 'numeric',
        hour: 'numeric',
        minute: 'numeric',
        second: 'numeric',
        era: 'short',
      })
      return new Location(timeZone, clock)
    } catch (error) {
      // RangeError is how Intl says that there is no such zone.
      if (error instanceof RangeError) return undefined
      throw error
    }
  }

  /** The same point in time with the offset that holds here then. */
  at(time: Instant): Instant {
    return new Instant(time.epochMs, time.nanos, this.offsetMinutesAt(time.epochMs))
  }

  /** A time of day read without a zone (its offset is 0), meant here. */
  fromWallClock(time: Instant): Instant {
    // Twice, because the offset has to hold at the result and not at the guess.
    const guess = time.epochMs - this.offsetMinutesAt(time.epochMs) * 60_000
    const offset = this.offsetMinutesAt(guess)
    return new Instant(time.epochMs - offset * 60_000, time.nanos, offset)
  }

  /** Minutes east of UTC at that time. */
  offsetMinutesAt(epochMs: number): number {
    const parts: Record<string, number> = {}
    for (const { type, value } of this.#clock.formatToParts(epochMs)) parts[type] = Number(value)
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
    const wall = Date.UTC(year, month - 1, day, hour, minute, second)
    return Math.round((wall - epochMs) / 60_000)
  }

  toString(): string {
    return this.name
  }
}
