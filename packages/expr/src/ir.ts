import type { LiteralSet, Pattern } from '@tocsin/regex'
import type { BinaryOperator } from './ast.ts'
import type { Type } from './type.ts'

/**
 * A checked expression: names are resolved, types known, and where a type must be looked at while
 * running there is an `ensure`. Types that follow are therefore facts, except that a node with
 * `isNullable` may also give nil.
 */
export type Ir = IrShape & {
  readonly type: Type
  readonly isNullable: boolean
  readonly start: number
  readonly end: number
}

/**
 * What a call may do: nothing but compute (`pure`), depend on or change things no expression reads
 * (`reads`), or change what the expression reads (`writes`).
 */
export type Effect = 'pure' | 'reads' | 'writes'

export type AnyFunction = (...args: readonly unknown[]) => unknown

/** A function that is given one element: the body of a predicate. Locals are numbers. */
export interface IrClosure {
  readonly element: number
  readonly index: number
  readonly accumulator: number
  readonly body: Ir
}

export type LoopName =
  | 'all'
  | 'any'
  | 'none'
  | 'one'
  | 'filter'
  | 'map'
  | 'find'
  | 'findLast'
  | 'findIndex'
  | 'findLastIndex'
  | 'count'
  | 'sum'
  | 'groupBy'
  | 'sortBy'
  | 'reduce'

/** What must hold at run time where the static type cannot tell. */
export type Check =
  | 'bool'
  | 'string'
  | 'int'
  | 'number'
  | 'list'
  | 'listOrNil'
  | 'textList'
  | 'map'
  | 'dict'
  | 'time'
  | 'duration'
  | 'object'

export type IrShape =
  | { readonly op: 'constant'; readonly value: unknown }
  | { readonly op: 'variable'; readonly name: string; readonly index: number }
  | { readonly op: 'local'; readonly id: number }
  /** Every variable by name: `$env`. */
  | { readonly op: 'environment'; readonly names: readonly string[] }
  | {
      readonly op: 'field'
      readonly object: Ir
      readonly name: string
      readonly property: string
    }
  /** A map of known type read by key; a missing text is empty. */
  | {
      readonly op: 'entry'
      readonly object: Ir
      readonly key: Ir
      readonly storage: 'dict' | 'map'
    }
  /** A list of known type read by index. */
  | { readonly op: 'item'; readonly object: Ir; readonly index: Ir }
  /** Member or index of something whose type is only known while running. */
  | { readonly op: 'lookup'; readonly object: Ir; readonly key: Ir }
  | {
      readonly op: 'slice'
      readonly object: Ir
      readonly from: Ir | undefined
      readonly to: Ir | undefined
    }
  | {
      readonly op: 'call'
      readonly name: string
      readonly callee: AnyFunction
      readonly args: readonly Ir[]
      readonly effect: Effect
      /** As the declaration has it. */
      readonly revision?: () => unknown
    }
  /** Calls a function that a variable or a field holds. */
  | { readonly op: 'invoke'; readonly callee: Ir; readonly args: readonly Ir[] }
  /** Calls a method of something whose type is only known while running. */
  | {
      readonly op: 'send'
      readonly object: Ir
      readonly name: string
      readonly args: readonly Ir[]
    }
  | { readonly op: 'ensure'; readonly operand: Ir; readonly check: Check; readonly what: string }
  | { readonly op: 'not' | 'negate' | 'plus'; readonly operand: Ir }
  | { readonly op: 'logical'; readonly operator: '&&' | '||'; readonly operands: readonly Ir[] }
  | {
      readonly op: 'binary'
      readonly operator: Exclude<BinaryOperator, '??'>
      readonly left: Ir
      readonly right: Ir
    }
  | { readonly op: 'coalesce'; readonly left: Ir; readonly right: Ir }
  | {
      readonly op: 'conditional'
      readonly condition: Ir
      readonly whenTrue: Ir
      readonly whenFalse: Ir
    }
  /** Binds a value to a local for the body. */
  | { readonly op: 'let'; readonly id: number; readonly value: Ir; readonly body: Ir }
  /** As `let`, but nil when the value is: the rest of a `?.` chain. */
  | { readonly op: 'optional'; readonly id: number; readonly value: Ir; readonly body: Ir }
  | { readonly op: 'sequence'; readonly items: readonly Ir[] }
  | { readonly op: 'list'; readonly items: readonly Ir[] }
  | { readonly op: 'map'; readonly entries: readonly { readonly key: Ir; readonly value: Ir }[] }
  | {
      readonly op: 'loop'
      readonly name: LoopName
      readonly list: Ir
      readonly closure: IrClosure | undefined
      /** The order of `sortBy`, the start of `reduce`. */
      readonly extra: Ir | undefined
      /** Of `filter`, when no more than so many of the last matches are looked at. */
      readonly last?: number
    }
  /** Membership of a set of constants; `text` is strict about what it is asked for. */
  | {
      readonly op: 'inSet'
      readonly operand: Ir
      readonly of: 'text' | 'number'
      readonly values: readonly (string | number)[]
    }
  /** Whether any of many constant texts stands in a text. */
  | {
      readonly op: 'containsAny'
      readonly operand: Ir
      readonly literals: LiteralSet
      readonly texts: readonly string[]
    }
  /** Whether any text of a list equals a text, or stands in it; `change` is done to each first. */
  | {
      readonly op: 'search'
      readonly list: Ir
      readonly text: Ir
      readonly by: 'equals' | 'contains'
      readonly change: ((element: string) => unknown) | undefined
    }
  /** `matches` with a pattern compiled at load. */
  | { readonly op: 'pattern'; readonly operand: Ir; readonly pattern: Pattern }

/** Whether it is a constant text. */
export function isTextConstant(
  node: Ir,
): node is Ir & { readonly op: 'constant'; readonly value: string } {
  return node.op === 'constant' && typeof node.value === 'string' && node.type.kind === 'string'
}

/** Whether it surely gives a value of that kind and never nil. */
export function isExactly(node: Ir, kind: Type['kind']): boolean {
  return node.type.kind === kind && !node.isNullable
}
