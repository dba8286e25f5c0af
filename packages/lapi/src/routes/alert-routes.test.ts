import assert from 'node:assert/strict'
import { after, before, suite, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import { alertBody, TestLapi, type TestReply } from '../testing/test-lapi.ts'

/** A decision as a client sends it. */
function decision(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    duration: '4h',
    origin: 'cscli',
    scenario: 'manual',
    scope: 'ip',
    type: 'ban',
    value: '198.51.100.9',
    ...changes,
  }
}

suite('alerts', () => {
  let lapi: TestLapi
  let machine: Record<string, string>
  let bouncer: Record<string, string>
  before(async () => {
    lapi = await TestLapi.start()
    machine = await lapi.machine()
    bouncer = await lapi.bouncer()
  })
  after(() => lapi[Symbol.asyncDispose]())

  const post = (...bodies: Record<string, unknown>[]): Promise<TestReply> => {
    return lapi.request('POST', '/v1/alerts', { headers: machine, body: JSON.stringify(bodies) })
  }
  const decisionsOn = async (ip: string): Promise<Record<string, unknown>[] | null> => {
    const reply = await lapi.request('GET', `/v1/decisions?ip=${ip}`, { headers: bouncer })
    return JSON.parse(reply.text)
  }

  test('an alert is decided about, and answered as agents and commands know it', async () => {
    const created = await post(alertBody({ labels: ['a'], meta: [{ key: 'k', value: '<v>' }] }))
    assert.deepEqual([created.status, created.text], [201, '["1"]'])
    const { text } = await lapi.request('GET', '/v1/alerts/1', { headers: machine })
    assert.equal(
      text.replace(/"uuid":"[0-9a-f-]{36}"/, '"uuid":"U"'),
      '{"capacity":5,"created_at":"2026-03-01T12:00:00Z","decisions":[{"duration":"4h0m0s","id":1,"origin":"crowdsec","scenario":"test/ssh-bf","scope":"Ip","simulated":false,"type":"ban","value":"192.0.2.7"}],"events":[{"meta":[{"key":"source_ip","value":"192.0.2.7"}],"timestamp":"2026-03-01 11:59:59 +0000 UTC"}],"events_count":6,"id":1,"kind":"crowdsec","labels":["a"],"leakspeed":"10s","machine_id":"test","message":"Ip 192.0.2.7 performed ssh-bf","meta":[{"key":"k","value":"\\u003cv\\u003e"}],"remediation":true,"scenario":"test/ssh-bf","scenario_hash":"h","scenario_version":"1.0","simulated":false,"source":{"as_number":"64500","cn":"FR","ip":"192.0.2.7","scope":"Ip","value":"192.0.2.7"},"start_at":"2026-03-01T11:59:50Z","stop_at":"2026-03-01T12:00:00Z","uuid":"U"}',
    )
    const query = await lapi.request('GET', '/v1/decisions?ip=192.0.2.7', { headers: bouncer })
    assert.equal(
      query.text,
      '[{"duration":"4h0m0s","id":1,"origin":"crowdsec","scenario":"test/ssh-bf","scope":"Ip","type":"ban","value":"192.0.2.7"}]',
    )
  })

  test('a packed body is unpacked', async () => {
    const body = gzipSync(JSON.stringify([alertBody({ scenario: 'packed' })]))
    const headers = { ...machine, 'content-encoding': 'gzip' }
    const reply = await lapi.request('POST', '/v1/alerts', { headers, body })
    assert.equal(reply.status, 201)
  })

  test('an alert without events or decisions shows null for them', async () => {
    const { text } = await post(alertBody({ events: [], remediation: false, scenario: 'quiet' }))
    const [id] = JSON.parse(text)
    const alert = await lapi.request('GET', `/v1/alerts/${id}`, { headers: machine })
    const { events, decisions, labels, remediation } = JSON.parse(alert.text)
    assert.deepEqual([events, decisions, labels, remediation], [null, null, null, undefined])
  })

  test('with_decisions=false leaves decisions out', async () => {
    const path = '/v1/alerts?scenario=test/ssh-bf&with_decisions=false'
    const { text } = await lapi.request('GET', path, { headers: machine })
    assert.equal(JSON.parse(text)[0].decisions, null)
  })

  test('an allowlisted source is skipped, the others keep their order', async () => {
    const source = { scope: 'Ip', value: '10.1.2.3' }
    const reply = await post(alertBody({ source }), alertBody({ scenario: 'second' }))
    assert.equal(JSON.parse(reply.text).length, 1)
    assert.equal(await decisionsOn('10.1.2.3'), null)
  })

  test('decisions of a person pass the allowlist, of anybody else they do not', async () => {
    const source = { scope: 'Ip', value: '10.1.2.4' }
    const machineMade = decision({ value: '10.1.2.4', origin: 'crowdsec' })
    const personMade = decision({ value: '10.1.2.4' })
    assert.equal((await post(alertBody({ source, decisions: [machineMade] }))).text, '[]')
    await post(alertBody({ source, decisions: [personMade] }))
    assert.deepEqual(
      (await decisionsOn('10.1.2.4'))?.map(({ origin }) => origin),
      ['cscli'],
    )
  })

  test('a decision whose value is no address is dropped, with its alert when it was the only one', async () => {
    const reply = await post(alertBody({ decisions: [decision({ value: 'nonsense' })] }))
    assert.deepEqual([reply.status, reply.text], [201, '[]'])
  })

  test('a scope is written as everybody writes it', async () => {
    await post(alertBody({ decisions: [decision({ scope: 'RANGE', value: '203.0.113.0/25' })] }))
    assert.equal((await decisionsOn('203.0.113.5'))?.[0]?.scope, 'Range')
  })

  test('filters by activity, decision type and origin', async () => {
    await post(alertBody({ decisions: [decision({ type: 'captcha', value: '198.51.100.77' })] }))
    const count = async (query: string): Promise<number> => {
      const { text } = await lapi.request('GET', `/v1/alerts?${query}`, { headers: machine })
      return JSON.parse(text)?.length ?? 0
    }
    assert.equal(await count('decision_type=captcha'), 1)
    assert.equal(await count('ip=198.51.100.77&has_active_decision=true'), 1)
    assert.equal(await count('range=198.51.100.0/24&contains=false&decision_type=captcha'), 1)
    assert.equal(await count('origin=nobody'), 0)
    assert.equal(await count('limit=1&sort=ASC'), 1)
    assert.equal(await count('since=-1h'), 0)
    assert.ok((await count('limit=0')) >= 6)
  })

  test('deleting an alert tells bouncers that its decisions ended', async () => {
    const { text } = await post(alertBody({ decisions: [decision({ value: '198.51.100.200' })] }))
    const [id] = JSON.parse(text)
    await lapi.request('GET', '/v1/decisions/stream?startup=true', { headers: bouncer })
    const deleted = await lapi.request('DELETE', `/v1/alerts/${id}`, { headers: machine })
    assert.equal(deleted.text, '{"nbDeleted":"1"}')
    const stream = await lapi.request('GET', '/v1/decisions/stream', { headers: bouncer })
    const values = JSON.parse(stream.text).deleted.map(({ value }: { value: string }) => value)
    assert.deepEqual(values, ['198.51.100.200'])
  })
})

suite('deleting alerts needs trust', () => {
  test('an address behind a trusted proxy is not this machine', async () => {
    const server = { trustedProxies: ['127.0.0.1'], trustedIps: ['198.51.100.0/28'] }
    await using lapi = await TestLapi.start({ server })
    const machine = await lapi.machine()
    const from = (ip: string) => ({ headers: { ...machine, 'x-forwarded-for': ip } })
    const far = await lapi.request('DELETE', '/v1/alerts', from('192.0.2.1'))
    assert.deepEqual(
      [far.status, far.text],
      [403, '{"message":"access forbidden from this IP (192.0.2.1)"}'],
    )
    assert.equal((await lapi.request('DELETE', '/v1/alerts', from('198.51.100.3'))).status, 200)
    assert.equal((await lapi.request('DELETE', '/v1/alerts', { headers: machine })).status, 200)
  })
})
