import {
  type Alert,
  type AlertEvent,
  type Decision,
  Instant,
  type MetaItem,
  parseDuration,
  type Source,
} from '@tocsin/model'
import { bodyOfAlert } from '@tocsin/protocol'
import { declareStruct, type Struct, type Value } from './value.ts'

/** An alert to tell of, with what the server knows of it. */
export interface NotifiedAlert {
  readonly alert: Alert
  /** Absent before the alert is stored. */
  readonly id?: number
  readonly uuid?: string
  /** Who sent it. */
  readonly machineId?: string
  readonly createdAt?: Instant
}

/** The alerts a template is given: a list of structs. */
export function alertsValue(alerts: readonly NotifiedAlert[]): Value {
  return alerts.map(alertValue)
}

const metaValue = declareStruct<MetaItem>(
  'MetaItems0',
  { Key: (item) => item.key, Value: (item) => item.value },
  {},
  (item) => item,
)

const eventValue = declareStruct<AlertEvent>(
  'Event',
  { Timestamp: (event) => event.timestamp, Meta: (event) => event.meta.map(metaValue) },
  { GetMeta: [1, (event, key) => firstMeta(event.meta, key)] },
  (event) => event,
)

const sourceValue = declareStruct<Source>(
  'Source',
  {
    Scope: (source) => source.scope,
    Value: (source) => source.value,
    IP: (source) => source.ip,
    Range: (source) => source.range,
    AsNumber: (source) => source.asNumber,
    AsName: (source) => source.asName,
    Cn: (source) => source.country,
    Latitude: (source) => source.latitude,
    Longitude: (source) => source.longitude,
  },
  {
    GetScope: [0, (source) => source.scope],
    GetValue: [0, (source) => source.value],
    GetAsNumberName: [0, asNumberName],
  },
  (source) => sourceBody(source),
)

interface NotifiedDecision {
  readonly decision: Decision
  readonly madeAt: Instant
}

const decisionValue = declareStruct<NotifiedDecision>(
  'Decision',
  {
    ID: () => 0,
    UUID: ({ decision }) => decision.uuid,
    Origin: ({ decision }) => decision.origin,
    Type: ({ decision }) => decision.type,
    Scope: ({ decision }) => decision.scope,
    Value: ({ decision }) => decision.value,
    Duration: ({ decision }) => decision.duration,
    Until: untilOf,
    Scenario: ({ decision }) => decision.scenario,
    Simulated: ({ decision }) => decision.isSimulated,
  },
  {},
  ({ decision }) => decisionBody(decision),
)

const alertValue: (notified: NotifiedAlert) => Struct = declareStruct<NotifiedAlert>(
  'Alert',
  {
    ID: ({ id }) => id ?? 0,
    UUID: ({ uuid }) => uuid ?? '',
    MachineID: ({ machineId }) => machineId ?? '',
    CreatedAt: ({ createdAt }) => createdAt?.toString() ?? '',
    StartAt: ({ alert }) => alert.startAt.toString(),
    StopAt: ({ alert }) => alert.stopAt.toString(),
    Scenario: ({ alert }) => alert.scenario,
    ScenarioVersion: ({ alert }) => alert.scenarioVersion,
    ScenarioHash: ({ alert }) => alert.scenarioHash,
    Message: ({ alert }) => alert.message,
    EventsCount: ({ alert }) => alert.eventsCount,
    Capacity: ({ alert }) => alert.capacity,
    Leakspeed: ({ alert }) => alert.leakSpeed,
    Simulated: ({ alert }) => alert.isSimulated,
    Remediation: ({ alert }) => alert.hasRemediation,
    Kind: ({ alert }) => alert.kind,
    Labels: ({ alert }) => alert.labels,
    Source: ({ alert }) => sourceValue(alert.source),
    Events: ({ alert }) => alert.events.map(eventValue),
    Meta: ({ alert }) => alert.meta.map(metaValue),
    Decisions: decisionsOf,
  },
  {
    GetScope: [0, ({ alert }) => alert.source.scope],
    GetValue: [0, ({ alert }) => alert.source.value],
    GetScenario: [0, ({ alert }) => alert.scenario],
    GetEventsCount: [0, ({ alert }) => alert.eventsCount],
    GetMeta: [1, ({ alert }, key) => firstMeta(alert.meta, key)],
    allMeta: [1, ({ alert }, key) => eventMeta(alert, key)],
  },
  alertBody,
)

function decisionsOf({ alert, createdAt }: NotifiedAlert): Value {
  const madeAt = createdAt ?? alert.stopAt
  return alert.decisions.map((decision) => decisionValue({ decision, madeAt }))
}

function untilOf({ decision, madeAt }: NotifiedDecision): string {
  const nanos = parseDuration(decision.duration)
  return nanos === undefined ? '' : new Instant(madeAt.epochMs + Math.floor(nanos / 1e6)).toString()
}

function firstMeta(meta: readonly MetaItem[], key: Value): string {
  return meta.find((item) => item.key === key)?.value ?? ''
}

/** The different values of a key among the events, first seen first. */
function eventMeta(alert: Alert, key: Value): string[] {
  const values = alert.events.flatMap(({ meta }) =>
    meta.filter((item) => item.key === key).map((item) => item.value),
  )
  return [...new Set(values)]
}

function asNumberName({ asNumber, asName }: Source): string {
  return [asNumber, asName].filter((part) => part !== '').join(' ')
}

/** The wire form of an alert; what is empty and optional is left out. */
function alertBody({ alert, id, uuid, machineId, createdAt }: NotifiedAlert): unknown {
  const { kind, remediation, decisions, ...body } = bodyOfAlert(alert)
  return {
    ...body,
    source: sourceBody(alert.source),
    decisions: alert.decisions.map(decisionBody),
    ...(kind ? { kind } : {}),
    ...(remediation ? { remediation } : {}),
    ...(id === undefined ? {} : { id }),
    ...(uuid === undefined ? {} : { uuid }),
    ...(machineId === undefined ? {} : { machine_id: machineId }),
    ...(createdAt === undefined ? {} : { created_at: createdAt.toString() }),
  }
}

function sourceBody(source: Source): Record<string, unknown> {
  const optional: Readonly<Record<string, string | number>> = {
    as_name: source.asName,
    as_number: source.asNumber,
    cn: source.country,
    ip: source.ip,
    latitude: source.latitude,
    longitude: source.longitude,
    range: source.range,
  }
  const given = Object.entries(optional).filter(([, value]) => value !== '' && value !== 0)
  return { ...Object.fromEntries(given), scope: source.scope, value: source.value }
}

function decisionBody(decision: Decision): Record<string, unknown> {
  return {
    duration: decision.duration,
    origin: decision.origin,
    scenario: decision.scenario,
    scope: decision.scope,
    simulated: decision.isSimulated,
    type: decision.type,
    ...(decision.uuid === '' ? {} : { uuid: decision.uuid }),
    value: decision.value,
  }
}
