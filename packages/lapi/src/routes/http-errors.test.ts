import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { alertBody, TestLapi, type TestRequest } from '../testing/test-lapi.ts'

/** `METHOD path`, how it is sent, and what must come back. */
interface Row {
  readonly as?: 'machine' | 'bouncer'
  readonly headers?: Record<string, string>
  readonly body?: string | Buffer
  readonly status: number
  /** The exact body. */
  readonly text?: string
  readonly type?: string
}

const agent = { 'user-agent': 'crowdsec/v1.0' }
const message = (text: string) => JSON.stringify({ message: text })
const tokenMessage = (text: string) => JSON.stringify({ code: 401, message: text })
const missing = 'validation failure list:\n'

const rows: Record<string, Row> = {
  'GET /health': { status: 200, text: '{"status":"up"}', type: 'application/json; charset=utf-8' },
  'GET /ready': { status: 200, text: '{"status":"up"}' },
  'GET /': { status: 404, text: '' },
  'GET /v2/alerts': { status: 404, text: '' },
  'GET /%zz': { status: 400, text: '' },
  'PUT /v1/alerts': { status: 405, text: '' },
  'POST /v1/heartbeat': { status: 405, text: '' },
  'HEAD /v1/allowlists/office': { as: 'machine', status: 405 },
  'GET /v1/alerts/': { status: 301, text: '' },
  'POST /v1/watchers/': { status: 307, text: '' },

  'GET /v1/heartbeat': { as: 'machine', status: 200, text: '' },
  'GET /v1/alerts?limit=1': { status: 401, text: tokenMessage('cookie token is empty') },
  'GET /v1/alerts?limit=2': {
    headers: { authorization: 'Bearer abc' },
    status: 401,
    text: tokenMessage('token contains an invalid number of segments'),
  },
  'GET /v1/alerts?limit=3': {
    headers: { authorization: 'bearer a.b.c' },
    status: 401,
    text: tokenMessage('cookie token is empty'),
  },
  'GET /v1/decisions': { status: 403, text: message('access forbidden') },
  'GET /v1/decisions?a': {
    headers: { 'x-api-key': 'wrong' },
    status: 403,
    text: message('access forbidden'),
  },
  'HEAD /v1/decisions/stream?b': { headers: { 'x-api-key': 'wrong' }, status: 403 },

  'POST /v1/watchers?1': { body: '', status: 400, text: message('EOF') },
  'POST /v1/watchers?2': {
    body: '{}',
    status: 422,
    text: message(`${missing}machine_id in body is required\npassword in body is required`),
  },
  'POST /v1/watchers?3': {
    body: '{"machine_id":5,"password":"x"}',
    status: 400,
    text: message(
      'json: cannot unmarshal number into Go struct field WatcherRegistrationRequest.machine_id of type string',
    ),
  },
  'POST /v1/watchers?4': {
    body: '{"machine_id":"a","password":"b","registration_token":"short"}',
    status: 422,
    text: message(`${missing}registration_token in body should be at least 32 chars long`),
  },
  'POST /v1/watchers?5': {
    body: JSON.stringify({ machine_id: 'a', password: 'x'.repeat(2000) }),
    status: 400,
    text: message('unable to hash'),
  },
  'POST /v1/watchers?6': {
    body: '{"MACHINE_ID":"taken","Password":"b"} trailing',
    status: 403,
    text: message("user 'taken': user already exist"),
  },
  'POST /v1/watchers?7': {
    body: ' '.repeat(2 * 1024 * 1024 + 1),
    status: 400,
    text: message('http: request body too large'),
  },
  'POST /v1/watchers?8': {
    body: gzipSync(' '.repeat(3 * 1024 * 1024)),
    headers: { 'content-encoding': 'gzip' },
    status: 400,
    text: message('http: request body too large'),
  },
  'POST /v1/watchers?9': {
    body: 'not packed',
    headers: { 'content-encoding': 'gzip' },
    status: 400,
    text: message('gzip: invalid header'),
  },

  'POST /v1/watchers/login?1': { body: '', status: 401, text: tokenMessage('missing: EOF') },
  'POST /v1/watchers/login?2': {
    body: '{"machine_id":"a"}',
    status: 401,
    text: tokenMessage(`${missing}password in body is required`),
  },
  'POST /v1/watchers/login?3': {
    body: '{"machine_id":"nobody","password":"x"}',
    headers: agent,
    status: 401,
    text: tokenMessage('incorrect Username or Password'),
  },
  'POST /v1/watchers/login?4': {
    body: '{"machine_id":"taken","password":"wrong"}',
    headers: agent,
    status: 401,
    text: tokenMessage('incorrect Username or Password'),
  },
  'POST /v1/watchers/login?5': {
    body: '{"machine_id":"taken","password":"secret"}',
    headers: { 'user-agent': 'curl' },
    status: 401,
    text: tokenMessage('incorrect Username or Password'),
  },
  'POST /v1/watchers/login?6': {
    body: ' '.repeat(2 * 1024 * 1024 + 1),
    status: 401,
    text: tokenMessage('missing: http: request body too large'),
  },

  'POST /v1/alerts?1': { as: 'machine', body: '[]', status: 201, text: '[]' },
  'POST /v1/alerts?2': { as: 'machine', body: '[{', status: 400, text: message('unexpected EOF') },
  'POST /v1/alerts?3': {
    as: 'machine',
    body: JSON.stringify([alertBody({ scenario: undefined, source: { scope: 'Ip' } })]),
    status: 400,
    text: message(`${missing}0.scenario in body is required\n0.source.value in body is required`),
  },
  'POST /v1/alerts?4': {
    as: 'machine',
    body: JSON.stringify([alertBody({ capacity: '5' })]),
    status: 400,
    text: message(
      'json: cannot unmarshal string into Go struct field Alert.capacity of type int32',
    ),
  },
  'POST /v1/alerts?5': {
    as: 'machine',
    body: JSON.stringify([
      alertBody({
        decisions: [
          {
            duration: '1zuzu',
            origin: 'x',
            scenario: 's',
            scope: 'Ip',
            type: 'ban',
            value: '192.0.2.1',
          },
        ],
      }),
    ]),
    status: 400,
    text: message('while parsing duration: time: unknown unit "zuzu" in duration "1zuzu"'),
  },

  'GET /v1/alerts?scope=Ip': { as: 'machine', status: 200, text: 'null' },
  'HEAD /v1/alerts': { as: 'machine', status: 200, type: 'text/plain; charset=utf-8' },
  'GET /v1/alerts?test=1': {
    as: 'machine',
    status: 400,
    text: message("filter parameter 'test' is unknown (=1): invalid filter"),
  },
  'GET /v1/alerts?limit=x': {
    as: 'machine',
    status: 400,
    text: message('bad limit in parameters: [x]: unable to query'),
  },
  'GET /v1/alerts?limit=-1': { as: 'machine', status: 400 },
  'GET /v1/alerts?ip=x': {
    as: 'machine',
    status: 400,
    text: message("invalid ip address 'x'"),
  },
  'GET /v1/alerts?range=x': {
    as: 'machine',
    status: 400,
    text: message("invalid ip range 'x': invalid CIDR address: x"),
  },
  'GET /v1/alerts?since=1zuzu': {
    as: 'machine',
    status: 400,
    text: message('while parsing duration: time: unknown unit "zuzu" in duration "1zuzu"'),
  },
  'GET /v1/alerts?simulated=maybe': {
    as: 'machine',
    status: 400,
    text: message(
      `'maybe' is not a boolean: strconv.ParseBool: parsing "maybe": invalid syntax: unable to parse type`,
    ),
  },
  'GET /v1/alerts/abc': {
    as: 'machine',
    status: 400,
    text: message('alert_id must be valid integer'),
  },
  'GET /v1/alerts/99': { as: 'machine', status: 404, text: message('object not found') },
  'DELETE /v1/alerts/99': { as: 'machine', status: 404, text: message('alert not found') },
  'DELETE /v1/alerts?scenario=none': { as: 'machine', status: 200, text: '{"nbDeleted":"0"}' },

  'GET /v1/decisions?ip=192.0.2.1': { as: 'bouncer', status: 200, text: 'null' },
  'GET /v1/decisions?community_pull=false': { as: 'bouncer', status: 200, text: 'null' },
  'GET /v1/decisions?ip=x': {
    as: 'bouncer',
    status: 400,
    text: message(
      "unable to convert 'x' to int: invalid ip address 'x': invalid ip address / range",
    ),
  },
  'GET /v1/decisions?limit=x': {
    as: 'bouncer',
    status: 400,
    text: message('invalid limit value: strconv.Atoi: parsing "x": invalid syntax: invalid filter'),
  },
  'HEAD /v1/decisions': { as: 'bouncer', status: 200 },
  'HEAD /v1/decisions/stream': { as: 'bouncer', status: 200 },
  'GET /v1/decisions/stream?startup=true': {
    as: 'bouncer',
    status: 200,
    text: '{"new": [], "deleted": []}',
    type: 'application/json',
  },
  'DELETE /v1/decisions': { as: 'machine', status: 200, text: '{"nbDeleted":"0"}' },
  'DELETE /v1/decisions?nonsense=1': {
    as: 'machine',
    status: 400,
    text: message("'nonsense' doesn't exist: invalid filter"),
  },
  'DELETE /v1/decisions/abc': {
    as: 'machine',
    status: 400,
    text: message('decision_id must be valid integer'),
  },
  'DELETE /v1/decisions/100': {
    as: 'machine',
    status: 404,
    text: message("decision with id '100' doesn't exist: unable to delete"),
  },

  'GET /v1/allowlists': { as: 'machine', status: 200, text: '[]' },
  'GET /v1/allowlists/x': {
    as: 'machine',
    status: 404,
    text: message("allowlist 'x' not found"),
  },
  'GET /v1/allowlists/check/192.0.2.1': { as: 'machine', status: 200, text: '{}' },
  'HEAD /v1/allowlists/check/192.0.2.1': { as: 'machine', status: 204 },
  'GET /v1/allowlists/check/10.1.2.0%2F24': {
    as: 'machine',
    status: 200,
    text: '{"allowlisted":true,"reason":"10.0.0.0/8 from never-ban (private range)"}',
  },
  'GET /v1/allowlists/check/x': {
    as: 'machine',
    status: 400,
    text: message("invalid ip address 'x'"),
  },
  'POST /v1/allowlists/check?1': {
    as: 'machine',
    body: '{"targets":[]}',
    status: 400,
    text: message('targets list cannot be empty'),
  },
  'POST /v1/allowlists/check?2': {
    as: 'machine',
    body: '{"targets":["192.0.2.1","127.0.0.1"]}',
    status: 200,
    text: '{"results":[{"allowlists":["127.0.0.0/8 from never-ban (loopback)"],"target":"127.0.0.1"}]}',
  },

  'POST /v1/usage-metrics?1': { as: 'bouncer', body: '', status: 400, text: message('EOF') },
  'POST /v1/usage-metrics?2': {
    as: 'bouncer',
    body: '{"log_processors":[]}',
    status: 400,
    text: message('Missing remediation component data'),
  },
  'POST /v1/usage-metrics?3': {
    as: 'machine',
    body: '{"remediation_components":null}',
    status: 400,
    text: message('Missing log processor data'),
  },
  'POST /v1/usage-metrics?4': {
    as: 'bouncer',
    body: '{"remediation_components":[{"metrics":{}}]}',
    status: 400,
  },
  'POST /v1/usage-metrics?5': {
    as: 'bouncer',
    body: '{"remediation_components":[{"version":"1"}]}',
    status: 422,
    text: message(`${missing}remediation_components.0.utc_startup_timestamp in body is required`),
  },
  'POST /v1/usage-metrics?6': {
    as: 'bouncer',
    body: '{"remediation_components":[{"version":"1","utc_startup_timestamp":1},{"version":"1","utc_startup_timestamp":1}]}',
    status: 400,
    text: message('Payload has more than one remediation component'),
  },
  'POST /v1/usage-metrics?7': {
    as: 'bouncer',
    body: JSON.stringify({
      remediation_components: [
        {
          version: '1.2',
          utc_startup_timestamp: 5,
          os: { name: 'debian', version: '12' },
          metrics: [
            {
              meta: { window_size_seconds: 60, utc_now_timestamp: 7 },
              items: [{ name: 'dropped', value: 2, unit: 'byte', labels: { origin: 'CAPI' } }],
            },
          ],
        },
      ],
      log_processors: null,
    }),
    status: 201,
    text: '',
  },
  'POST /v1/usage-metrics?8': {
    headers: { 'user-agent': 'crowdsec/v1' },
    body: '{}',
    status: 401,
    text: tokenMessage('cookie token is empty'),
  },
  'POST /v1/usage-metrics?9': { body: '{}', status: 403, text: message('access forbidden') },
}

