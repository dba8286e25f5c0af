/** A stretch of an expression's text: offsets, `end` exclusive. */
export interface Place {
  readonly start: number
  readonly end: number
}

/** An expression as it was written. */
export type Ast = AstShape & Place

export type AstShape =
  | { readonly kind: 'nil' }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int' | 'float'; readonly value: number }
  /** Of bytes, each unit of the value is one. */
  | { readonly kind: 'string' | 'bytes'; readonly value: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'pointer'; readonly part: 'element' | 'index' | 'accumulator' }
  | {
      readonly kind: 'member'
      readonly object: Ast
      /** A string literal for `.name`, any expression for `[…]`. */
      readonly key: Ast
      readonly isOptional: boolean
    }
  | {
      readonly kind: 'slice'
      readonly object: Ast
      readonly from: Ast | undefined
      readonly to: Ast | undefined
    }
  /** The extent that an optional member (`?.`) leaves when it meets nil. */
  | { readonly kind: 'chain'; readonly body: Ast }
  | {
      readonly kind: 'call'
      readonly name: string
      readonly nameStart: number
      readonly nameEnd: number
      readonly args: readonly Ast[]
      /** `::name(…)`: the builtin, whatever the environment has. */
      readonly isForced: boolean
    }
  | { readonly kind: 'method'; readonly callee: Ast; readonly args: readonly Ast[] }
  | { readonly kind: 'closure'; readonly body: Ast }
  | { readonly kind: 'unary'; readonly operator: '!' | '-' | '+'; readonly operand: Ast }
  /** Two or more operands: a long chain is one flat node. */
  | { readonly kind: 'logical'; readonly operator: '&&' | '||'; readonly operands: readonly Ast[] }
  | {
      readonly kind: 'binary'
      readonly operator: BinaryOperator
      readonly left: Ast
      readonly right: Ast
    }
  | {
      readonly kind: 'conditional'
      readonly condition: Ast
      readonly whenTrue: Ast
      readonly whenFalse: Ast
    }
  /** `a ?: b`: `a` is evaluated once. */
  | { readonly kind: 'elvis'; readonly condition: Ast; readonly whenFalse: Ast }
  | { readonly kind: 'list'; readonly items: readonly Ast[] }
  | {
      readonly kind: 'map'
      readonly entries: readonly { readonly key: Ast; readonly value: Ast }[]
    }
  | {
      readonly kind: 'let'
      readonly name: string
      readonly nameStart: number
      readonly nameEnd: number
      readonly value: Ast
      readonly body: Ast
    }
  | { readonly kind: 'sequence'; readonly items: readonly Ast[] }

export type BinaryOperator =
  | '=='
  | '!='
  | '<'
  | '>'
  | '<='
  | '>='
  | 'in'
  | 'matches'
  | 'contains'
  | 'startsWith'
  | 'endsWith'
  | '..'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '**'
  | '??'
