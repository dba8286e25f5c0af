import { parseDuration } from '@tocsin/model'

const dayNanos = 24 * 3600e9

/** A length of time in nanoseconds, or why the text is none. */
export type WireDuration = { readonly nanos: number } | { readonly message: string }

/**
 * Reads `4h`, `1.5h`, `-30s` or, with days in front, `7d` and `2d3h`. Days elsewhere, other units and
 * the empty text are refused in the words of existing servers.
 */
export function readWireDuration(text: string): WireDuration {
  const trimmed = text.trim()
  const days = /^(-?)(\d+)d(.*)$/s.exec(trimmed)
  if (days) {
    const [, sign, count, rest = ''] = days
    const restNanos = rest === '' ? 0 : parseDuration(rest)
    if (restNanos === undefined || /^[+-]/.test(rest)) return { message: complaint(rest) }
    return bounded((Number(count) * dayNanos + restNanos) * (sign === '-' ? -1 : 1), trimmed)
  }
  const nanos = parseDuration(trimmed)
  if (nanos === undefined) return { message: complaint(trimmed) }
  return bounded(nanos, trimmed)
}

/** 292 years, what 64 bits of nanoseconds hold. */
const maxNanos = 2 ** 63

function bounded(nanos: number, text: string): WireDuration {
  return Math.abs(nanos) < maxNanos
    ? { nanos }
    : { message: `time: invalid duration ${JSON.stringify(text)}` }
}

const knownUnit = /^(?:h|m|s|ms|us|µs|μs|ns)$/

function complaint(text: string): string {
  const quoted = JSON.stringify(text)
  const unit = /^[+-]?(?:[\d.]+(?:h|ms|m|s|us|µs|μs|ns))*[\d.]+([^\d.]+)/.exec(text)?.[1]
  if (unit !== undefined && !knownUnit.test(unit)) {
    return `time: unknown unit ${JSON.stringify(unit)} in duration ${quoted}`
  }
  if (/^[+-]?\d+$/.test(text)) return `time: missing unit in duration ${quoted}`
  return `time: invalid duration ${quoted}`
}

/**
 * What is left of a decision, rounded to whole seconds: `3h59m49s`, `1m0s`, `0s`, `-1m2s`. Never less
 * than seconds, never days: readers in use know only whole `h`, `m` and `s`.
 * Hot path: written for every decision of a stream.
 */
export function formatRemaining(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000)
  if (seconds === 0) return '0s'
  const sign = ms < 0 ? '-' : ''
  if (seconds < 60) return `${sign}${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${sign}${minutes}m${seconds % 60}s`
  return `${sign}${Math.floor(minutes / 60)}h${minutes % 60}m${seconds % 60}s`
}
