import {
  FunctionError,
  type FunctionTable,
  fixed,
  looseNumber,
  looseWhole,
  variadic,
} from '../function.ts'
import type { Value } from '../value.ts'

const maxCount = 100_000

const wholes = (values: readonly Value[]) => values.map(looseWhole)
const numbers = (values: readonly Value[]) => values.map(looseNumber)
/** One number in, one out. */
const rounding = (call: (value: number) => number) => fixed(1, (value) => call(looseNumber(value)))
/** All numbers taken together from the left. */
const folding = (call: (a: number, b: number) => number) =>
  variadic(1, (...values) => numbers(values).reduce(call))

/** `add`, `mulf`, `round`, `until`…: the number functions of Sprig. */
export const numberFunctions: FunctionTable = {
  add: variadic(0, (...values) => wholes(values).reduce((a, b) => a + b, 0)),
  add1: fixed(1, (value) => looseWhole(value) + 1),
  sub: fixed(2, (a, b) => looseWhole(a) - looseWhole(b)),
  mul: variadic(1, (...values) => wholes(values).reduce((a, b) => a * b)),
  div: fixed(2, (a, b) => Math.trunc(looseWhole(a) / divisor(b))),
  mod: fixed(2, (a, b) => looseWhole(a) % divisor(b)),
  max: variadic(1, (...values) => Math.max(...wholes(values))),
  min: variadic(1, (...values) => Math.min(...wholes(values))),
  biggest: variadic(1, (...values) => Math.max(...wholes(values))),
  addf: variadic(0, (...values) => exact(numbers(values).reduce((a, b) => a + b, 0))),
  add1f: fixed(1, (value) => exact(looseNumber(value) + 1)),
  subf: folding((a, b) => exact(a - b)),
  mulf: folding((a, b) => exact(a * b)),
  divf: folding((a, b) => a / b),
  maxf: folding((a, b) => Math.max(a, b)),
  minf: folding((a, b) => Math.min(a, b)),
  ceil: rounding(Math.ceil),
  floor: rounding(Math.floor),
  round: variadic(
    2,
    (value, places, at = 0.5) => round(looseNumber(value), looseWhole(places), looseNumber(at)),
    3,
  ),
  int: fixed(1, looseWhole),
  int64: fixed(1, looseWhole),
  float64: fixed(1, looseNumber),
  atoi: fixed(1, (text) =>
    typeof text === 'string' && /^[+-]?\d+$/.test(text) ? Number(text) : 0,
  ),
  toDecimal: fixed(1, (value) => Number.parseInt(String(value), 8) || 0),
  until: fixed(1, (count) => steps(0, looseWhole(count), looseWhole(count) < 0 ? -1 : 1)),
  untilStep: fixed(3, (start, stop, step) =>
    steps(looseWhole(start), looseWhole(stop), looseWhole(step)),
  ),
  seq: variadic(0, (...values) => sequence(wholes(values))),
}

function divisor(value: Value): number {
  const number = looseWhole(value)
  if (number === 0) throw new FunctionError('division by zero')
  return number
}

/** Takes away what binary fractions add: 0.1 + 0.2 is 0.3. */
function exact(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(15)) : value
}

/** Rounds away from zero from `at` on: `round 123.5555 3` is 123.556. */
function round(value: number, places: number, at: number): number {
  const power = 10 ** Math.min(Math.max(places, -20), 20)
  const scaled = Math.abs(value) * power
  const whole = Math.floor(scaled)
  const result = (scaled - whole >= at ? whole + 1 : whole) / power
  return value < 0 ? -result : result
}

function steps(start: number, stop: number, step: number): number[] {
  if (step === 0 || (step > 0 ? stop < start : stop > start)) return []
  const count = Math.ceil((stop - start) / step)
  if (count > maxCount) throw new FunctionError(`more than ${maxCount} numbers`)
  return Array.from({ length: count }, (_, i) => start + i * step)
}

function sequence(values: readonly number[]): string {
  const [a = 1, b, c] = values
  if (values.length === 0) return ''
  const [start, step, end] =
    b === undefined ? [1, a < 1 ? -1 : 1, a] : c === undefined ? [a, b < a ? -1 : 1, b] : [a, b, c]
  return steps(start, end + Math.sign(step), step)
    .filter((n) => (step > 0 ? n <= end : n >= end))
    .join(' ')
}
