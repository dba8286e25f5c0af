import type { Ast, Place } from './ast.ts'
import type { Builtin } from './builtin.ts'
import type { Ir, IrShape } from './ir.ts'
import type { Environment, Type } from './type.ts'
import { unknownType } from './types.ts'

/** `let` and the elements of predicates: a name or a place in a loop, bound to a numbered local. */
export interface Binding {
  readonly name: string
  readonly id: number
  readonly type: Type
  readonly isNullable: boolean
}

/** What `#` and its kin are inside one predicate. */
export interface LoopBinding {
  readonly name: string
  readonly element: Binding
  readonly index: Binding
  readonly accumulator: Binding
}

/** What the parts of the checker share. */
export interface CheckContext {
  readonly environment: Environment
  readonly builtins: ReadonlyMap<string, Builtin>
  check(node: Ast): Ir
  /** Checks the body of a predicate with `#` bound as given. */
  checkIn(loop: LoopBinding, body: Ast): Ir
  newLocal(): number
  findLocal(name: string): Binding | undefined
  /** Reports a mistake and gives a stand-in that causes no further ones. */
  refuse(place: Place, code: string, message: string, hint?: string): Ir
  /** Reports what compiles but is hardly meant. */
  lint(place: Place, code: string, message: string, hint?: string): void
}

/** A node of that shape and type. */
export function makeIr(shape: IrShape, type: Type, place: Place, isNullable = false): Ir {
  return { ...shape, type, isNullable, start: place.start, end: place.end }
}

/** What stands where a mistake was found. */
export function poison(place: Place): Ir {
  return makeIr({ op: 'constant', value: undefined }, unknownType, place, true)
}

/** Whether it stands for a mistake that has been reported. */
export function isPoison(node: Ir): boolean {
  return node.op === 'constant' && node.value === undefined && node.type.kind === 'unknown'
}

export function constant(value: unknown, type: Type, place: Place): Ir {
  return makeIr({ op: 'constant', value }, type, place, value === undefined)
}
