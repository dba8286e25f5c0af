import Type, { type Static } from 'typebox'

const name = () => Type.String({ maxLength: 255 })

export const MetricsItem = Type.Object({
  labels: Type.Optional(Type.Record(Type.String(), name())),
  name: name(),
  unit: name(),
  value: Type.Number(),
})
export type MetricsItem = Static<typeof MetricsItem>

/** What was counted in one window of time. */
export const MetricsWindow = Type.Object({
  items: Type.Array(MetricsItem),
  meta: Type.Object({
    utc_now_timestamp: Type.Integer(),
    window_size_seconds: Type.Integer(),
  }),
})
export type MetricsWindow = Static<typeof MetricsWindow>

const base = {
  feature_flags: Type.Optional(Type.Array(Type.String())),
  metrics: Type.Optional(Type.Array(MetricsWindow)),
  os: Type.Optional(Type.Object({ family: Type.Optional(name()), name: name(), version: name() })),
  utc_startup_timestamp: Type.Integer(),
  version: name(),
}

export const RemediationComponent = Type.Object({
  ...base,
  last_pull: Type.Optional(Type.Integer()),
  name: Type.Optional(Type.String()),
  type: Type.Optional(Type.String()),
})
export type RemediationComponent = Static<typeof RemediationComponent>

export const HubItemState = Type.Object({
  name: Type.Optional(Type.String()),
  status: Type.Optional(Type.String({ description: 'official, custom or tainted' })),
  version: Type.Optional(Type.String()),
})
export type HubItemState = Static<typeof HubItemState>

export const LogProcessor = Type.Object({
  ...base,
  datasources: Type.Record(Type.String(), Type.Integer()),
  hub_items: Type.Record(Type.String(), Type.Array(HubItemState)),
  last_push: Type.Optional(Type.Integer()),
  last_update: Type.Optional(Type.Integer()),
  name: Type.Optional(Type.String()),
})
export type LogProcessor = Static<typeof LogProcessor>

/** The body of `POST /v1/usage-metrics`: one component about itself. */
export const UsageMetricsBody = Type.Object(
  {
    log_processors: Type.Optional(Type.Array(LogProcessor)),
    remediation_components: Type.Optional(Type.Array(RemediationComponent)),
  },
  { title: 'AllMetrics' },
)
export type UsageMetricsBody = Static<typeof UsageMetricsBody>
