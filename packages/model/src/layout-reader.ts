import { daysInMonth, epochMsOfDate, isLeapYear } from './calendar.ts'
import { Instant } from './instant.ts'
import { daysBeforeMonth, longDays, longMonths, shortDays, shortMonths } from './layout-names.ts'
import type { LayoutToken } from './layout-token.ts'

const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase())
const names = {
  monthName: lower(longMonths),
  monthShort: lower(shortMonths),
  weekdayName: lower(longDays),
  weekdayShort: lower(shortDays),
}
const unset = -1

/**
 * Reads one text by the tokens of a layout, as Go's `time.Parse` does. Each `#readX` advances `#at`
 * and is false when the text does not fit there.
 */
export class LayoutReader {
  readonly #text: string
  #at = 0
  #year = 0
  #month = unset
  #day = unset
  #dayOfYear = unset
  #hour = 0
  #minute = 0
  #second = 0
  #nanos = 0
  #half: 'am' | 'pm' | undefined = undefined
  #offsetSeconds = 0
  #hasOffset = false
  #zoneHours = 0
  /** `Z` or `UTC` was read, which outweighs any offset beside it. */
  #isUtc = false

  constructor(text: string) {
    this.#text = text
  }

  read(tokens: readonly LayoutToken[]): Instant | undefined {
    for (let i = 0; i < tokens.length; i++) {
      const token = tokens[i] as LayoutToken
      if (!this.#readLiteral(token.literal)) return undefined
      if (!this.#readPart(token, tokens[i + 1])) return undefined
    }
    return this.#at === this.#text.length ? this.#build() : undefined
  }

  #build(): Instant | undefined {
    if (this.#half === 'pm' && this.#hour < 12) this.#hour += 12
    else if (this.#half === 'am' && this.#hour === 12) this.#hour = 0
    if (this.#dayOfYear !== unset && !this.#resolveDayOfYear()) return undefined
    const month = this.#month === unset ? 1 : this.#month
    const day = this.#day === unset ? 1 : this.#day
    if (day < 1 || day > daysInMonth(this.#year, month)) return undefined
    if (this.#isUtc) {
      this.#offsetSeconds = 0
      this.#zoneHours = 0
    }
    const seconds = this.#hour * 3600 + this.#minute * 60 + this.#second - this.#offsetSeconds
    const millis = Math.floor(this.#nanos / 1e6)
    const epochMs = epochMsOfDate(this.#year, month, day) + seconds * 1000 + millis
    // Of `GMT+3` the peer takes the wall clock as UTC and only shows the result with that offset.
    const shownMinutes = this.#hasOffset ? this.#offsetSeconds / 60 : this.#zoneHours * 60
    return new Instant(epochMs, this.#nanos - millis * 1e6, Math.trunc(shownMinutes) || 0)
  }

  #resolveDayOfYear(): boolean {
    let days = this.#dayOfYear
    let month = unset
    let day = unset
    if (isLeapYear(this.#year)) {
      if (days === 60) {
        month = 2
        day = 29
      } else if (days > 60) days--
    }
    if (days < 1 || days > 365) return false
    if (month === unset) {
      month = daysBeforeMonth.findIndex((before) => before >= days)
      day = days - (daysBeforeMonth[month - 1] ?? 0)
    }
    if (this.#month !== unset && this.#month !== month) return false
    if (this.#day !== unset && this.#day !== day) return false
    this.#month = month
    this.#day = day
    return true
  }

  /** Spaces of the layout stand for one or more, or for the end of the text. */
  #readLiteral(literal: string): boolean {
    const text = this.#text
    for (let i = 0; i < literal.length; i++) {
      const code = literal.charCodeAt(i)
      if (code === 32) {
        if (this.#at < text.length && text.charCodeAt(this.#at) !== 32) return false
        while (i + 1 < literal.length && literal.charCodeAt(i + 1) === 32) i++
        while (text.charCodeAt(this.#at) === 32) this.#at++
      } else {
        if (text.charCodeAt(this.#at) !== code) return false
        this.#at++
      }
    }
    return true
  }

  #readPart(token: LayoutToken, next: LayoutToken | undefined): boolean {
    switch (token.kind) {
      case 'end':
        return true
      case 'year4':
        this.#year = this.#digits(4, 4)
        return this.#year >= 0
      case 'year2': {
        const year = this.#digits(2, 2)
        this.#year = year >= 69 ? 1900 + year : 2000 + year
        return year >= 0
      }
      case 'monthName':
      case 'monthShort':
        this.#month = this.#name(names[token.kind]) + 1
        return this.#month > 0
      case 'month':
        this.#month = this.#digits(token.width, 2)
        return this.#month >= 1 && this.#month <= 12
      case 'weekdayName':
      case 'weekdayShort':
        return this.#name(names[token.kind]) >= 0
      case 'daySpaced':
        this.#skipSpaces(1)
        this.#day = this.#digits(1, 2)
        return this.#day >= 0
      case 'day':
        this.#day = this.#digits(token.width, 2)
        return this.#day >= 0
      case 'dayOfYearSpaced':
        this.#skipSpaces(2)
        this.#dayOfYear = this.#digits(1, 3)
        return this.#dayOfYear >= 0
      case 'dayOfYear':
        this.#dayOfYear = this.#digits(3, 3)
        return this.#dayOfYear >= 0
      case 'hour24':
        this.#hour = this.#digits(1, 2)
        return this.#hour >= 0 && this.#hour < 24
      case 'hour12':
        this.#hour = this.#digits(token.width, 2)
        return this.#hour >= 0 && this.#hour <= 12
      case 'minute':
        this.#minute = this.#digits(token.width, 2)
        return this.#minute >= 0 && this.#minute < 60
      case 'second':
        this.#second = this.#digits(token.width, 2)
        if (this.#second < 0 || this.#second > 59) return false
        // A fraction is welcome here though the layout has none, unless it comes next.
        if (next?.kind !== 'fractionExact' && next?.kind !== 'fractionOptional') {
          this.#readFraction()
        }
        return true
      case 'halfUpper':
        return this.#readHalf('AM', 'PM')
      case 'halfLower':
        return this.#readHalf('am', 'pm')
      case 'fractionExact':
        return this.#readExactFraction(token.width)
      case 'fractionOptional':
        this.#readFraction()
        return true
      case 'offset':
        return this.#readOffset(token)
      case 'zoneName':
        return this.#readZoneName()
    }
  }

  /** A number of `min` to `max` digits, or -1. */
  #digits(min: number, max: number): number {
    let value = 0
    let count = 0
    for (; count < max; count++) {
      const digit = this.#text.charCodeAt(this.#at + count) - 48
      // NaN past the end fails the comparison too.
      if (!(digit >= 0 && digit <= 9)) break
      value = value * 10 + digit
    }
    if (count < min) return -1
    this.#at += count
    return value
  }

  /** The index of the name that stands here in any case, or -1. */
  #name(list: readonly string[]): number {
    const rest = this.#text.slice(this.#at, this.#at + 9).toLowerCase()
    for (let i = 0; i < list.length; i++) {
      const name = list[i] ?? ''
      if (!rest.startsWith(name)) continue
      this.#at += name.length
      return i
    }
    return -1
  }

  #skipSpaces(most: number): void {
    for (let i = 0; i < most && this.#text.charCodeAt(this.#at) === 32; i++) this.#at++
  }

  #readHalf(am: string, pm: string): boolean {
    const text = this.#text.slice(this.#at, this.#at + 2)
    if (text !== am && text !== pm) return false
    this.#half = text === am ? 'am' : 'pm'
    this.#at += 2
    return true
  }

  /** `.` or `,` and any number of digits, when they stand here; digits past the ninth are dropped. */
  #readFraction(): void {
    const start = this.#at + 1
    let end = start
    while (isDigit(this.#text.charCodeAt(end))) end++
    if (end > start && this.#isSeparatorHere()) this.#setFraction(start, end)
  }

  #readExactFraction(digits: number): boolean {
    const start = this.#at + 1
    for (let i = start; i < start + digits; i++) {
      if (!isDigit(this.#text.charCodeAt(i))) return false
    }
    if (!this.#isSeparatorHere()) return false
    this.#setFraction(start, start + digits)
    return true
  }

  #isSeparatorHere(): boolean {
    const code = this.#text.charCodeAt(this.#at)
    return code === 46 || code === 44
  }

  #setFraction(start: number, end: number): void {
    this.#nanos = Number(this.#text.slice(start, Math.min(end, start + 9)).padEnd(9, '0'))
    this.#at = end
  }

  #readOffset(token: LayoutToken): boolean {
    const text = this.#text
    if (token.hasZ && text.charCodeAt(this.#at) === 90) {
      this.#at++
      this.#isUtc = true
      return true
    }
    this.#hasOffset = true
    const sign = text.charAt(this.#at)
    if (sign !== '+' && sign !== '-') return false
    this.#at++
    const hours = this.#digits(2, 2)
    const minutes = token.hasMinutes ? this.#offsetDigits(token) : 0
    const seconds = token.hasSeconds ? this.#offsetDigits(token) : 0
    // 24 hours, 60 minutes and 60 seconds are let through, because people do write them.
    if (hours < 0 || hours > 24 || minutes < 0 || minutes > 60 || seconds < 0 || seconds > 60) {
      return false
    }
    const magnitude = hours * 3600 + minutes * 60 + seconds
    this.#offsetSeconds = sign === '-' ? 0 - magnitude : magnitude
    return true
  }

  #offsetDigits(token: LayoutToken): number {
    if (token.hasColon && this.#text.charCodeAt(this.#at++) !== 58) return -1
    return this.#digits(2, 2)
  }

  #readZoneName(): boolean {
    const rest = this.#text.slice(this.#at, this.#at + 6)
    if (rest.startsWith('UTC')) {
      this.#at += 3
      this.#isUtc = true
      return true
    }
    const signed = /^(GMT)?(?:([+-])(\d+))?/.exec(this.#text.slice(this.#at, this.#at + 24))
    if (signed?.[1] || signed?.[2]) return this.#readSignedZone(signed)
    const length = zoneNameLength(rest)
    this.#at += length
    return length > 0
  }

  /** `GMT`, `GMT+3`, `+03`; hours above 23 do not belong to the zone. */
  #readSignedZone(match: RegExpExecArray): boolean {
    const hours = match[3] === undefined ? Number.NaN : Number(match[3])
    const hasHours = hours <= 23
    if (match[1] === undefined && !(hasHours && match.input.length >= 3)) return false
    this.#at += hasHours ? match[0].length : 3
    if (match[1] !== undefined && hasHours) this.#zoneHours = match[2] === '-' ? -hours : hours
    return true
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57
}

/** Three capital letters, four or five when they end in `T`, and the few that break the rule. */
function zoneNameLength(rest: string): number {
  if (rest.startsWith('ChST') || rest.startsWith('MeST')) return 4
  const capitals = /^[A-Z]*/.exec(rest)?.[0].length ?? 0
  if (capitals === 5) return rest.charAt(4) === 'T' ? 5 : 0
  if (capitals === 4) return rest.charAt(3) === 'T' || rest.startsWith('WITA') ? 4 : 0
  return capitals === 3 ? 3 : 0
}
