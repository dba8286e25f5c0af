import type { AnyFunction } from './ir.ts'
import type { FunctionType, Type } from './type.ts'

/** A function of the language itself. */
export interface Builtin {
  readonly name: string
  /** Its `result` stands where `resultOf` is absent. */
  readonly type: FunctionType
  readonly call: AnyFunction
  readonly effect: 'pure' | 'reads'
  /** May give nil although its type says otherwise. */
  readonly isNullable: boolean
  /** The result, where it depends on the arguments. */
  readonly resultOf?: (args: readonly Type[]) => Type
  /** What is wrong with arguments of these types; undefined when nothing is. */
  readonly refuse?: (args: readonly Type[]) => string | undefined
  /** The function to call for arguments of these types, where they make a difference. */
  readonly bind?: (args: readonly Type[]) => AnyFunction
}

type Call = (...args: never[]) => unknown
type More = Partial<Pick<Builtin, 'effect' | 'isNullable' | 'resultOf' | 'refuse'>> & {
  readonly bind?: (args: readonly Type[]) => Call
}

/** `builtin('len', functionOf([unknownType], intType), (value) => …)`; pure unless said otherwise. */
export function builtin(name: string, type: FunctionType, call: Call, more: More = {}): Builtin {
  const { bind, ...rest } = more
  return {
    name,
    type,
    call: call as AnyFunction,
    effect: 'pure',
    isNullable: false,
    ...rest,
    ...(bind ? { bind: (args: readonly Type[]) => bind(args) as AnyFunction } : {}),
  }
}

/** Refuses a first argument that is known to be none of those kinds. */
export function firstIsOneOf(...kinds: readonly Type['kind'][]): NonNullable<Builtin['refuse']> {
  const wanted =
    kinds.length === 1 ? kinds[0] : `${kinds.slice(0, -1).join(', ')} or ${kinds.at(-1)}`
  return ([first]) =>
    first && first.kind !== 'unknown' && !kinds.includes(first.kind) ? `a ${wanted}` : undefined
}

/** The element type of a list, unknown for anything else. */
export function elementOf(type: Type | undefined): Type {
  return type?.kind === 'list' || type?.kind === 'map' ? type.element : { kind: 'unknown' }
}
