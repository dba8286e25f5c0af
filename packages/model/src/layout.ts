import { isLeapYear } from './calendar.ts'
import type { Instant } from './instant.ts'
import { daysBeforeMonth, longDays, longMonths, shortDays, shortMonths } from './layout-names.ts'
import { LayoutReader } from './layout-reader.ts'
import { type LayoutToken, readLayout } from './layout-token.ts'

/**
 * A compiled Go reference layout, such as `02/Jan/2006:15:04:05 -0700`: made once by
 * `compileLayout`, used for many texts.
 */
export class Layout {
  readonly source: string
  readonly #tokens: readonly LayoutToken[]

  constructor(source: string) {
    this.source = source
    this.#tokens = readLayout(source)
  }

  /**
   * Reads a text that follows the layout to its end. A date without a year is of year 0, a time
   * without a zone is UTC, a zone abbreviation says nothing about the offset (beside `UTC`).
   */
  parse(text: string): Instant | undefined {
    return new LayoutReader(text).read(this.#tokens)
  }

  /** Writes an instant in the offset it carries. */
  format(instant: Instant): string {
    const local = new LocalTime(instant)
    let text = ''
    for (const token of this.#tokens) text += token.literal + local.part(token)
    return text
  }
}

/** Compiles a Go reference layout. Every text is one: what names no part of a date is literal. */
export function compileLayout(source: string): Layout {
  return new Layout(source)
}

/** Writes an instant by a layout; to use a layout often, compile it. */
export function formatLayout(instant: Instant, layout: string): string {
  return compileLayout(layout).format(instant)
}

/** Reads a text by a layout, undefined when it does not fit; to use a layout often, compile it. */
export function parseLayout(text: string, layout: string): Instant | undefined {
  return compileLayout(layout).parse(text)
}

const pad = (value: number, length: number, fill = '0') => String(value).padStart(length, fill)

/** The parts of an instant on the wall clock of its own offset. */
class LocalTime {
  readonly #date: Date
  readonly #nanos: number
  readonly #offset: number

  constructor(instant: Instant) {
    this.#date = new Date(instant.epochMs + instant.offsetMinutes * 60_000)
    this.#nanos = this.#date.getUTCMilliseconds() * 1e6 + instant.nanos
    this.#offset = instant.offsetMinutes
  }

  part(token: LayoutToken): string {
    const date = this.#date
    const hour12 = date.getUTCHours() % 12 || 12
    switch (token.kind) {
      case 'end':
        return ''
      case 'year4':
        return pad(date.getUTCFullYear(), 4)
      case 'year2':
        return pad(date.getUTCFullYear() % 100, 2)
      case 'monthName':
        return longMonths[date.getUTCMonth()] ?? ''
      case 'monthShort':
        return shortMonths[date.getUTCMonth()] ?? ''
      case 'month':
        return pad(date.getUTCMonth() + 1, token.width)
      case 'weekdayName':
        return longDays[date.getUTCDay()] ?? ''
      case 'weekdayShort':
        return shortDays[date.getUTCDay()] ?? ''
      case 'day':
        return pad(date.getUTCDate(), token.width)
      case 'daySpaced':
        return pad(date.getUTCDate(), 2, ' ')
      case 'dayOfYear':
        return pad(this.#dayOfYear(), 3)
      case 'dayOfYearSpaced':
        return pad(this.#dayOfYear(), 3, ' ')
      case 'hour24':
        return pad(date.getUTCHours(), 2)
      case 'hour12':
        return pad(hour12, token.width)
      case 'minute':
        return pad(date.getUTCMinutes(), token.width)
      case 'second':
        return pad(date.getUTCSeconds(), token.width)
      case 'halfUpper':
        return date.getUTCHours() < 12 ? 'AM' : 'PM'
      case 'halfLower':
        return date.getUTCHours() < 12 ? 'am' : 'pm'
      case 'fractionExact':
        return token.separator + pad(this.#nanos, 9).slice(0, token.width).padEnd(token.width, '0')
      case 'fractionOptional': {
        const digits = pad(this.#nanos, 9).slice(0, token.width).replace(/0+$/, '')
        return digits === '' ? '' : token.separator + digits
      }
      case 'offset':
        return this.#offsetText(token)
      case 'zoneName':
        return this.#offset === 0
          ? 'UTC'
          : this.#offsetText({ ...token, hasZ: false, hasMinutes: true })
    }
  }

  #dayOfYear(): number {
    const date = this.#date
    const month = date.getUTCMonth()
    const leapDay = month > 1 && isLeapYear(date.getUTCFullYear()) ? 1 : 0
    return (daysBeforeMonth[month] ?? 0) + date.getUTCDate() + leapDay
  }

  #offsetText(token: LayoutToken): string {
    if (token.hasZ && this.#offset === 0) return 'Z'
    const minutes = Math.abs(this.#offset)
    const colon = token.hasColon ? ':' : ''
    let text = (this.#offset < 0 ? '-' : '+') + pad(Math.trunc(minutes / 60), 2)
    if (token.hasMinutes) text += colon + pad(minutes % 60, 2)
    if (token.hasSeconds) text += `${colon}00`
    return text
  }
}
