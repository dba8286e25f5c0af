import type { Event } from '@tocsin/model'

/** An event that a scenario wants, with all a bucket must know about it. */
export class Match {
  /** Number of the scenario in load order. */
  readonly scenario: number
  /** Value of `groupby`; empty without one. */
  readonly key: string
  /** Value of `distinct`; undefined without one, and when it failed, which pours. */
  readonly distinct: string | undefined
  /** Whether `cancel_on` is true. */
  readonly cancels: boolean
  readonly event: Event

  constructor(
    scenario: number,
    key: string,
    distinct: string | undefined,
    cancels: boolean,
    event: Event,
  ) {
    this.scenario = scenario
    this.key = key
    this.distinct = distinct
    this.cancels = cancels
    this.event = event
  }
}
