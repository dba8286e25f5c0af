import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Instant } from '@tocsin/model'
import fc from 'fast-check'
import { alertFromBody, bodyOfAlert } from './alert-mapping.ts'
import { encodeJson } from './encode-json.ts'
import { openApiDocument } from './open-api.ts'
import { operations } from './operations.ts'
import type { AlertBody } from './schemas/alert-schema.ts'
import { normalScope } from './scope.ts'
import { formatEventTime, readWireTime } from './wire-time.ts'

const body: AlertBody = {
  capacity: 5,
  decisions: [
    {
      duration: '4h',
      origin: 'cscli',
      scenario: 's',
      scope: 'ip',
      type: 'ban',
      value: '192.0.2.7',
    },
  ],
  events: [{ meta: [{ key: 'a', value: 'b' }], timestamp: '2026-03-01T12:00:00Z' }],
  events_count: 6,
  leakspeed: '10s',
  message: 'm',
  remediation: true,
  scenario: 's',
  scenario_hash: '',
  scenario_version: '',
  simulated: true,
  source: { scope: 'IP', value: '192.0.2.7', cn: 'FR' },
  start_at: '2026-03-01T11:00:00+01:00',
  stop_at: 'yesterday',
}

test('an alert comes in with its scopes in order and a time for what is none', () => {
  const { alert, unreadTimes } = alertFromBody(body, 5_000)
  assert.deepEqual(unreadTimes, ['stop_at'])
  assert.equal(alert.stopAt.epochMs, 5_000)
  assert.equal(alert.startAt.epochMs, Date.parse('2026-03-01T10:00:00Z'))
  assert.deepEqual([alert.source.scope, alert.source.country], ['Ip', 'FR'])
  assert.deepEqual([alert.decisions[0]?.scope, alert.decisions[0]?.isSimulated], ['Ip', true])
})

test('an alert that goes out comes in as it was', () => {
  const { alert } = alertFromBody({ ...body, stop_at: '2026-03-01T12:00:00Z' }, 0)
  const again = alertFromBody(bodyOfAlert(alert), 0).alert
  assert.deepEqual(again, alert)
  assert.ok(again.startAt.equals(new Instant(Date.parse('2026-03-01T10:00:00Z'))))
})

test('scopes', () => {
  const scopes = ['ip', 'RANGE', 'As', 'country', 'User', '__proto__']
  assert.deepEqual(scopes.map(normalScope), ['Ip', 'Range', 'AS', 'Country', 'User', '__proto__'])
})

suite('encodeJson', () => {
  test('sorted, dense, and harmless in a page', () => {
    const value = { b: [{ z: 1, a: undefined }], a: '<b>&\u2028', n: null }
    assert.equal(encodeJson(value), '{"a":"\\u003cb\\u003e\\u0026\\u2028","b":[{"z":1}],"n":null}')
  })

  test('reads as what it was', () => {
    const law = fc.property(fc.jsonValue(), (value) => {
      assert.deepEqual(JSON.parse(encodeJson(value)), JSON.parse(JSON.stringify(value)))
    })
    fc.assert(law)
  })
})

suite('times of events', () => {
  const rows: Record<string, string> = {
    '2020-10-09T10:00:01Z': '2020-10-09 10:00:01 +0000 UTC',
    '2020-10-09T12:00:01.25+02:00': '2020-10-09 10:00:01.25 +0000 UTC',
    '2020-10-09 10:00:01 +0000 UTC': '2020-10-09 10:00:01 +0000 UTC',
  }
  for (const [text, expected] of Object.entries(rows)) {
    test(text, () => assert.equal(formatEventTime(readWireTime(text) ?? Number.NaN), expected))
  }
  test('other text is none', () => assert.equal(readWireTime('yesterday'), undefined))
})

test('the OpenAPI document names every call once, with what its path names', () => {
  const { paths } = openApiDocument('1.0.0') as {
    readonly paths: Record<string, Record<string, { operationId: string; parameters?: unknown[] }>>
  }
  const ids = Object.values(paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  )
  assert.deepEqual(ids.sort(), Object.keys(operations).sort())
  assert.equal(paths['/v1/alerts/{alert_id}']?.get?.parameters?.length, 1)
  // A schema that is not JSON would not survive.
  assert.deepEqual(JSON.parse(JSON.stringify(paths))['/health'].get.operationId, 'health')
})
