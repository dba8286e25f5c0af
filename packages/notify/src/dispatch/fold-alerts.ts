import type { Alert } from '@tocsin/model'
import type { NotifiedAlert } from '../template/alert-value.ts'

const maxEvents = 10

/** What makes alerts alike in a digest: the scenario and whom it is about. */
export function digestKey({ alert }: NotifiedAlert): string {
  return JSON.stringify([alert.scenario, alert.source.scope, alert.source.value])
}

/** Two alike alerts as one: events counted together, from the first to the last, the last's decisions. */
export function foldAlerts(earlier: NotifiedAlert, later: NotifiedAlert): NotifiedAlert {
  const first = earlier.alert
  const last = later.alert
  const alert: Alert = {
    ...last,
    eventsCount: first.eventsCount + last.eventsCount,
    startAt: last.startAt.isBefore(first.startAt) ? last.startAt : first.startAt,
    stopAt: first.stopAt.isBefore(last.stopAt) ? last.stopAt : first.stopAt,
    // A source that goes on for hours must not make the digest grow.
    events: [...first.events, ...last.events].slice(0, maxEvents),
    decisions: last.decisions.length > 0 ? last.decisions : first.decisions,
  }
  return { ...later, alert }
}
