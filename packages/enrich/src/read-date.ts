import {
  type Clock,
  compileLayout,
  epochMsOfDate,
  Instant,
  isLeapYear,
  type Layout,
} from '@tocsin/model'
import { scanDate } from './scan-date.ts'

/** A time found in a line, or the present when there was none to recognise. */
export interface ReadDate {
  readonly instant: Instant
  /** RFC 3339 text of it: `2026-02-12T14:10:21.5+02:00`. */
  readonly marshaledTime: string
  /** False when the text fits nothing known and the instant is the present. */
  readonly isRecognised: boolean
}

export interface DateReaderOptions {
  readonly clock: Clock
  /** The year of dates that name none; that of the clock, in UTC, when left out. */
  readonly currentYear?: () => number
  /** The offset in which Unix times are shown; UTC when left out. */
  readonly offsetMinutesAt?: (epochMs: number) => number
}

/** What is tried, in this order, when a line does not say its layout. */
export const knownLayouts: readonly string[] = [
  '2006-01-02T15:04:05Z07:00',
  '02/Jan/2006:15:04:05 -0700',
  'Mon Jan 2 15:04:05 2006',
  '02-Jan-2006 15:04:05 europe/paris',
  '01/02/2006 15:04:05',
  '2006-01-02 15:04:05.999999999 -0700 MST',
  'Jan  2 15:04:05',
  'Mon Jan 02 15:04:05.000000 2006',
  '2006-01-02T15:04:05Z07:00',
  '2006/01/02',
  '2006/01/02 15:04',
  '2006-01-02',
  '2006-01-02 15:04',
  '2006/01/02 15:04:05',
  '2006-01-02 15:04:05',
  '2006-01-02T15:04:05',
]

interface Remembered {
  readonly date: ReadDate
  /** The year that was added to a date without one; 0 when it had its own. */
  readonly addedYear: number
}

const maxRemembered = 256
const maxLayouts = 256
const yearZeroMs = epochMsOfDate(0, 1, 1)
const yearOneMs = epochMsOfDate(1, 1, 1)
const dayMs = 86_400_000

/**
 * Reads the times that lines carry.
 * Hot path: called once per line, see bench/date.bench.ts. Neighbours in a log share their second,
 * so the last texts are remembered with their result.
 */
export class DateReader {
  readonly #clock: Clock
  readonly #currentYear: () => number
  readonly #offsetMinutesAt: (epochMs: number) => number
  readonly #known = new KnownLayouts()
  readonly #layouts = new Map<string, Layout>()
  #remembered = new Map<string, Remembered>()
  #rememberedLayout = ''

  constructor(options: DateReaderOptions) {
    const { clock } = options
    this.#clock = clock
    this.#currentYear = options.currentYear ?? createYearReader(clock)
    this.#offsetMinutesAt = options.offsetMinutesAt ?? (() => 0)
  }

