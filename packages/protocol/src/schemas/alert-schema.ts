import Type, { type Static } from 'typebox'
import { DecisionBody, DecisionReply } from './decision-schema.ts'

/** `{ "key": "source_ip", "value": "192.0.2.7" }`. */
export const MetaItemBody = Type.Object({
  key: Type.Optional(Type.String()),
  value: Type.Optional(Type.String()),
})
export type MetaItemBody = Static<typeof MetaItemBody>

/** One event of an alert: when, and what is known of it. */
export const EventBody = Type.Object({
  meta: Type.Array(MetaItemBody),
  timestamp: Type.String(),
})
export type EventBody = Static<typeof EventBody>

/** Whom an alert is about. */
export const SourceBody = Type.Object({
  as_name: Type.Optional(Type.String()),
  as_number: Type.Optional(Type.String()),
  cn: Type.Optional(Type.String({ description: 'country code' })),
  ip: Type.Optional(Type.String()),
  latitude: Type.Optional(Type.Number()),
  longitude: Type.Optional(Type.Number()),
  range: Type.Optional(Type.String()),
  scope: Type.String({ description: 'Ip, Range, AS, Country or any other word' }),
  value: Type.String(),
})
export type SourceBody = Static<typeof SourceBody>

const int32 = () => Type.Integer({ format: 'int32', minimum: -2147483648, maximum: 2147483647 })

/** What both directions of an alert have in common. */
const shared = {
  capacity: int32(),
  events_count: int32(),
  kind: Type.Optional(Type.String()),
  leakspeed: Type.String({ description: 'Go duration, or empty' }),
  message: Type.String(),
  meta: Type.Optional(Type.Array(MetaItemBody)),
  remediation: Type.Optional(Type.Boolean()),
  scenario: Type.String(),
  scenario_hash: Type.String(),
  scenario_version: Type.String(),
  simulated: Type.Boolean(),
  source: SourceBody,
  start_at: Type.String({ description: 'RFC 3339' }),
  stop_at: Type.String({ description: 'RFC 3339' }),
}

/** An alert as machines send it. The server sets id, uuid and machine_id itself. */
export const AlertBody = Type.Object(
  {
    ...shared,
    created_at: Type.Optional(Type.String()),
    decisions: Type.Optional(Type.Array(DecisionBody)),
    events: Type.Array(EventBody),
    id: Type.Optional(Type.Integer()),
    labels: Type.Optional(Type.Array(Type.String())),
    machine_id: Type.Optional(Type.String()),
    uuid: Type.Optional(Type.String()),
  },
  { title: 'Alert' },
)
export type AlertBody = Static<typeof AlertBody>

/** The body of `POST /v1/alerts`. */
export const AlertBodies = Type.Array(AlertBody)

/** An alert as the server answers it; lists without items are null. */
export const AlertReply = Type.Object({
  ...shared,
  created_at: Type.String({ description: 'RFC 3339, whole seconds' }),
  decisions: Type.Union([Type.Array(DecisionReply), Type.Null()]),
  events: Type.Union([Type.Array(EventBody), Type.Null()]),
  id: Type.Integer(),
  labels: Type.Union([Type.Array(Type.String()), Type.Null()]),
  machine_id: Type.String({ description: 'N/A when no machine owns it' }),
  uuid: Type.Optional(Type.String()),
})
export type AlertReply = Static<typeof AlertReply>

export const AlertReplies = Type.Union([Type.Array(AlertReply), Type.Null()])

/** The ids of stored alerts, in the order of the request, without those that were skipped. */
export const AlertIds = Type.Array(Type.String())
