import { type Builtin, builtin, elementOf, firstIsOneOf } from './builtin.ts'
import { fail } from './fail.ts'
import { order } from './runtime-operators.ts'
import type { Type } from './type.ts'
import { floatType, functionOf, intType, joinTypes, unknownType } from './types.ts'
import { isList, kindOf } from './value.ts'

const float = functionOf([floatType], floatType)
const variadic = functionOf([unknownType], unknownType, { rest: unknownType })
const bits = functionOf([intType, intType], intType)

/** Builtins about numbers. */
export const numberBuiltins: readonly Builtin[] = [
  builtin('abs', float, Math.abs, { resultOf: ([type]) => type ?? unknownType }),
  builtin('ceil', float, Math.ceil),
  builtin('floor', float, Math.floor),
  builtin('round', float, (value: number) => Math.sign(value) * Math.round(Math.abs(value))),
  builtin('min', variadic, (...args: unknown[]) => extreme(args, -1), {
    resultOf: numberType,
    isNullable: true,
  }),
  builtin('max', variadic, (...args: unknown[]) => extreme(args, 1), {
    resultOf: numberType,
    isNullable: true,
  }),
  builtin('mean', { ...variadic, result: floatType }, (...args: unknown[]) => {
    const numbers = flatNumbers(args, 'mean')
    return numbers.length === 0 ? 0 : numbers.reduce((sum, n) => sum + n, 0) / numbers.length
  }),
  builtin('median', { ...variadic, result: floatType }, (...args: unknown[]) => median(args)),
  builtin('int', functionOf([unknownType], intType), toInt, {
    refuse: firstIsOneOf('int', 'float', 'string', 'duration'),
  }),
  builtin('float', functionOf([unknownType], floatType), toFloat, {
    refuse: firstIsOneOf('int', 'float', 'string'),
  }),
  builtin(
    'bitand',
    bits,
    bitwise((a, b) => a & b),
  ),
  builtin(
    'bitor',
    bits,
    bitwise((a, b) => a | b),
  ),
  builtin(
    'bitxor',
    bits,
    bitwise((a, b) => a ^ b),
  ),
  builtin(
    'bitnand',
    bits,
    bitwise((a, b) => a & ~b),
  ),
  builtin('bitnot', functionOf([intType], intType), (a: number) => fromInt64(~toInt64(a))),
  builtin(
    'bitshl',
    bits,
    shift((a, b) => a << b),
  ),
  builtin(
    'bitshr',
    bits,
    shift((a, b) => a >> b),
  ),
  builtin(
    'bitushr',
    bits,
    shift((a, b) => BigInt.asUintN(64, a) >> b),
  ),
]

function numberType(args: readonly Type[]): Type {
  const types = args.map((type) => (type.kind === 'list' ? elementOf(type) : type))
  return types.reduce(joinTypes)
}

/** The least (`sign` -1) or greatest (1) of numbers, however nested; nil when there are none. */
function extreme(args: readonly unknown[], sign: -1 | 1): number | undefined {
  let found: number | undefined
  for (const value of flatNumbers(args, sign < 0 ? 'min' : 'max')) {
    if (found === undefined || order(value, found, '<') * sign > 0) found = value
  }
  return found
}

function median(args: readonly unknown[]): number {
  const numbers = flatNumbers(args, 'median').sort((a, b) => a - b)
  const middle = numbers.length >> 1
  const upper = numbers[middle] ?? 0
  return numbers.length % 2 === 1 ? upper : ((numbers[middle - 1] ?? 0) + upper) / 2
}

function flatNumbers(args: readonly unknown[], what: string): number[] {
  return args.flat(Number.POSITIVE_INFINITY).map((value) => {
    if (typeof value === 'number') return value
    return fail(`${what} takes numbers, not ${isList(value) ? 'lists' : kindOf(value)}`)
  })
}

function toInt(value: unknown): number {
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return Math.trunc(value) + 0
    return fail(`int cannot take ${value}`)
  }
  if (typeof value === 'string') {
    // Go allows a sign and nothing else; what does not fit 64 bits is refused too.
    if (/^[+-]?\d{1,19}$/.test(value)) return Number(value) + 0
    return fail(`int cannot read ${JSON.stringify(value)}`)
  }
  if (
    typeof value === 'object' &&
    value !== null &&
    'nanos' in value &&
    kindOf(value) === 'time.Duration'
  ) {
    return Number(value.nanos)
  }
  return fail(`int cannot take ${kindOf(value)}`)
}

const floatText = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const floatWords: Readonly<Record<string, number>> = {
  inf: Number.POSITIVE_INFINITY,
  '+inf': Number.POSITIVE_INFINITY,
  '-inf': Number.NEGATIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
  nan: Number.NaN,
}

function toFloat(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'string') {
    if (floatText.test(value)) return Number(value)
    const word = floatWords[value.toLowerCase()]
    return word ?? fail(`float cannot read ${JSON.stringify(value)}`)
  }
  return fail(`float cannot take ${kindOf(value)}`)
}

function bitwise(compute: (a: bigint, b: bigint) => bigint): (a: number, b: number) => number {
  return (a, b) => fromInt64(compute(toInt64(a), toInt64(b)))
}

function shift(compute: (a: bigint, b: bigint) => bigint): (a: number, b: number) => number {
  return (a, b) => {
    if (b < 0) return fail('cannot shift by a negative number')
    return fromInt64(compute(toInt64(a), BigInt(Math.min(b, 64))))
  }
}

function toInt64(value: number): bigint {
  return BigInt.asIntN(64, BigInt(value))
}

function fromInt64(value: bigint): number {
  return Number(BigInt.asIntN(64, value))
}
