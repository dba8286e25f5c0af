import type { AddressRange } from '@tocsin/address'
import type { NewAlert } from './alert-store.ts'

/** A decision to be made live: `{ origin: 'crowdsec', type: 'ban', scope: 'Ip', value: '192.0.2.7', … }`. */
export interface NewDecision {
  /** Empty for none. */
  readonly uuid: string
  readonly origin: string
  readonly type: string
  /** Already normalised: `Ip`, `Range`, `AS`, `Country`, or as sent. */
  readonly scope: string
  readonly value: string
  readonly scenario: string
  readonly isSimulated: boolean
  readonly untilMs: number
}

export interface DecisionRow extends NewDecision {
  readonly id: number
}

/** Every condition must hold; an absent one always does, an empty list never. */
export interface DecisionFilter {
  readonly range?: AddressRange
  /** How the decision's range lies to `range`; `covering` when absent. */
  readonly rangeMatch?: 'covering' | 'within' | 'overlapping'
  /** Any of these. */
  readonly scopes?: readonly string[]
  readonly origins?: readonly string[]
  readonly types?: readonly string[]
  readonly scenarios?: readonly string[]
  readonly uuids?: readonly string[]
  readonly value?: string
  /** Any of these is part of the scenario, in any case. */
  readonly scenariosContaining?: readonly string[]
  /** None of these is. */
  readonly scenariosNotContaining?: readonly string[]
  /** Simulated decisions count too; false when absent. */
  readonly includeSimulated?: boolean
}

export interface DecisionPage {
  readonly limit?: number
  readonly offset?: number
  /** Only ids above this one. */
  readonly afterId?: number
}

/** What ended: how many, and the uuids of those that had one. */
export interface Expired {
  readonly count: number
  readonly uuids: readonly string[]
}

/** Live decisions by what they say, for a gauge. */
export interface DecisionCount {
  readonly origin: string
  readonly scenario: string
  readonly type: string
  readonly scope: string
  readonly isSimulated: boolean
  readonly count: number
}

/**
 * Decisions. At most one is live for an (origin, scope, value, type), simulated ones and each block
 * list counted apart: a later one takes its place, with the later end of the two, and is news to bouncers.
 */
export interface DecisionStore {
  /** How many are live. */
  readonly size: number
  readonly stream: DecisionStream
  /** Live decisions in ascending id, from memory. */
  query(filter: DecisionFilter, page?: DecisionPage): DecisionRow[]
  /** Whether any live decision passes. */
  has(filter: DecisionFilter): boolean
  countByKind(): DecisionCount[]
  /** Ends every live decision that passes; simulated ones are included whatever the filter says. */
  expire(filter: DecisionFilter): Promise<Expired>
  /** Ends one decision, live or not, so that it is announced as deleted; undefined when unknown. */
  expireById(id: number): Promise<Expired | undefined>
  /**
   * Takes over a list under one alert: decisions already live are extended in place, so that a list
   * pulled again adds no rows. Undefined for an alert id when no decision had a usable value.
   */
  import(alert: NewAlert): Promise<ImportReport>
}

export interface ImportReport {
  readonly alertId: number | undefined
  readonly added: number
  readonly extended: number
  /** Their value is no address or range though their scope says so. */
  readonly dropped: number
}

/** Up to where a bouncer knows: a change number and the time of its pull. */
export interface StreamPosition {
  readonly seq: number
  readonly pullMs: number
}

export interface StreamRequest {
  readonly filter: DecisionFilter
  /** Of several decisions with the same scope, value and type only those that end last. Filter first. */
  readonly isDeduplicated: boolean
  /** Changes since then; everything when absent. */
  readonly since?: StreamPosition
}

export interface StreamReply {
  /** What the bouncer knows once it has read all chunks: keep it as its position. */
  readonly position: StreamPosition
  /**
   * The whole JSON body, `{"new": […], "deleted": […]}`, in buffers shared between bouncers (never
   * write into them). Each is made when asked for: respect back-pressure.
   */
  readonly chunks: Iterable<Buffer>
}

export interface DecisionStream {
  /** The number of the last change. */
  readonly seq: number
  open(request: StreamRequest): StreamReply
  /** Calls when there is news; for push channels. */
  onChange(listener: () => void): Disposable
}
