import fc from 'fast-check'
import { alertBody, type TestLapi, type TestReply } from './test-lapi.ts'

/** One request that nobody in his right mind sends. */
export interface FuzzedRequest {
  readonly method: string
  readonly path: string
  readonly body: string | undefined
  readonly headers: Readonly<Record<string, string>>
}

const names = [
  'ip',
  'range',
  'contains',
  'scope',
  'scopes',
  'value',
  'type',
  'origins',
  'origin',
  'limit',
  'offset',
  'id_gt',
  'since',
  'until',
  'created_before',
  'simulated',
  'has_active_decision',
  'include_capi',
  'kind',
  'sort',
  'with_decisions',
  'with_content',
  'scenario',
  'uuid',
  'startup',
  'dedup',
  'scenarios_containing',
  'scenarios_not_containing',
  'decision_type',
  'nonsense',
] as const
const values = [
  '',
  '0',
  '-1',
  '1',
  'true',
  'false',
  '1.2.3.4',
  '::1',
  '10.0.0.0/8',
  '::ffff:1.2.3.4/100',
  '/',
  '1/33',
  '9'.repeat(30),
  '1e3',
  'NaN',
  '4h',
  '-4h',
  '999999999d',
  '%00',
  '%zz',
  '%F0%9F%98%80',
  "'",
  '"',
  ',,,',
  'ip,range',
  "1' OR '1'='1",
  '../../etc/passwd',
  'x'.repeat(2000),
  '\u2028',
  '%25',
] as const
const paths = [
  '/v1/alerts',
  '/v1/alerts/1',
  '/v1/alerts/-1',
  `/v1/alerts/${'9'.repeat(40)}`,
  '/v1/decisions',
  '/v1/decisions/stream',
  '/v1/decisions/1',
  '/v1/allowlists',
  '/v1/allowlists/x',
  '/v1/allowlists/check',
  '/v1/allowlists/check/1.2.3.4',
  '/v1/allowlists/check/%2F%2F',
  '/v1/heartbeat',
  '/v1/usage-metrics',
  '/v1/watchers',
  '/v1/watchers/login',
  '/v1/refresh_token',
  '/health',
  '/ready',
  '//v1//alerts',
  '/v1/../v1/alerts',
  '/v1/alerts/%00',
  '/%2e%2e/',
  '/v1/alerts;x=1',
  '*',
] as const
const methods = ['GET', 'POST', 'DELETE', 'HEAD', 'PUT', 'PATCH', 'OPTIONS'] as const

const anyText = fc.oneof(fc.constantFrom(...values), fc.string({ unit: 'binary', maxLength: 40 }))

const query = fc
  .array(fc.tuple(fc.constantFrom(...names), anyText), { maxLength: 4 })
  .map((pairs) => pairs.map(([name, value]) => `${name}=${safeValue(value)}`).join('&'))

/** What is in the table stays as it is written; what chance makes must be sendable at all. */
function safeValue(value: string): string {
  return /^[\x21-\x7e]*$/.test(value) && !/[#\s]/.test(value)
    ? value
    : encodeURIComponent(wellFormed(value))
}

function wellFormed(text: string): string {
  return text.toWellFormed()
}

const anyJson = fc.jsonValue({ maxDepth: 4 })

/** A body as it should be, with one field, deep or not, replaced by anything. */
const brokenAlert = fc
  .tuple(fc.constantFrom(...Object.keys(alertBody()), 'decisions', 'meta', 'labels'), anyJson)
  .map(([key, value]) => [alertBody({ [key]: value })])

const decisionKeys = ['duration', 'origin', 'scenario', 'scope', 'type', 'value'] as const
const brokenDecision = fc
  .tuple(fc.constantFrom(...decisionKeys), fc.oneof(anyText, anyJson))
  .map(([key, value]) => {
    const decision = {
      duration: '1h',
      origin: 'x',
      scenario: 's',
      scope: 'Ip',
      type: 'ban',
      value: '192.0.2.1',
    }
    return [alertBody({ decisions: [{ ...decision, [key]: value }] })]
  })

const component = fc.record(
  {
    version: fc.oneof(anyText, anyJson),
    utc_startup_timestamp: fc.oneof(fc.integer(), anyJson),
    os: anyJson,
    metrics: anyJson,
    datasources: anyJson,
    hub_items: anyJson,
  },
  { requiredKeys: [] },
)
const usage = fc.record(
  {
    log_processors: fc.array(component, { maxLength: 2 }),
    remediation_components: fc.array(component, { maxLength: 2 }),
  },
  { requiredKeys: [] },
)
const watcher = fc.record(
  { machine_id: anyText, password: anyText, registration_token: anyText, scenarios: anyJson },
  { requiredKeys: [] },
)

const body = fc.oneof(
  fc.constant(undefined),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc
    .oneof(anyJson, brokenAlert, brokenDecision, usage, watcher)
    .map((value) => JSON.stringify(value)),
  fc.constantFrom(
    '[',
    '{"a":',
    '"',
    'nul',
    '\u0000',
    `${'['.repeat(20_000)}`,
    `{"a":${'['.repeat(5_000)}`,
    '{"__proto__":{"a":1}}',
    '[null]',
    '[[]]',
    '-',
    '1e999',
  ),
)

const headers = fc.record(
  {
    'content-encoding': fc.constantFrom('gzip', 'br', ''),
    'content-type': fc.constantFrom(
      'text/plain',
      'nonsense',
      'application/json; charset=x',
      'a/b;;;',
    ),
    'user-agent': fc.constantFrom('crowdsec/v1', '', 'a/b/c', 'x'.repeat(3000)),
    'x-forwarded-for': fc.constantFrom('127.0.0.1', ',,,', 'x'.repeat(3000)),
    cookie: fc.constantFrom('jwt=a.b.c', 'jwt=', ';;'),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Record<string, string>>

/** Requests of every kind, from nearly right to hopeless. */
export const fuzzedRequest: fc.Arbitrary<FuzzedRequest> = fc
  .tuple(fc.constantFrom(...methods), fc.constantFrom(...paths), query, body, headers)
  .map(([method, path, search, text, given]) => ({
    method,
    path: search === '' || path === '*' ? path : `${path}?${search}`,
    // Without a length, what follows such a request would be the next one.
    body: method === 'GET' || method === 'HEAD' ? undefined : text,
    headers: given,
  }))

/** Sends one; the caller is allowed to do everything. */
export async function sendFuzzed(
  lapi: TestLapi,
  credentials: Readonly<Record<string, string>>,
  request: FuzzedRequest,
): Promise<TestReply> {
  const { method, path, headers: given, body: text } = request
  return lapi.request(method, path, {
    headers: { ...given, ...credentials },
    ...(text !== undefined && { body: Buffer.from(text.toWellFormed()) }),
  })
}
