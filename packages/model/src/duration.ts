const unitNanos: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
}
const dayNanos = 24 * 3600e9

/** A length of time, as expressions see it. */
export class Duration {
  readonly nanos: number

  constructor(nanos: number) {
    this.nanos = nanos
  }

  toString(): string {
    return formatDuration(this.nanos)
  }

  toJSON(): string {
    return this.toString()
  }
}

/**
 * Reads `1h30m`, `0.5s`, `-2m`, `300ms` as nanoseconds; undefined for anything else, a bare number
 * included (`0` alone is zero).
 */
export function parseDuration(text: string): number | undefined {
  return readUnits(text, unitNanos)
}

/** As `parseDuration`, with days: `1d12h`. Profiles and the command line accept these. */
export function parseDurationWithDays(text: string): number | undefined {
  return readUnits(text, { ...unitNanos, d: dayNanos })
}

function readUnits(text: string, units: Readonly<Record<string, number>>): number | undefined {
  const sign = text.startsWith('-') ? -1 : 1
  const body = /^[+-]/.test(text) ? text.slice(1) : text
  if (body === '0') return 0
  const part = /(\d+\.?\d*|\.\d+)([a-zµμ]+)/y
  let nanos = 0
  while (part.lastIndex < body.length) {
    const match = part.exec(body)
    const unit = match ? units[match[2] ?? ''] : undefined
    if (!match || unit === undefined) return undefined
    nanos += Number(match[1]) * unit
  }
  return body === '' ? undefined : sign * Math.round(nanos)
}

/** Go's text of a duration: `1m2.5s`, `4h0m0s`, `500ms`, `0s`. */
export function formatDuration(nanos: number): string {
  if (nanos === 0) return '0s'
  const sign = nanos < 0 ? '-' : ''
  const rest = Math.abs(nanos)
  if (rest < 1e3) return `${sign}${rest}ns`
  if (rest < 1e6) return `${sign}${trimNumber(rest / 1e3, 3)}µs`
  if (rest < 1e9) return `${sign}${trimNumber(rest / 1e6, 6)}ms`
  const wholeSeconds = Math.floor(rest / 1e9)
  const fraction = String(rest - wholeSeconds * 1e9)
    .padStart(9, '0')
    .replace(/0+$/, '')
  const seconds = `${wholeSeconds % 60}${fraction === '' ? '' : `.${fraction}`}s`
  const minutes = Math.floor(wholeSeconds / 60)
  if (minutes === 0) return sign + seconds
  const hours = Math.floor(minutes / 60)
  return `${sign}${hours === 0 ? '' : `${hours}h`}${minutes % 60}m${seconds}`
}

function trimNumber(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)))
}
