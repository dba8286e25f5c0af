import { Duration, Instant } from '@tocsin/model'
import type { Pattern } from '@tocsin/regex'
import { equal } from './equal.ts'
import { fail } from './fail.ts'
import { compareText } from './text-bytes.ts'
import { isDict, isList, isMap, kindOf } from './value.ts'

/** Order of two values of one kind: below, at or above zero; NaN with a NaN, which no comparison meets. */
export function order(a: unknown, b: unknown, operator: string): number {
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : a - b
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b)
  if (a instanceof Instant && b instanceof Instant) {
    return a.epochMs === b.epochMs ? a.nanos - b.nanos : a.epochMs - b.epochMs
  }
  if (a instanceof Duration && b instanceof Duration) return a.nanos - b.nanos
  return mismatch(operator, a, b)
}

export function add(a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return a + b
  if (typeof a === 'string' && typeof b === 'string') return a + b
  if (a instanceof Duration && b instanceof Duration) return new Duration(a.nanos + b.nanos)
  if (a instanceof Instant && b instanceof Duration) return addNanos(a, b.nanos)
  if (a instanceof Duration && b instanceof Instant) return addNanos(b, a.nanos)
  return mismatch('+', a, b)
}

export function subtract(a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (a instanceof Duration && b instanceof Duration) return new Duration(a.nanos - b.nanos)
  if (a instanceof Instant && b instanceof Instant) return new Duration(a.nanosSince(b))
  if (a instanceof Instant && b instanceof Duration) return addNanos(a, -b.nanos)
  return mismatch('-', a, b)
}

export function multiply(a: unknown, b: unknown): unknown {
  if (typeof a === 'number' && typeof b === 'number') return a * b
  if (a instanceof Duration && typeof b === 'number') return new Duration(Math.trunc(a.nanos * b))
  if (typeof a === 'number' && b instanceof Duration) return new Duration(Math.trunc(a * b.nanos))
  return mismatch('*', a, b)
}

export function divide(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a / b
  return mismatch('/', a, b)
}

export function remainder(a: unknown, b: unknown): number {
  if (!Number.isInteger(a) || !Number.isInteger(b)) return mismatch('%', a, b)
  if (b === 0) return fail('integer division by zero')
  // `+ 0`: there is no negative zero among integers.
  return ((a as number) % (b as number)) + 0
}

export function power(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a ** b
  return mismatch('**', a, b)
}

export function negate(a: unknown): unknown {
  if (typeof a === 'number') return 0 - a
  if (a instanceof Duration) return new Duration(0 - a.nanos)
  return fail(`cannot negate ${kindOf(a)}`)
}

export function plus(a: unknown): unknown {
  if (typeof a === 'number' || a instanceof Duration) return a
  return fail(`cannot apply + to ${kindOf(a)}`)
}

export function contains(a: unknown, b: unknown): boolean {
  return areTexts(a, b, 'contains') && (a as string).includes(b as string)
}

export function startsWith(a: unknown, b: unknown): boolean {
  return areTexts(a, b, 'startsWith') && (a as string).startsWith(b as string)
}

export function endsWith(a: unknown, b: unknown): boolean {
  return areTexts(a, b, 'endsWith') && (a as string).endsWith(b as string)
}

/** Nil on either side makes these operators false; anything else but text is an error. */
function areTexts(a: unknown, b: unknown, operator: string): boolean {
  if (typeof a === 'string' && typeof b === 'string') return true
  if (a === undefined || a === null || b === undefined || b === null) return false
  return mismatch(operator, a, b)
}

/** `matches` whose left side may be anything. */
export function matchesPattern(a: unknown, pattern: Pattern): boolean {
  if (typeof a === 'string') return pattern.test(a)
  if (a === undefined || a === null) return false
  if (a instanceof Uint8Array) return pattern.test(Buffer.from(a).toString('utf8'))
  return fail(`cannot match ${kindOf(a)} with a pattern`)
}

/** `x in y` with `y` of any kind. */
export function isIn(value: unknown, place: unknown): boolean {
  if (place === undefined || place === null) return false
  if (isList(place)) {
    for (let i = 0; i < place.length; i++) if (equal(place[i], value)) return true
    return false
  }
  if (isMap(place)) return place.has(value ?? '')
  if (typeof place === 'object' && !(place instanceof Uint8Array)) {
    const key = value ?? ''
    if (typeof key !== 'string') return fail(`a key must be a string, not ${kindOf(value)}`)
    if (isDict(place)) return Object.hasOwn(place, key)
  }
  return fail(`cannot look for a value in ${kindOf(place)}`)
}

/** Membership of a set of texts: nil counts as empty text, anything else but text is an error. */
export function isInTexts(value: unknown, texts: ReadonlySet<string>): boolean {
  if (typeof value === 'string') return texts.has(value)
  if (value === undefined || value === null) return texts.has('')
  return fail(`cannot look for ${kindOf(value)} in a list of strings`)
}

export function addNanos(time: Instant, delta: number): Instant {
  const wholeMs = Math.floor(delta / 1e6)
  const nanos = time.nanos + (delta - wholeMs * 1e6)
  const carry = Math.floor(nanos / 1e6)
  return new Instant(time.epochMs + wholeMs + carry, nanos - carry * 1e6, time.offsetMinutes)
}

function mismatch(operator: string, a: unknown, b: unknown): never {
  return fail(`cannot apply ${operator} to ${kindOf(a)} and ${kindOf(b)}`)
}