suite('every call answers what clients expect', () => {
  let lapi: TestLapi
  let callers: Readonly<Record<'machine' | 'bouncer', Record<string, string>>>
  before(async () => {
    lapi = await TestLapi.start()
    callers = { machine: await lapi.machine('taken'), bouncer: await lapi.bouncer() }
  })
  after(() => lapi[Symbol.asyncDispose]())

  for (const [line, row] of Object.entries(rows)) {
    test(line, async () => {
      const [method = '', path = ''] = line.split(' ')
      const request: TestRequest = {
        headers: { ...(row.as && callers[row.as]), ...row.headers },
        ...(row.body !== undefined && { body: row.body }),
      }
      const reply = await lapi.request(method, path, request)
      assert.deepEqual(
        { status: reply.status, text: row.text === undefined ? undefined : reply.text },
        { status: row.status, text: row.text },
      )
      if (row.type !== undefined) assert.equal(reply.headers['content-type'], row.type)
    })
  }

  test('405 says which methods there are, 301 where to go', async () => {
    const wrongMethod = await lapi.request('PUT', '/v1/decisions')
    assert.deepEqual(wrongMethod.headers.allow?.split(', ').sort(), ['DELETE', 'GET', 'HEAD'])
    const moved = await lapi.request('GET', '/v1/alerts/?limit=3')
    assert.equal(moved.headers.location, '/v1/alerts?limit=3')
  })
})
