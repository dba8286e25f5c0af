import type { FunctionType, IntType, Type } from './type.ts'

export const unknownType: Type = { kind: 'unknown' }
export const nilType: Type = { kind: 'nil' }
export const boolType: Type = { kind: 'bool' }
export const intType: IntType = { kind: 'int' }
export const floatType: Type = { kind: 'float' }
export const stringType: Type = { kind: 'string' }
export const bytesType: Type = { kind: 'bytes' }
export const timeType: Type = { kind: 'time' }
export const durationType: Type = { kind: 'duration' }

/** `listOf(stringType)`: a list of text. */
export function listOf(element: Type): Type {
  return { kind: 'list', element }
}

/** A map of that element type, kept as a prototype-less object unless said otherwise. */
export function mapOf(element: Type, storage: 'dict' | 'map' = 'dict'): Type {
  return { kind: 'map', element, storage }
}

/** `functionOf([stringType], boolType)`. */
export function functionOf(
  parameters: readonly Type[],
  result: Type,
  more: { readonly required?: number; readonly rest?: Type } = {},
): FunctionType {
  return { kind: 'function', parameters, result, ...more }
}

export function isNumber(type: Type): boolean {
  return type.kind === 'int' || type.kind === 'float'
}

/** A type as messages call it: `string`, `list of string`, `Event`. */
export function formatType(type: Type): string {
  switch (type.kind) {
    case 'unknown':
      return 'any value'
    case 'list':
      return type.element.kind === 'unknown' ? 'list' : `list of ${formatType(type.element)}`
    case 'map':
      return type.element.kind === 'unknown' ? 'map' : `map of ${formatType(type.element)}`
    case 'struct':
      return type.name
    case 'int':
      return type.name ?? 'int'
    default:
      return type.kind
  }
}

/**
 * Whether `==` between the two can ever be true. Unknown and nil compare with everything; numbers
 * with each other; lists and maps by their elements.
 */
export function areComparable(a: Type, b: Type): boolean {
  if (a.kind === 'unknown' || b.kind === 'unknown') return true
  if (a.kind === 'nil' || b.kind === 'nil') return true
  if (isNumber(a) && isNumber(b)) return true
  if (a.kind === 'list' && b.kind === 'list') return areComparable(a.element, b.element)
  if (a.kind === 'map' && b.kind === 'map') return areComparable(a.element, b.element)
  if (a.kind === 'struct' && b.kind === 'struct') return a.name === b.name
  return a.kind === b.kind
}

/**
 * How an argument meets a parameter: `yes` needs no further look, `check` is decided at run time,
 * `no` is a mistake known at load.
 */
export function acceptance(parameter: Type, argument: Type): 'yes' | 'check' | 'no' {
  if (parameter.kind === 'unknown') return 'yes'
  if (argument.kind === 'unknown') return 'check'
  switch (parameter.kind) {
    case 'float':
      return isNumber(argument) ? 'yes' : 'no'
    case 'list':
      if (argument.kind === 'nil') return 'yes'
      return argument.kind === 'list' ? acceptance(parameter.element, argument.element) : 'no'
    case 'map':
      if (argument.kind === 'nil') return 'yes'
      return argument.kind === 'map' && isSameMap(parameter, argument) ? 'yes' : 'no'
    case 'struct':
      if (argument.kind === 'nil') return parameter.isNullable === true ? 'yes' : 'no'
      return argument.kind === 'struct' && argument.name === parameter.name ? 'yes' : 'no'
    default:
      return argument.kind === parameter.kind ? 'yes' : 'no'
  }
}

/** Maps are written to by helpers, so a map of text is not taken for a map of anything. */
function isSameMap(a: Type & { kind: 'map' }, b: Type & { kind: 'map' }): boolean {
  return a.storage === b.storage && a.element.kind === b.element.kind
}

/** The type of a value that may be either: the same type, a number, or unknown. */
export function joinTypes(a: Type, b: Type): Type {
  if (a === b) return a
  if (a.kind === 'nil') return b
  if (b.kind === 'nil') return a
  if (a.kind === 'unknown' || b.kind === 'unknown') return unknownType
  if (a.kind === 'list' && b.kind === 'list') return listOf(joinTypes(a.element, b.element))
  if (a.kind === 'map' && b.kind === 'map') {
    return isSameMap(a, b) && a.element.kind !== 'struct' ? a : unknownType
  }
  if (a.kind === 'struct' && b.kind === 'struct') return a.name === b.name ? a : unknownType
  if (a.kind === 'int' && b.kind === 'int') return a.name === b.name ? a : intType
  return a.kind === b.kind && a.kind !== 'function' ? a : unknownType
}
