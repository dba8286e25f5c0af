import type { FunctionType, Member, StructType, Type } from '@tocsin/expr'

/** Static types, by the words this package declares functions and members with. */
export const unknown: Type = { kind: 'unknown' }
export const nil: Type = { kind: 'nil' }
export const bool: Type = { kind: 'bool' }
export const int: Type = { kind: 'int' }
export const float: Type = { kind: 'float' }
export const string: Type = { kind: 'string' }
export const time: Type = { kind: 'time' }
export const duration: Type = { kind: 'duration' }
export const strings: Type = { kind: 'list', element: string }

export function listOf(element: Type): Type {
  return { kind: 'list', element }
}

/** A prototype-less object: `Parsed`, `Meta`. */
export function dictOf(element: Type): Type {
  return { kind: 'map', element, storage: 'dict' }
}

/** A JavaScript `Map`. */
export function mapOf(element: Type): Type {
  return { kind: 'map', element, storage: 'map' }
}

/** A struct whose members are listed when first asked for, so that types may name each other. */
export function struct(name: string, list: () => Members, isNullable = false): StructType {
  let members: ReadonlyMap<string, Member> | undefined
  return {
    kind: 'struct',
    name,
    members: () => {
      members ??= new Map(Object.entries(list()))
      return members
    },
    ...(isNullable && { isNullable }),
  }
}

/** By the name rules use: `{ Parsed: field('parsed', dictOf(string)) }`. */
export type Members = Readonly<Record<string, Member>>

/** A member held by a JavaScript property. */
export function field(property: string, type: Type): Member {
  return { kind: 'field', property, type }
}

/** A member that is called and changes nothing; `call` gets the receiver first. */
export function method<Receiver, Arguments extends readonly unknown[]>(
  parameters: readonly Type[],
  result: Type,
  call: (receiver: Receiver, ...args: Arguments) => unknown,
): Member {
  return { ...mutator(parameters, result, call), isPure: true }
}

/** A member that is called and changes its receiver. */
export function mutator<Receiver, Arguments extends readonly unknown[]>(
  parameters: readonly Type[],
  result: Type,
  call: (receiver: Receiver, ...args: Arguments) => unknown,
): Extract<Member, { kind: 'method' }> {
  const type: FunctionType = { kind: 'function', parameters, result }
  return { kind: 'method', type, call: call as never }
}
