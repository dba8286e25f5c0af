import { daysInMonth, epochMsOfDate, Instant } from '@tocsin/model'

const months: ReadonlyMap<string, number> = new Map(
  ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'].map(
    (name, index) => [name, index + 1],
  ),
)

/**
 * Reads the three shapes that nearly every log has, as the known layouts would: RFC 3339 with or
 * without zone, access logs, syslog (which is then of year 0). Undefined says nothing: the layouts
 * may still know the text. Hot path: once per line with a time of its own.
 */
export function scanDate(text: string): Instant | undefined {
  if (text.charCodeAt(4) === 45 && text.charCodeAt(7) === 45) return scanIso(text)
  if (text.charCodeAt(2) === 47 && text.charCodeAt(6) === 47) return scanAccessLog(text)
  return text.length === 15 && text.charCodeAt(3) === 32 ? scanSyslog(text) : undefined
}

/** `2026-02-12T14:10:21.5+02:00`, `2026-02-12 14:10:21`. */
function scanIso(text: string): Instant | undefined {
  const separator = text.charCodeAt(10)
  if (separator !== 84 && separator !== 32) return undefined
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  const dayMs = epochMsOfDay(year, twoDigits(text, 5), twoDigits(text, 8))
  const timeMs = scanTime(text, 11)
  if (dayMs === undefined || timeMs < 0 || twoDigits(text, 2) < 0) return undefined
  let at = 19
  let nanos = 0
  if (text.charCodeAt(at) === 46 || text.charCodeAt(at) === 44) {
    const start = ++at
    for (let digit = digitAt(text, at); digit >= 0; digit = digitAt(text, at)) {
      nanos = nanos * 10 + digit
      at++
    }
    if (at === start || at - start > 9) return undefined
    for (let digits = at - start; digits < 9; digits++) nanos *= 10
  }
  const offset = scanOffset(text, at, separator === 84)
  if (offset === undefined) return undefined
  const millis = Math.floor(nanos / 1e6)
  const epochMs = dayMs + timeMs + millis - offset * 60_000
  return new Instant(epochMs, nanos - millis * 1e6, offset)
}

/** Minutes; nothing is UTC, and only `T` times may have a zone. */
function scanOffset(text: string, at: number, mayHaveZone: boolean): number | undefined {
  if (at === text.length) return 0
  if (!mayHaveZone) return undefined
  if (text.charCodeAt(at) === 90) return at + 1 === text.length ? 0 : undefined
  if (at + 6 !== text.length || text.charCodeAt(at + 3) !== 58) return undefined
  return signedOffset(text.charCodeAt(at), twoDigits(text, at + 1), twoDigits(text, at + 4))
}

/** `12/Feb/2026:14:10:21 +0100` */
function scanAccessLog(text: string): Instant | undefined {
  if (text.length !== 26 || text.charCodeAt(11) !== 58 || text.charCodeAt(20) !== 32) {
    return undefined
  }
  const year = twoDigits(text, 7) * 100 + twoDigits(text, 9)
  const month = months.get(text.slice(3, 6)) ?? 0
  const dayMs = epochMsOfDay(year, month, twoDigits(text, 0))
  const timeMs = scanTime(text, 12)
  const offset = signedOffset(text.charCodeAt(21), twoDigits(text, 22), twoDigits(text, 24))
  if (dayMs === undefined || timeMs < 0 || twoDigits(text, 9) < 0 || offset === undefined) {
    return undefined
  }
  return new Instant(dayMs + timeMs - offset * 60_000, 0, offset)
}

/** `Feb  2 14:10:21` */
function scanSyslog(text: string): Instant | undefined {
  const month = months.get(text.slice(0, 3)) ?? 0
  const day = text.charCodeAt(4) === 32 ? digitAt(text, 5) : twoDigits(text, 4)
  const dayMs = epochMsOfDay(0, month, day)
  const timeMs = scanTime(text, 7)
  if (dayMs === undefined || timeMs < 0 || text.charCodeAt(6) !== 32) return undefined
  return new Instant(dayMs + timeMs)
}

function epochMsOfDay(year: number, month: number, day: number): number | undefined {
  if (year < 0 || month < 1 || month > 12 || day < 1) return undefined
  return day <= daysInMonth(year, month) ? epochMsOfDate(year, month, day) : undefined
}

/** Milliseconds of the day of `14:10:21`, or -1. */
function scanTime(text: string, at: number): number {
  const hour = twoDigits(text, at)
  const minute = twoDigits(text, at + 3)
  const second = twoDigits(text, at + 6)
  if (text.charCodeAt(at + 2) !== 58 || text.charCodeAt(at + 5) !== 58) return -1
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return -1
  return hour * 3_600_000 + minute * 60_000 + second * 1000
}

function signedOffset(sign: number, hours: number, minutes: number): number | undefined {
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return undefined
  if (sign === 43) return hours * 60 + minutes
  return sign === 45 ? 0 - (hours * 60 + minutes) : undefined
}

/** -1 when two digits do not stand there. */
function twoDigits(text: string, at: number): number {
  const tens = digitAt(text, at)
  const ones = digitAt(text, at + 1)
  return tens < 0 || ones < 0 ? -1 : tens * 10 + ones
}

function digitAt(text: string, at: number): number {
  const digit = text.charCodeAt(at) - 48
  // Past the end this is not a number and no comparison holds.
  return digit >= 0 && digit <= 9 ? digit : -1
}
