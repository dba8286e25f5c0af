import type { Clock } from '@tocsin/model'

/**
 * Static types of expressions. `unknown` is checked at run time (decoded JSON, untyped lists).
 * Int and float are both JavaScript numbers at run time; the static type decides how they print.
 */
export type Type =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'nil' }
  | { readonly kind: 'bool' }
  | IntType
  | { readonly kind: 'float' }
  | { readonly kind: 'string' }
  | { readonly kind: 'bytes' }
  | { readonly kind: 'time' }
  | { readonly kind: 'duration' }
  | { readonly kind: 'list'; readonly element: Type }
  | { readonly kind: 'map'; readonly element: Type; readonly storage: 'dict' | 'map' }
  | StructType
  | FunctionType

/** A whole number; some are named and print as words: `evt.Time.Weekday()` is `Monday`. */
export interface IntType {
  readonly kind: 'int'
  readonly name?: string
  /** What `String()` and `%v` give, by value. */
  readonly words?: readonly string[]
}

/** A nominal type with known members: `evt`, `evt.Line`, an alert, a source. */
export interface StructType {
  readonly kind: 'struct'
  /** As messages call it: `Event`. */
  readonly name: string
  /** By the name rules use (`Parsed`); filled lazily so that types may be recursive. */
  readonly members: () => ReadonlyMap<string, Member>
  /** May be nil at run time (a pointer of the peer). */
  readonly isNullable?: boolean
}

/** How a member is read from the JavaScript value: by property, or by calling a method. */
export type Member =
  | {
      readonly kind: 'field'
      /** JavaScript property that holds it: `isWhitelisted` for `Whitelisted`. */
      readonly property: string
      readonly type: Type
    }
  | {
      readonly kind: 'method'
      readonly type: FunctionType
      /** Called with the receiver first. */
      readonly call: (receiver: never, ...args: never[]) => unknown
      /** Whether the call changes nothing and depends on nothing but receiver and arguments. */
      readonly isPure?: boolean
    }

export interface FunctionType {
  readonly kind: 'function'
  readonly parameters: readonly Type[]
  /** How many of `parameters` must be given; all when absent. */
  readonly required?: number
  /** The type of any further arguments. */
  readonly rest?: Type
  readonly result: Type
}

/** A function expressions may call. `call` throws `EvaluationError` on bad dynamic input. */
export interface FunctionDeclaration {
  readonly name: string
  readonly type: FunctionType
  readonly call: (...args: never[]) => unknown
  /** Same arguments give the same result and nothing else happens: may be folded or computed once. */
  readonly isPure: boolean
  /**
   * Not pure (the result may change from one evaluation to the next: a data file, a stash, a log
   * call), but nothing that the expression itself can read is changed by it. Lets reads around it
   * be computed once. Never set it on what writes to an event. A list that it gives is not changed
   * afterwards; giving the same one again lets searches in it be indexed.
   */
  readonly isReadOnly?: boolean
  /**
   * Of a read-only function whose result follows from its arguments and from data that seldom
   * changes: gives the same value as long as that data is the same. Lets results be remembered.
   */
  readonly revision?: () => unknown
}

/** What an expression may name. Variables become parameters of the compiled function, in order. */
export interface Environment {
  readonly variables: ReadonlyMap<string, Type>
  readonly functions: ReadonlyMap<string, FunctionDeclaration>
  /** What `now()` reads; the clock of this machine when absent. */
  readonly clock?: Clock
}

/** Thrown when an expression cannot be evaluated: nil where text is needed, an invalid pattern… */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError'
  readonly code = 'TOC_EXPR_EVALUATION'
}
