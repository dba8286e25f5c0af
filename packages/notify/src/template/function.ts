import { Instant } from '@tocsin/model'
import { readNumberLiteral } from './read-number-literal.ts'
import { type Dictionary, isDictionary, isList, kindOf, type Value } from './value.ts'

/** A function that templates may call. */
export interface TemplateFunction {
  readonly minArguments: number
  readonly maxArguments: number
  readonly call: (...values: readonly Value[]) => Value
}

export type FunctionTable = Readonly<Record<string, TemplateFunction>>

/** A function of exactly `count` arguments. */
export function fixed(
  count: number,
  call: (...values: readonly Value[]) => Value,
): TemplateFunction {
  return { minArguments: count, maxArguments: count, call }
}

/** A function of at least `minArguments`. */
export function variadic(
  minArguments: number,
  call: (...values: readonly Value[]) => Value,
  maxArguments = Number.POSITIVE_INFINITY,
): TemplateFunction {
  return { minArguments, maxArguments, call }
}

/** What a function throws at arguments it cannot take; the place is added by the caller. */
export class FunctionError extends Error {
  override readonly name = 'FunctionError'
}

/** A text argument; nothing else is taken for one. */
export function textOf(value: Value): string {
  if (typeof value === 'string') return value
  throw new FunctionError(`expected text, got ${describe(value)}`)
}

/** Any value as text, as functions that take anything do. */
export function looseText(value: Value): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  return String(typeof value === 'object' ? JSON.stringify(value) : value)
}

/** A whole number argument. */
export function wholeOf(value: Value): number {
  if (typeof value === 'number' && Number.isInteger(value)) return value
  throw new FunctionError(`expected a whole number, got ${describe(value)}`)
}

/** A number of whatever looks like one, 0 of anything else: `"12"`, `true`. */
export function looseNumber(value: Value): number {
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  if (typeof value !== 'string' || value.trim() === '') return 0
  const number = Number(value)
  return Number.isNaN(number) ? 0 : number
}

/** A whole number of whatever looks like one; texts may be `0x1F` or `017`, with a fraction they are 0. */
export function looseWhole(value: Value): number {
  if (typeof value === 'string') {
    const whole = /^[+-]?[\da-fA-FxXbBoO_]+(?=(?:\.0*)?$)/.exec(value.trim())?.[0]
    return whole === undefined ? 0 : (readNumberLiteral(whole) ?? 0)
  }
  const number = Math.trunc(looseNumber(value))
  return Number.isFinite(number) ? number || 0 : 0
}

export function listOf(value: Value): readonly Value[] {
  if (isList(value)) return value
  throw new FunctionError(`expected a list, got ${describe(value)}`)
}

export function dictionaryOf(value: Value): Dictionary {
  if (isDictionary(value)) return value
  throw new FunctionError(`expected a dictionary, got ${describe(value)}`)
}

/** A value as messages name it. */
export function describe(value: Value): string {
  if (value instanceof Instant) return 'a time'
  const kind = kindOf(value)
  if (kind === 'invalid') return value === null ? 'nil' : 'no value'
  if (kind === 'string') return `the text ${JSON.stringify(String(value).slice(0, 40))}`
  if (kind === 'int' || kind === 'float64' || kind === 'bool') return String(value)
  return kind === 'slice' ? 'a list' : kind === 'map' ? 'a dictionary' : 'a struct'
}
