import type { AddressRange } from '@tocsin/address'
import type { AlertEvent, MetaItem, Source } from '@tocsin/model'
import type { DecisionRow, NewDecision } from './decision-store.ts'

/** An alert to be kept. Its decisions become live with it. */
export interface NewAlert {
  readonly uuid: string
  /** The machine that sent it; empty or unknown for none. */
  readonly machineId: string
  readonly scenario: string
  readonly scenarioHash: string
  readonly scenarioVersion: string
  readonly message: string
  readonly eventsCount: number
  readonly capacity: number
  readonly leakSpeed: string
  readonly startMs: number
  readonly stopMs: number
  readonly isSimulated: boolean
  readonly hasRemediation: boolean
  readonly kind: string
  readonly source: Readonly<Source>
  readonly events: readonly AlertEvent[]
  readonly meta: readonly MetaItem[]
  readonly labels?: readonly string[]
  readonly decisions: readonly NewDecision[]
}

export interface AlertRow extends Omit<NewAlert, 'decisions' | 'labels'> {
  readonly id: number
  readonly createdMs: number
  readonly labels: readonly string[]
  /** In ascending id; empty when the query asked for none. */
  readonly decisions: readonly DecisionRow[]
}

/** Every condition must hold; an absent one always does. */
export interface AlertFilter {
  readonly id?: number
  readonly uuid?: string
  /** Scope and value of the source. */
  readonly scope?: string
  readonly value?: string
  /** Of the alert or of one of its decisions. */
  readonly scenario?: string
  /** Some decision covers this range, or lies within it. */
  readonly range?: AddressRange
  readonly rangeMatch?: 'covering' | 'within'
  readonly startedFromMs?: number
  readonly startedUntilMs?: number
  readonly createdUntilMs?: number
  readonly createdFromMs?: number
  readonly isSimulated?: boolean
  /** true: some decision is live; false: the alert has no decision at all. */
  readonly hasActiveDecision?: boolean
  readonly decisionType?: string
  readonly origin?: string
  /** false leaves out alerts of the community list and of block lists. */
  readonly includeCapi?: boolean
  readonly kind?: string
  readonly machineId?: string
}

export interface AlertPage {
  /** No limit when absent or 0. */
  readonly limit?: number
  readonly offset?: number
  /** By creation, then id; newest first when absent. */
  readonly order?: 'oldest' | 'newest'
  readonly withDecisions?: boolean
}

export interface AlertStore {
  /**
   * Keeps alerts and makes their decisions live. Concurrent calls share a transaction; the promise
   * resolves when it is durable. The ids are in the order of the input, without the alerts dropped
   * because none of their decisions had a value that its scope allows.
   */
  insert(alerts: readonly NewAlert[]): Promise<string[]>
  query(filter: AlertFilter, page?: AlertPage): Promise<AlertRow[]>
  count(filter: AlertFilter): Promise<number>
  get(id: number): Promise<AlertRow | undefined>
  /** Deletes alerts; their live decisions end first, so that bouncers hear of it. How many. */
  delete(filter: AlertFilter): Promise<number>
  /** Gives an alert the decisions it does not have yet (same type, scope and value). False when there is no such alert. */
  addDecisions(id: number, decisions: readonly NewDecision[]): Promise<boolean>
  /** How many alerts each scenario has, without those of block lists; for a gauge. */
  countByScenario(): Promise<ReadonlyMap<string, number>>
}
