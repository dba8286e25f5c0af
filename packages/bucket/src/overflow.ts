import {
  type Alert,
  type AlertEvent,
  type Event,
  formatDuration,
  type Instant,
  type MetaItem,
  type Overflow,
} from '@tocsin/model'
import { type AlertFacts, formatMessage } from './alert-text.ts'
import type { Scenario } from './scenario.ts'
import { readSources, type SourceWarning } from './sources.ts'

/** What a bucket has come to when it overflows. */
export interface OverflowFacts {
  readonly mapkey: string
  readonly bucketId: string
  readonly count: number
  readonly first: Instant
  readonly last: Instant
  readonly overflowAt: Instant
  readonly events: readonly Event[]
}

/**
 * The overflow of a bucket with an alert for each of its sources; undefined when nobody did it.
 * @param context Evaluated only when there is an alert to carry it.
 * @throws {SourceError} When the sources cannot be told.
 */
export function buildOverflow(
  scenario: Scenario,
  facts: OverflowFacts,
  context: (events: readonly Event[]) => MetaItem[],
  warn: SourceWarning,
): Overflow | undefined {
  const sources = readSources(facts.events, scenario.scope, warn)
  if (sources.size === 0) return undefined
  const alertFacts: AlertFacts = {
    scenario: scenario.name,
    eventsCount: facts.count,
    ...{ first: facts.first, last: facts.last, overflowAt: facts.overflowAt },
  }
  const scope = sources.values().next().value?.scope ?? ''
  const shared = {
    message: formatMessage(alertFacts, scope, [...sources.keys()]),
    events: alertEvents(facts.events),
    meta: context(facts.events),
  }
  const alerts = Array.from(
    sources.values(),
    (source): Alert => ({
      scenario: scenario.name,
      scenarioVersion: scenario.version,
      scenarioHash: scenario.hash,
      message: shared.message,
      capacity: scenario.capacity,
      leakSpeed: formatDuration(scenario.leakSpeedNanos),
      eventsCount: facts.count,
      startAt: facts.first,
      stopAt: facts.overflowAt,
      isSimulated: scenario.isSimulated,
      hasRemediation: scenario.hasRemediation,
      kind: 'crowdsec',
      events: shared.events,
      meta: shared.meta,
      labels: [],
      source,
      decisions: [],
    }),
  )
  return {
    mapkey: facts.mapkey,
    bucketId: facts.bucketId,
    isWhitelisted: false,
    reprocess: scenario.reprocess,
    sources,
    alerts,
    alert: alerts[0],
  }
}

/** The events of one alert mostly have the same keys, which then are put in order once. */
function alertEvents(events: readonly Event[]): AlertEvent[] {
  let keys: readonly string[] = []
  let order: readonly string[] = []
  return events.map((event) => {
    const own = Object.keys(event.meta)
    if (own.length !== keys.length || own.some((key, i) => key !== keys[i])) {
      keys = own
      order = own.toSorted(compareBytewise)
    }
    const meta: MetaItem[] = []
    for (const key of order) {
      const value = event.meta[key]
      if (value !== undefined) meta.push({ key, value })
    }
    return { timestamp: event.marshaledTime || event.time.toString(), meta }
  })
}

/** Order of the UTF-8 bytes, which for texts beyond U+FFFF is not that of UTF-16. */
function compareBytewise(a: string, b: string): number {
  const { length } = a.length < b.length ? a : b
  for (let i = 0; i < length; i++) {
    const difference = (a.codePointAt(i) ?? 0) - (b.codePointAt(i) ?? 0)
    if (difference !== 0) return difference
  }
  return a.length - b.length
}
