import { compileLayout, formatDuration, type Instant } from '@tocsin/model'

/** A time as Go prints it by default: `2022-02-16 12:24:19.5 +0200 +0200`, `… +0000 UTC`. */
const goLayout = compileLayout('2006-01-02 15:04:05.999999999 -0700 MST')

/** What a bucket did, in numbers. */
export interface AlertFacts {
  readonly scenario: string
  readonly eventsCount: number
  readonly first: Instant
  readonly last: Instant
  readonly overflowAt: Instant
}

/** `Ip 192.0.2.7 performed 'acme/login-bf' (6 events over 4s) at 2026-02-12 14:10:25 +0000 UTC`. */
export function formatMessage(facts: AlertFacts, scope: string, values: readonly string[]): string {
  const [only = 'UNKNOWN'] = values
  const who = values.length > 1 ? `${values.length} sources` : only
  const over = formatDuration(facts.overflowAt.nanosSince(facts.first))
  const what = `performed '${facts.scenario}' (${facts.eventsCount} events over ${over})`
  return `${scope} ${who} ${what} at ${goLayout.format(facts.last)}`
}
