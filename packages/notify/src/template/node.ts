/** Where a piece of a template stands in its text: offsets, `end` exclusive. */
export interface Place {
  readonly start: number
  readonly end: number
}

/** What gives a value. Variables are slots of the frame of their template. */
export type Expression = Place &
  (
    | { readonly kind: 'literal'; readonly value: string | number | boolean }
    | { readonly kind: 'nil' }
    | { readonly kind: 'dot' }
    | { readonly kind: 'variable'; readonly slot: number }
    | { readonly kind: 'function'; readonly name: string }
    /** `.Source.IP`, `$x.Name`, `(index . 0).Value`. */
    | { readonly kind: 'path'; readonly of: Expression; readonly names: readonly string[] }
    | Pipeline
  )

/** `a b | c d`: what `a` gives for `b` is the last argument of `c`. */
export interface Pipeline extends Place {
  readonly kind: 'pipeline'
  readonly commands: readonly Command[]
}

export interface Command extends Place {
  readonly callee: Expression
  readonly arguments: readonly Expression[]
}

/** The variables a pipeline sets: one, or index and element of a `range`. */
export interface Assignment {
  readonly slots: readonly number[]
  readonly pipeline: Pipeline
}

export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'output'; readonly pipeline: Pipeline }
  | { readonly kind: 'assign'; readonly assignment: Assignment }
  | {
      readonly kind: 'if'
      readonly test: Assignment
      readonly body: Body
      readonly otherwise: Body
    }
  | {
      readonly kind: 'with'
      readonly value: Assignment
      readonly body: Body
      readonly otherwise: Body
    }
  | {
      readonly kind: 'range'
      readonly over: Assignment
      readonly body: Body
      readonly otherwise: Body
    }
  | {
      readonly kind: 'template'
      readonly name: string
      readonly place: Place
      readonly dot: Pipeline | undefined
    }
  | { readonly kind: 'break' }
  | { readonly kind: 'continue' }

export type Body = readonly TemplateNode[]

/** A template and those it defines; each has a frame of its own, whose slot 0 is `$`. */
export interface TemplateTree {
  readonly main: DefinedTemplate
  readonly defined: ReadonlyMap<string, DefinedTemplate>
}

export interface DefinedTemplate {
  readonly body: Body
  readonly slotCount: number
}
