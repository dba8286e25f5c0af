import {
  type FunctionType,
  listOf,
  type Member,
  mapOf as mapStoredAs,
  type StructType,
  stringType,
  type Type,
} from '@tocsin/expr'

/** Static types, by the words this package declares functions and members with. */
export {
  boolType as bool,
  durationType as duration,
  floatType as float,
  intType as int,
  listOf,
  nilType as nil,
  stringType as string,
  timeType as time,
  unknownType as unknown,
} from '@tocsin/expr'
export const strings: Type = listOf(stringType)

/** A prototype-less object: `Parsed`, `Meta`. */
export function dictOf(element: Type): Type {
  return mapStoredAs(element)
}

/** A JavaScript `Map`. */
export function mapOf(element: Type): Type {
  return mapStoredAs(element, 'map')
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
