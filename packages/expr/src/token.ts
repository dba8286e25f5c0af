/** What the lexer makes of a piece of text; `start` and `end` are offsets, `end` exclusive. */
export type Token =
  | {
      readonly kind: 'name' | 'operator' | 'pointer' | 'end'
      readonly text: string
      readonly start: number
      readonly end: number
    }
  | {
      readonly kind: 'string' | 'bytes'
      readonly text: string
      readonly value: string
      readonly start: number
      readonly end: number
    }
  | {
      readonly kind: 'int' | 'float'
      readonly text: string
      readonly value: number
      readonly start: number
      readonly end: number
    }

/** Words that are operators; after a dot they are names again. */
export const operatorWords: ReadonlySet<string> = new Set([
  'not',
  'in',
  'or',
  'and',
  'matches',
  'contains',
  'startsWith',
  'endsWith',
  'let',
  'if',
  'else',
])

/** Longest first, so that `?.` is not read as `?` and `.`. */
export const signs: readonly string[] = [
  '?.',
  '??',
  '..',
  '**',
  '||',
  '&&',
  '==',
  '!=',
  '<=',
  '>=',
  '::',
  ...'|<>+-*/%^!?:.,;=()[]{}',
]
