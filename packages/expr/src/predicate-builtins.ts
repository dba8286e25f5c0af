/** Where a builtin takes a closure: argument counts, and whether the closure may be left out. */
export interface PredicateShape {
  readonly isClosureOptional: boolean
  /** Arguments after the closure. */
  readonly more: 0 | 1
}

/** Builtins whose second argument is evaluated once per element. */
export const predicateBuiltins: ReadonlyMap<string, PredicateShape> = new Map([
  ...['all', 'any', 'none', 'one', 'filter', 'map', 'groupBy'].map(shape(false, 0)),
  ...['find', 'findLast', 'findIndex', 'findLastIndex'].map(shape(false, 0)),
  ...['count', 'sum'].map(shape(true, 0)),
  ...['sortBy', 'reduce'].map(shape(false, 1)),
])

function shape(isClosureOptional: boolean, more: 0 | 1) {
  return (name: string): [string, PredicateShape] => [name, { isClosureOptional, more }]
}
