import type { AlertEvent } from '@tocsin/model'
import {
  type AlertReply,
  type DecisionReply,
  type EventBody,
  formatEventTime,
  formatRemaining,
  formatSeconds,
  readWireTime,
  type SourceBody,
} from '@tocsin/protocol'
import type { AlertRow, DecisionRow } from '@tocsin/store'

/** An alert as it is answered. */
export function alertReply(row: AlertRow, nowMs: number, withDecisions = true): AlertReply {
  const decisions = withDecisions ? row.decisions : []
  return {
    capacity: row.capacity,
    created_at: formatSeconds(row.createdMs),
    decisions: orNull(decisions.map((decision) => decisionOfAlert(decision, nowMs))),
    events: orNull(row.events.map(eventReply)),
    events_count: row.eventsCount,
    id: row.id,
    ...(row.kind !== '' && { kind: row.kind }),
    labels: orNull([...row.labels]),
    leakspeed: row.leakSpeed,
    machine_id: row.machineId === '' ? 'N/A' : row.machineId,
    message: row.message,
    ...(row.meta.length > 0 && { meta: [...row.meta] }),
    ...(row.hasRemediation && { remediation: true }),
    scenario: row.scenario,
    scenario_hash: row.scenarioHash,
    scenario_version: row.scenarioVersion,
    simulated: row.isSimulated,
    source: sourceReply(row),
    start_at: formatSeconds(row.startMs),
    stop_at: formatSeconds(row.stopMs),
    ...(row.uuid !== '' && { uuid: row.uuid }),
  }
}

function orNull<T>(items: T[]): T[] | null {
  return items.length === 0 ? null : items
}

function decisionOfAlert(row: DecisionRow, nowMs: number): DecisionReply {
  return {
    duration: formatRemaining(row.untilMs - nowMs),
    id: row.id,
    origin: row.origin,
    scenario: row.scenario,
    scope: row.scope,
    simulated: row.isSimulated,
    type: row.type,
    value: row.value,
  }
}

function eventReply({ timestamp, meta }: AlertEvent): EventBody {
  const ms = readWireTime(timestamp)
  return { meta: [...meta], timestamp: ms === undefined ? timestamp : formatEventTime(ms) }
}

function sourceReply({ source }: AlertRow): SourceBody {
  return {
    ...(source.asName !== '' && { as_name: source.asName }),
    ...(source.asNumber !== '' && { as_number: source.asNumber }),
    ...(source.country !== '' && { cn: source.country }),
    ...(source.ip !== '' && { ip: source.ip }),
    ...(source.latitude !== 0 && { latitude: source.latitude }),
    ...(source.longitude !== 0 && { longitude: source.longitude }),
    ...(source.range !== '' && { range: source.range }),
    scope: source.scope,
    value: source.value,
  }
}
