import type { Decision } from './decision.ts'
import type { Instant } from './instant.ts'

/** `{ key: 'source_ip', value: '192.0.2.7' }`. */
export interface MetaItem {
  readonly key: string
  readonly value: string
}

/** One event of an alert, reduced to its time (RFC 3339) and its meta, sorted by key. */
export interface AlertEvent {
  readonly timestamp: string
  readonly meta: readonly MetaItem[]
}

/** Who an alert is about: `{ scope: 'Ip', value: '192.0.2.7', ip: '192.0.2.7', … }`; empty text is unknown. */
export interface Source {
  scope: string
  value: string
  ip: string
  range: string
  asNumber: string
  asName: string
  country: string
  latitude: number
  longitude: number
}

/** What the engine reports: a scenario was performed by a source. */
export interface Alert {
  scenario: string
  scenarioVersion: string
  scenarioHash: string
  /** Sentence for people: `Ip 192.0.2.7 performed 'ssh-bf' (6 events over 4s) at …`. */
  message: string
  capacity: number
  /** Go duration text: `10s`. */
  leakSpeed: string
  eventsCount: number
  startAt: Instant
  stopAt: Instant
  isSimulated: boolean
  hasRemediation: boolean
  kind: string
  events: AlertEvent[]
  /** The alert context. */
  meta: MetaItem[]
  labels: string[]
  source: Source
  decisions: Decision[]
}
