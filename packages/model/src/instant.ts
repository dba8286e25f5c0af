import { daysInMonth, epochMsOfDate, formatDate } from './calendar.ts'

const two = (value: number) => (value < 10 ? `0${value}` : `${value}`)

/**
 * A point in time with the offset it was written in, to the nanosecond.
 * `epochMs` holds whole milliseconds; `nanos` (0 … 999 999) what is below them.
 */
export class Instant {
  readonly epochMs: number
  readonly nanos: number
  /** Minutes east of UTC; `+02:00` is 120. */
  readonly offsetMinutes: number

  constructor(epochMs: number, nanos = 0, offsetMinutes = 0) {
    this.epochMs = epochMs
    this.nanos = nanos
    this.offsetMinutes = offsetMinutes
  }

  /** Nanoseconds from `earlier` to this; exact up to 104 days, to the microsecond beyond. */
  nanosSince(earlier: Instant): number {
    return (this.epochMs - earlier.epochMs) * 1e6 + (this.nanos - earlier.nanos)
  }

  isBefore(other: Instant): boolean {
    return (
      this.epochMs < other.epochMs || (this.epochMs === other.epochMs && this.nanos < other.nanos)
    )
  }

  equals(other: Instant): boolean {
    return this.epochMs === other.epochMs && this.nanos === other.nanos
  }

  /**
   * RFC 3339, fraction only as needed: `2026-02-12T14:10:21.5+02:00`, `Z` for UTC.
   * Hot path: written for every line that has a time.
   */
  toString(): string {
    const localMs = this.epochMs + this.offsetMinutes * 60_000
    const dayNumber = Math.floor(localMs / 86_400_000)
    const msOfDay = localMs - dayNumber * 86_400_000
    const seconds = Math.floor(msOfDay / 1000)
    const nanos = (msOfDay - seconds * 1000) * 1e6 + this.nanos
    const fraction = nanos === 0 ? '' : formatFraction(nanos)
    const hour = Math.floor(seconds / 3600)
    const minute = Math.floor(seconds / 60) % 60
    return `${formatDate(dayNumber)}T${two(hour)}:${two(minute)}:${two(seconds % 60)}${fraction}${formatOffset(this.offsetMinutes)}`
  }

  toJSON(): string {
    return this.toString()
  }
}

/** `.5`, `.000000001`: no zeros at the end. */
function formatFraction(nanos: number): string {
  let digits = 9
  let value = nanos
  for (; value % 10 === 0; value /= 10) digits--
  return `.${String(value).padStart(digits, '0')}`
}

/** `Z`, `+02:00`, `-09:30`. */
export function formatOffset(minutes: number): string {
  if (minutes === 0) return 'Z'
  const magnitude = Math.abs(minutes)
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(magnitude / 60))}:${two(magnitude % 60)}`
}

const rfc3339 =
  /^(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9})\d*)?(?:([Zz])|([+-])(\d\d):(\d\d))$/

/** Reads RFC 3339 text, keeping its offset; undefined when it is not one or names no real time. */
export function readInstant(text: string): Instant | undefined {
  const match = rfc3339.exec(text)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', , sign, zoneHour, zoneMinute] =
    match
  if (Number(month) < 1 || Number(month) > 12) return undefined
  if (Number(day) < 1 || Number(day) > daysInMonth(Number(year), Number(month))) return undefined
  const date = epochMsOfDate(Number(year), Number(month), Number(day))
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  if (Number(zoneHour ?? 0) > 23 || Number(zoneMinute ?? 0) > 59) return undefined
  const east = sign ? Number(zoneHour) * 60 + Number(zoneMinute) : 0
  // Not `-east`: `-00:00` is plain zero.
  const offset = sign === '-' ? 0 - east : east
  const nanos = Number(fraction.padEnd(9, '0'))
  const wallMs = date + Number(hour) * 3_600_000 + Number(minute) * 60_000 + Number(second) * 1000
  const epochMs = wallMs + Math.floor(nanos / 1e6) - offset * 60_000
  return new Instant(epochMs, nanos % 1e6, offset)
}
