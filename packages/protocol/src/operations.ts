import type { TSchema } from 'typebox'
import { AlertBodies, AlertIds, AlertReplies, AlertReply } from './schemas/alert-schema.ts'
import {
  AllowlistCheckReply,
  AllowlistReplies,
  AllowlistReply,
  BulkCheckBody,
  BulkCheckReply,
} from './schemas/allowlist-schema.ts'
import { DecisionReplies, DeletedReply, StreamReply } from './schemas/decision-schema.ts'
import { HealthReply } from './schemas/reply-schema.ts'
import { UsageMetricsBody } from './schemas/usage-metrics-schema.ts'
import { LoginBody, LoginReply, RegistrationBody } from './schemas/watcher-schema.ts'

/** Who may call: a machine with its token, a bouncer with its key or certificate, either, or anyone. */
export type Caller = 'anyone' | 'machine' | 'bouncer' | 'machine or bouncer'

export type Method = 'GET' | 'HEAD' | 'POST' | 'DELETE'

/** One call of the Local API. */
export interface Operation {
  readonly method: Method
  /** `/v1/alerts/:alert_id`. */
  readonly path: string
  readonly caller: Caller
  readonly summary: string
  readonly query?: readonly string[]
  readonly body?: TSchema
  /** The status of success, and what its body is. */
  readonly status: number
  readonly reply?: TSchema
}

const alertFilter = [
  'scope',
  'value',
  'scenario',
  'ip',
  'range',
  'contains',
  'since',
  'until',
  'created_before',
  'simulated',
  'has_active_decision',
  'decision_type',
  'origin',
  'include_capi',
  'kind',
  'limit',
  'sort',
  'with_decisions',
] as const

const decisionFilter = [
  'scope',
  'scopes',
  'value',
  'type',
  'ip',
  'range',
  'contains',
  'origins',
  'scenarios_containing',
  'scenarios_not_containing',
  'simulated',
  'limit',
  'offset',
  'id_gt',
] as const

const streamFilter = [...decisionFilter, 'startup', 'dedup'] as const

const decisionDeletion = [
  'ip',
  'range',
  'contains',
  'scopes',
  'value',
  'type',
  'origin',
  'scenario',
  'uuid',
] as const

/** Every call, in the order of the documentation. */
export const operations = {
  health: operation('GET', '/health', 'anyone', 'whether the server answers', 200, {
    reply: HealthReply,
  }),
  ready: operation('GET', '/ready', 'anyone', 'whether the database answers, too', 200, {
    reply: HealthReply,
  }),
  register: operation('POST', '/v1/watchers', 'anyone', 'a machine introduces itself', 201, {
    body: RegistrationBody,
  }),
  login: operation('POST', '/v1/watchers/login', 'anyone', 'a token for an hour', 200, {
    body: LoginBody,
    reply: LoginReply,
  }),
  refreshToken: operation('GET', '/v1/refresh_token', 'anyone', 'a new token for an old one', 200, {
    reply: LoginReply,
  }),
  unregister: operation('DELETE', '/v1/watchers/self', 'machine', 'the machine leaves', 204),
  heartbeat: operation('GET', '/v1/heartbeat', 'machine', 'the machine is alive', 200),
  addAlerts: operation('POST', '/v1/alerts', 'machine', 'stores alerts, decides about them', 201, {
    body: AlertBodies,
    reply: AlertIds,
  }),
  alerts: operation('GET', '/v1/alerts', 'machine', 'alerts, newest first', 200, {
    query: alertFilter,
    reply: AlertReplies,
  }),
  probeAlerts: operation('HEAD', '/v1/alerts', 'machine', 'whether alerts can be read', 200, {
    query: alertFilter,
  }),
  deleteAlerts: operation(
    'DELETE',
    '/v1/alerts',
    'machine',
    'deletes alerts, ends their decisions',
    200,
    {
      query: alertFilter,
      reply: DeletedReply,
    },
  ),
  alert: operation('GET', '/v1/alerts/:alert_id', 'machine', 'one alert', 200, {
    reply: AlertReply,
  }),
  probeAlert: operation(
    'HEAD',
    '/v1/alerts/:alert_id',
    'machine',
    'whether there is the alert',
    200,
  ),
  deleteAlert: operation('DELETE', '/v1/alerts/:alert_id', 'machine', 'deletes one alert', 200, {
    reply: DeletedReply,
  }),
  decisions: operation('GET', '/v1/decisions', 'bouncer', 'active decisions, null for none', 200, {
    query: decisionFilter,
    reply: DecisionReplies,
  }),
  probeDecisions: operation('HEAD', '/v1/decisions', 'bouncer', 'whether the key is valid', 200, {
    query: decisionFilter,
  }),
  deleteDecisions: operation('DELETE', '/v1/decisions', 'machine', 'ends decisions', 200, {
    query: decisionDeletion,
    reply: DeletedReply,
  }),
  deleteDecision: operation(
    'DELETE',
    '/v1/decisions/:decision_id',
    'machine',
    'ends one decision',
    200,
    {
      reply: DeletedReply,
    },
  ),
  stream: operation(
    'GET',
    '/v1/decisions/stream',
    'bouncer',
    'what changed since the last call',
    200,
    {
      query: streamFilter,
      reply: StreamReply,
    },
  ),
  probeStream: operation(
    'HEAD',
    '/v1/decisions/stream',
    'bouncer',
    'whether the key is valid',
    200,
    {
      query: streamFilter,
    },
  ),
  allowlists: operation('GET', '/v1/allowlists', 'machine', 'allowlists', 200, {
    query: ['with_content'],
    reply: AllowlistReplies,
  }),
  allowlist: operation('GET', '/v1/allowlists/:allowlist_name', 'machine', 'one allowlist', 200, {
    query: ['with_content'],
    reply: AllowlistReply,
  }),
  checkAllowlists: operation(
    'GET',
    '/v1/allowlists/check/:ip_or_range',
    'machine',
    'whether an address or range is on a list, and why',
    200,
    { reply: AllowlistCheckReply },
  ),
  probeAllowlists: operation(
    'HEAD',
    '/v1/allowlists/check/:ip_or_range',
    'machine',
    '200 when it is on a list, 204 when not',
    200,
  ),
  checkAllowlistsInBulk: operation(
    'POST',
    '/v1/allowlists/check',
    'machine',
    'which of many addresses and ranges are on a list',
    200,
    { body: BulkCheckBody, reply: BulkCheckReply },
  ),
  usageMetrics: operation(
    'POST',
    '/v1/usage-metrics',
    'machine or bouncer',
    'what a machine or a bouncer has counted',
    201,
    { body: UsageMetricsBody },
  ),
} as const

/** The name of a call: `addAlerts`. */
export type OperationName = keyof typeof operations

function operation(
  method: Method,
  path: string,
  caller: Caller,
  summary: string,
  status: number,
  more: Pick<Operation, 'query' | 'body' | 'reply'> = {},
): Operation {
  return { method, path, caller, summary, status, ...more }
}
