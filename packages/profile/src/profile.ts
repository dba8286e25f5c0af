import type { Expression } from '@tocsin/expr'

export const successActions = ['continue', 'break'] as const
export const failureActions = ['continue', 'break', 'apply'] as const
export const errorActions = ['fail', 'continue', 'break', 'apply', 'ignore'] as const
/** What follows when a profile has matched. */
export type SuccessAction = (typeof successActions)[number]
/** What follows when it has not. */
export type FailureAction = (typeof failureActions)[number]
/** What follows when a filter could not be evaluated; `fail` refuses the alert. */
export type ErrorAction = (typeof errorActions)[number]

/** A rule that gives alerts decisions: if any filter is true for the alert, all decisions are made. */
export interface Profile {
  readonly name: string
  /** Without filters a profile never matches. */
  readonly filters: readonly Expression[]
  readonly decisions: readonly DecisionTemplate[]
  /** Its result as text is the duration of all decisions; theirs when it is no duration. */
  readonly duration: Expression | undefined
  readonly onSuccess: SuccessAction
  readonly onFailure: FailureAction
  readonly onError: ErrorAction
  /** Names of the notifications to run when it matched. */
  readonly notifications: readonly string[]
  readonly isDebug: boolean
}

/** A decision without whom it is about: `{ type: 'ban', duration: '4h', scope: '', … }`. */
export interface DecisionTemplate {
  readonly type: string
  /** Go duration text, without days. */
  readonly duration: string
  /** Empty: that of the alert's source. */
  readonly scope: string
  /** Empty, or what follows `crowdsec/`. */
  readonly origin: string
  readonly isSimulated: boolean
}
