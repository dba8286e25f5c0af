/** What an action is made of; `text` stands between actions. */
export type TokenKind =
  | 'text'
  | 'open'
  | 'close'
  | 'word'
  | 'field'
  | 'dot'
  | 'variable'
  | 'string'
  | 'number'
  | 'pipe'
  | 'left'
  | 'right'
  | 'comma'
  | 'declare'
  | 'assign'
  | 'end'

/** `.Name` is a `field` of value `Name`; `isAfterSpace` tells `.A .B` from `.A.B`. */
export interface Token {
  readonly kind: TokenKind
  /** Text, names without their mark, strings unquoted, numbers as written. */
  readonly value: string
  readonly start: number
  readonly end: number
  readonly isAfterSpace: boolean
}
