import { type Alert, type Decision, Instant, type MetaItem, readInstant } from '@tocsin/model'
import type { AlertBody, MetaItemBody, SourceBody } from './schemas/alert-schema.ts'
import type { DecisionBody } from './schemas/decision-schema.ts'
import { normalScope } from './scope.ts'

/** An alert as it came, and which of its times could not be read. */
export interface ReadAlert {
  readonly alert: Alert
  /** `['start_at']`; the current time stands in for these. */
  readonly unreadTimes: readonly string[]
}

/** Turns the body of an alert into an alert; scopes are written as `Ip`, `Range`, `AS`, `Country`. */
export function alertFromBody(body: AlertBody, nowMs: number): ReadAlert {
  const unreadTimes: string[] = []
  const time = (key: 'start_at' | 'stop_at'): Instant => {
    const instant = readInstant(body[key])
    if (!instant) unreadTimes.push(key)
    return instant ?? new Instant(nowMs)
  }
  const isSimulated = body.simulated
  const alert: Alert = {
    scenario: body.scenario,
    scenarioVersion: body.scenario_version,
    scenarioHash: body.scenario_hash,
    message: body.message,
    capacity: body.capacity,
    leakSpeed: body.leakspeed,
    eventsCount: body.events_count,
    startAt: time('start_at'),
    stopAt: time('stop_at'),
    isSimulated,
    hasRemediation: body.remediation ?? false,
    kind: body.kind ?? '',
    events: body.events.map(({ timestamp, meta }) => ({ timestamp, meta: meta.map(metaFromBody) })),
    meta: (body.meta ?? []).map(metaFromBody),
    labels: body.labels ?? [],
    source: {
      scope: normalScope(body.source.scope),
      value: body.source.value,
      ip: body.source.ip ?? '',
      range: body.source.range ?? '',
      asNumber: body.source.as_number ?? '',
      asName: body.source.as_name ?? '',
      country: body.source.cn ?? '',
      latitude: body.source.latitude ?? 0,
      longitude: body.source.longitude ?? 0,
    },
    decisions: (body.decisions ?? []).map((decision) => decisionFromBody(decision, isSimulated)),
  }
  return { alert, unreadTimes }
}

function metaFromBody(item: MetaItemBody): MetaItem {
  return { key: item.key ?? '', value: item.value ?? '' }
}

function decisionFromBody(body: DecisionBody, isSimulated: boolean): Decision {
  return {
    uuid: body.uuid ?? '',
    origin: body.origin,
    type: body.type,
    scope: normalScope(body.scope),
    value: body.value,
    duration: body.duration,
    scenario: body.scenario,
    isSimulated: isSimulated || (body.simulated ?? false),
  }
}

/** The body that says an alert to a server. */
export function bodyOfAlert(alert: Alert): AlertBody {
  return {
    capacity: alert.capacity,
    decisions: alert.decisions.map(bodyOfDecision),
    events: alert.events.map(({ timestamp, meta }) => ({ timestamp, meta: [...meta] })),
    events_count: alert.eventsCount,
    kind: alert.kind,
    labels: [...alert.labels],
    leakspeed: alert.leakSpeed,
    message: alert.message,
    meta: [...alert.meta],
    remediation: alert.hasRemediation,
    scenario: alert.scenario,
    scenario_hash: alert.scenarioHash,
    scenario_version: alert.scenarioVersion,
    simulated: alert.isSimulated,
    source: bodyOfSource(alert),
    start_at: alert.startAt.toString(),
    stop_at: alert.stopAt.toString(),
  }
}

function bodyOfSource({ source }: Alert): SourceBody {
  return {
    as_name: source.asName,
    as_number: source.asNumber,
    cn: source.country,
    ip: source.ip,
    latitude: source.latitude,
    longitude: source.longitude,
    range: source.range,
    scope: source.scope,
    value: source.value,
  }
}

function bodyOfDecision(decision: Decision): DecisionBody {
  return {
    duration: decision.duration,
    origin: decision.origin,
    scenario: decision.scenario,
    scope: decision.scope,
    simulated: decision.isSimulated,
    type: decision.type,
    uuid: decision.uuid,
    value: decision.value,
  }
}
