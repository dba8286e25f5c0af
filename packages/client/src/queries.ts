/** Which alerts; every condition must hold. Names and durations (`4h`, `7d`) are those of the API. */
export interface AlertQuery {
  readonly scope?: string | undefined
  readonly value?: string | undefined
  readonly scenario?: string | undefined
  readonly ip?: string | undefined
  readonly range?: string | undefined
  /** False asks for decisions inside `range`, not around it. */
  readonly contains?: boolean | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
  readonly created_before?: string | undefined
  readonly simulated?: boolean | undefined
  readonly has_active_decision?: boolean | undefined
  readonly decision_type?: string | undefined
  readonly origin?: string | undefined
  readonly include_capi?: boolean | undefined
  readonly kind?: string | undefined
  readonly limit?: number | undefined
  readonly sort?: 'ASC' | 'DESC' | undefined
  readonly with_decisions?: boolean | undefined
}

/** Which live decisions end; every condition must hold. */
export interface DecisionDeletion {
  readonly ip?: string | undefined
  readonly range?: string | undefined
  readonly contains?: boolean | undefined
  /** One scope, as the decision has it. */
  readonly scopes?: string | undefined
  readonly value?: string | undefined
  readonly type?: string | undefined
  readonly origin?: string | undefined
  readonly scenario?: string | undefined
}