  /**
   * Reads a time by `layout` (a Go layout, may be empty), then by the known layouts, then as Unix
   * time; the present, unrecognised, when nothing fits. A date without a year is of this year.
   */
  read(text: string, layout = ''): ReadDate {
    // One layout at a time is remembered: a log has one.
    if (layout !== this.#rememberedLayout) {
      this.#rememberedLayout = layout
      this.#remembered.clear()
    }
    const known = this.#remembered.get(text)
    if (known && (known.addedYear === 0 || known.addedYear === this.#currentYear())) {
      return known.date
    }
    return this.#readAnew(text, layout)
  }

  #readAnew(text: string, layout: string): ReadDate {
    const instant = text === '' ? undefined : this.#recognise(text, layout)
    if (!instant) {
      const now = new Instant(this.#clock.nowMs())
      return { instant: now, marshaledTime: now.toString(), isRecognised: false }
    }
    const addedYear = isOfYearZero(instant) ? this.#currentYear() : 0
    const dated = addedYear === 0 ? instant : addYear(instant, addedYear)
    const date: ReadDate = {
      instant: dated,
      marshaledTime: dated.toString(),
      isRecognised: true,
    }
    if (this.#remembered.size >= maxRemembered) this.#remembered.clear()
    this.#remembered.set(text, { date, addedYear })
    return date
  }

  #recognise(text: string, layout: string): Instant | undefined {
    const byLayout = layout === '' ? undefined : this.#compile(layout).parse(text)
    return byLayout ?? scanDate(text) ?? this.#known.parse(text) ?? this.#readUnix(text)
  }

  #compile(source: string): Layout {
    const known = this.#layouts.get(source)
    if (known) return known
    const layout = compileLayout(source)
    // A layout may come out of a log line, so their number has an end.
    if (this.#layouts.size >= maxLayouts) this.#layouts.clear()
    this.#layouts.set(source, layout)
    return layout
  }

  #readUnix(text: string): Instant | undefined {
    const seconds = readUnixSeconds(text)
    if (seconds === undefined) return undefined
    return new Instant(seconds * 1000, 0, this.#offsetMinutesAt(seconds * 1000))
  }
}

/** The year of the clock, worked out anew only when it may have changed: it is asked per line. */
function createYearReader(clock: Clock): () => number {
  let year = 0
  let fromMs = 0
  let untilMs = 0
  return () => {
    const nowMs = clock.nowMs()
    if (nowMs < fromMs || nowMs >= untilMs) {
      year = new Date(nowMs).getUTCFullYear()
      fromMs = epochMsOfDate(year, 1, 1)
      untilMs = epochMsOfDate(year + 1, 1, 1)
    }
    return year
  }
}

/** Seconds since 1970 before the first `.`: whole, more than zero, at most 64 bits. */
export function readUnixSeconds(text: string): number | undefined {
  const dot = text.indexOf('.')
  const whole = dot < 0 ? text : text.slice(0, dot)
  if (!/^\+?\d{1,19}$/.test(whole)) return undefined
  const seconds = Number(whole)
  return seconds > 0 && BigInt(whole.replace('+', '')) < 2n ** 63n ? seconds : undefined
}

function isOfYearZero(instant: Instant): boolean {
  const localMs = instant.epochMs + instant.offsetMinutes * 60_000
  return localMs >= yearZeroMs && localMs < yearOneMs
}

/** Year 0 is a leap year, so 29 February becomes 1 March of a year that is none. */
function addYear(instant: Instant, year: number): Instant {
  const offsetMs = instant.offsetMinutes * 60_000
  const msOfYear = instant.epochMs + offsetMs - yearZeroMs
  const isAfterLeapDay = msOfYear >= 60 * dayMs
  const shiftMs = isAfterLeapDay && !isLeapYear(year) ? dayMs : 0
  const epochMs = epochMsOfDate(year, 1, 1) + msOfYear - shiftMs - offsetMs
  return new Instant(epochMs, instant.nanos, instant.offsetMinutes)
}

/** The known layouts by what a text must look like at its start, so that few of them are tried. */
class KnownLayouts {
  readonly #weekdayOrMonth = pick(3, 7, 8)
  readonly #dayOrMonthFirst = pick(2, 4, 5)
  readonly #yearSlash = pick(10, 11, 14)
  readonly #yearDash = pick(1, 6, 12, 13, 15, 16)

  parse(text: string): Instant | undefined {
    for (const layout of this.#candidates(text)) {
      const instant = layout.parse(text)
      if (instant) return instant
    }
    return undefined
  }

  #candidates(text: string): readonly Layout[] {
    const first = text.charCodeAt(0)
    // No layout starts with a space or a sign.
    if (first > 57) return this.#weekdayOrMonth
    const third = text.charCodeAt(2)
    if (third === 47 || third === 45) return this.#dayOrMonthFirst
    return text.charCodeAt(4) === 47 ? this.#yearSlash : this.#yearDash
  }
}

/** Known layouts by their number, counted from 1. */
function pick(...numbers: number[]): readonly Layout[] {
  return numbers.map((number) => compileLayout(knownLayouts[number - 1] ?? ''))
}
