import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { decodeBody } from './decode-body.ts'
import { AlertBodies, AlertBody } from './schemas/alert-schema.ts'
import { UsageMetricsBody } from './schemas/usage-metrics-schema.ts'
import { LoginBody, RegistrationBody } from './schemas/watcher-schema.ts'

const login = '{"machine_id":"a","password":"b"}'
const value = { machine_id: 'a', password: 'b' }

suite('bodies that are read', () => {
  const rows: Record<string, unknown> = {
    [login]: value,
    '{"Machine_ID":"a","PASSWORD":"b"}': value,
    '{"machine_id":"x","MACHINE_ID":"y","password":"b"}': { machine_id: 'x', password: 'b' },
    [`  \n${login} {"machine_id":"z"}`]: value,
    [`${login}garbage`]: value,
    '{"machine_id":"a","password":"b","scenarios":null,"more":[{}]}': value,
    '{"machine_id":"a","password":"b","scenarios":["x",null]}': { ...value, scenarios: ['x', ''] },
    '{"machine_id":"","password":""}': { machine_id: '', password: '' },
  }
  for (const [text, expected] of Object.entries(rows)) {
    test(text, () => {
      assert.deepEqual(decodeBody(LoginBody, text), { kind: 'value', value: expected })
    })
  }

  test('an empty token is none', () => {
    const text = '{"machine_id":"a","password":"b","registration_token":""}'
    assert.deepEqual(decodeBody(RegistrationBody, text), { kind: 'value', value })
  })

  test('inherited names are only names', () => {
    const text = '{"__proto__":{"machine_id":"evil"},"machine_id":"a","password":"b"}'
    const decoded = decodeBody(LoginBody, text)
    assert.deepEqual(decoded, { kind: 'value', value })
    const records = decodeBody(
      UsageMetricsBody,
      '{"log_processors":[{"version":"1","utc_startup_timestamp":1,"hub_items":{},"datasources":{"__proto__":5,"file":1}}]}',
    )
    assert.ok(records.kind === 'value')
    const [processor] = records.value.log_processors ?? []
    assert.deepEqual(Object.keys(processor?.datasources ?? {}), ['__proto__', 'file'])
  })
})

suite('bodies that are refused', () => {
  const malformed: Record<string, string> = {
    '': 'EOF',
    '   ': 'EOF',
    '{': 'unexpected EOF',
    '{"a': 'unexpected EOF',
    '{"machine_id":5}':
      'json: cannot unmarshal number into Go struct field WatcherAuthRequest.machine_id of type string',
    '{"scenarios":"x"}':
      'json: cannot unmarshal string into Go struct field WatcherAuthRequest.scenarios of type []string',
    '[]': 'json: cannot unmarshal array into Go value of type models.WatcherAuthRequest',
    '"x"': 'json: cannot unmarshal string into Go value of type models.WatcherAuthRequest',
  }
  for (const [text, message] of Object.entries(malformed)) {
    test(JSON.stringify(text), () => {
      assert.deepEqual(decodeBody(LoginBody, text), { kind: 'malformed', message })
    })
  }

  test('a body that is broken in the middle is not quoted in the message', () => {
    const decoded = decodeBody(LoginBody, '{"password":"hunter2" "machine_id":"a"}')
    assert.ok(decoded.kind === 'malformed')
    assert.match(decoded.message, /^invalid JSON: /)
    assert.doesNotMatch(decoded.message, /hunter2/)
  })

  test('everything that is missing is named, with its place', () => {
    const text = '[{"source":{},"events":[{}],"decisions":[{"type":"ban"}]}]'
    const decoded = decodeBody(AlertBodies, text)
    assert.ok(decoded.kind === 'invalid')
    assert.deepEqual(
      decoded.message.split('\n').map((line) => line.replace(' in body is required', '')),
      [
        'validation failure list:',
        '0.capacity',
        '0.events_count',
        '0.leakspeed',
        '0.message',
        '0.scenario',
        '0.scenario_hash',
        '0.scenario_version',
        '0.simulated',
        '0.source.scope',
        '0.source.value',
        '0.start_at',
        '0.stop_at',
        '0.decisions.0.duration',
        '0.decisions.0.origin',
        '0.decisions.0.scenario',
        '0.decisions.0.scope',
        '0.decisions.0.value',
        '0.events.0.meta',
        '0.events.0.timestamp',
      ],
    )
  })

  test('numbers that do not fit', () => {
    for (const number of ['1.5', '3000000000', '-3000000000', '1e300']) {
      const decoded = decodeBody(AlertBody, `{"capacity":${number}}`)
      assert.equal(decoded.kind, 'malformed', number)
    }
  })
})

test('any text is read or refused', () => {
  const law = fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
    const { kind } = decodeBody(AlertBodies, text)
    assert.ok(['value', 'malformed', 'invalid'].includes(kind))
  })
  fc.assert(law, { numRuns: 500 })
})

test('any JSON is read or refused, and what follows it never counts', () => {
  const law = fc.property(fc.json(), fc.string(), (json, rest) => {
    const [alone, followed] = [json, `${json} ${rest}`].map((text) => decodeBody(AlertBodies, text))
    assert.deepEqual(followed, alone)
  })
  fc.assert(law, { numRuns: 500 })
})

test('a million brackets are refused without deep recursion', () => {
  assert.equal(decodeBody(AlertBodies, '['.repeat(1_000_000)).kind, 'malformed')
})
