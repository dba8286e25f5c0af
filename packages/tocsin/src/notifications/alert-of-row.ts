import { formatDuration, Instant } from '@tocsin/model'
import type { NotifiedAlert } from '@tocsin/notify'
import type { AlertRow } from '@tocsin/store'

/** A stored alert as it would be notified now; decisions last as long as they still do. */
export function alertOfRow(row: AlertRow, nowMs: number): NotifiedAlert {
  return {
    id: row.id,
    uuid: row.uuid,
    machineId: row.machineId,
    createdAt: new Instant(row.createdMs),
    alert: {
      scenario: row.scenario,
      scenarioVersion: row.scenarioVersion,
      scenarioHash: row.scenarioHash,
      message: row.message,
      capacity: row.capacity,
      leakSpeed: row.leakSpeed,
      eventsCount: row.eventsCount,
      startAt: new Instant(row.startMs),
      stopAt: new Instant(row.stopMs),
      isSimulated: row.isSimulated,
      hasRemediation: row.hasRemediation,
      kind: row.kind,
      events: [...row.events],
      meta: [...row.meta],
      labels: [...row.labels],
      source: { ...row.source },
      decisions: row.decisions.map(({ untilMs, uuid, origin, type, scope, value, ...rest }) => ({
        uuid,
        origin,
        type,
        scope,
        value,
        duration: formatDuration(Math.round((untilMs - nowMs) / 1000) * 1e9),
        scenario: rest.scenario,
        isSimulated: rest.isSimulated,
      })),
    },
  }
}
