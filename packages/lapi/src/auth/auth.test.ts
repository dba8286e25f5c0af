import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { suite, test } from 'node:test'
import { hash as bcryptHash } from 'bcryptjs'
import { TestLapi } from '../testing/test-lapi.ts'
import { hashApiKey } from './api-keys.ts'
import { checkToken, issueToken } from './jwt.ts'

const agent = { 'user-agent': 'crowdsec/v1.6.0' }
const login = (machineId: string, password: string, more: Record<string, unknown> = {}) => {
  const body = JSON.stringify({ machine_id: machineId, password, ...more })
  return { headers: agent, body }
}

suite('tokens', () => {
  const secret = 's'.repeat(64)
  const nowMs = 1_000_000_000_000
  const token = issueToken('web', secret, nowMs)
  const [, claims = '', signature = ''] = token.split('.')
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = (header: unknown, body: unknown) => {
    const text = `${part(header)}.${part(body)}`
    return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
  }
  const none = `${part({ alg: 'none', typ: 'JWT' })}.${claims}.`

  test('a token names its machine for an hour', () => {
    const verdict = checkToken(token, secret, nowMs + 3_599_000)
    assert.deepEqual(verdict, {
      kind: 'valid',
      claims: { machineId: 'web', expiresMs: nowMs + 3_600_000, issuedMs: nowMs },
    })
    assert.equal(checkToken(token, secret, nowMs + 3_600_000).kind, 'expired')
  })

  const refused: Record<string, string> = {
    '': 'token contains an invalid number of segments',
    'a.b': 'token contains an invalid number of segments',
    'a.b.c': 'token is malformed',
    [none]: 'invalid signing algorithm',
    [`${token}x`]: 'signature is invalid',
    [`${token.split('.')[0]}.${part({ id: 'root', exp: 2e9 })}.${signature}`]:
      'signature is invalid',
    [signed({ alg: 'HS512' }, { id: 'web', exp: 2e9 })]: 'invalid signing algorithm',
    [signed({ alg: 'HS256' }, { id: 'web' })]: 'missing exp field',
    [signed({ alg: 'HS256' }, { id: 5, exp: 2e9 })]: 'token is malformed',
  }
  for (const [text, message] of Object.entries(refused)) {
    test(`${message}: ${text.slice(0, 30)}`, () => {
      const verdict = checkToken(text, secret, nowMs)
      assert.equal(verdict.kind === 'refused' && verdict.message, message)
    })
  }
})

suite('machines', () => {
  test('registering, waiting, being validated, leaving', async () => {
    await using lapi = await TestLapi.start()
    const body = JSON.stringify({ machine_id: 'web', password: 'p' })
    assert.equal((await lapi.request('POST', '/v1/watchers', { body })).status, 201)
    const pending = await lapi.request('POST', '/v1/watchers/login', login('web', 'p'))
    assert.equal(pending.text, '{"code":401,"message":"machine web not validated"}')
    await lapi.store.machines.validate('web')
    const reply = await lapi.request(
      'POST',
      '/v1/watchers/login',
      login('web', 'p', { scenarios: ['a/b'] }),
    )
    const { code, expire, token } = JSON.parse(reply.text)
    assert.deepEqual([code, expire], [200, '2026-03-01T13:00:00Z'])
    const machine = lapi.store.machines.find('web')
    assert.deepEqual([machine?.scenarios, machine?.version], [['a/b'], 'v1.6.0'])
    const headers = { authorization: `Bearer ${token}` }
    assert.equal((await lapi.request('DELETE', '/v1/watchers/self', { headers })).status, 204)
    const gone = await lapi.request('GET', '/v1/heartbeat', { headers })
    assert.deepEqual([gone.status, gone.text], [401, '{"code":401,"message":"machine not found"}'])
  })

  test('a heartbeat is noted', async () => {
    await using lapi = await TestLapi.start()
    const headers = await lapi.machine('web')
    lapi.clock.advance(5_000)
    await lapi.request('GET', '/v1/heartbeat', { headers })
    assert.equal(lapi.store.machines.find('web')?.lastHeartbeatMs, lapi.clock.nowMs())
  })

  test('the token may come as a cookie', async () => {
    await using lapi = await TestLapi.start()
    const { authorization = '' } = await lapi.machine()
    const headers = { cookie: `a=b; jwt=${authorization.slice(7)}` }
    assert.equal((await lapi.request('GET', '/v1/heartbeat', { headers })).status, 200)
  })

  test('a token is renewed while it is fresh', async () => {
    await using lapi = await TestLapi.start()
    const headers = await lapi.machine()
    lapi.clock.advance(1_800_000)
    const renewed = await lapi.request('GET', '/v1/refresh_token', { headers })
    assert.equal(JSON.parse(renewed.text).expire, '2026-03-01T13:30:00Z')
    lapi.clock.advance(1_800_000)
    const late = await lapi.request('GET', '/v1/refresh_token', { headers })
    assert.equal(late.text, '{"code":401,"message":"token is expired"}')
    const expired = await lapi.request('GET', '/v1/heartbeat', { headers })
    assert.equal(expired.text, '{"code":401,"message":"Token is expired"}')
    assert.equal(expired.headers['www-authenticate'], 'JWT realm=Crowdsec API local')
  })

  test('a bcrypt hash that was taken over is replaced at the next login', async () => {
    await using lapi = await TestLapi.start()
    await lapi.machine('web', 'old')
    const known = lapi.store.machines.find('web')
    assert.ok(known)
    await lapi.store.machines.replace({ ...known, passwordHash: await bcryptHash('p', 4) })
    const reply = await lapi.request('POST', '/v1/watchers/login', login('web', 'p'))
    assert.equal(reply.status, 200)
    assert.match(lapi.store.machines.find('web')?.passwordHash ?? '', /^scrypt:/)
    const again = await lapi.request('POST', '/v1/watchers/login', login('web', 'p'))
    assert.equal(again.status, 200)
  })

  test('whoever guesses must wait, the machine at another address need not', async () => {
    await using lapi = await TestLapi.start({ server: { trustedProxies: ['127.0.0.1'] } })
    await lapi.machine('web', 'right')
    const from = (ip: string, password: string) => ({
      ...login('web', password),
      headers: { ...agent, 'x-forwarded-for': ip },
    })
    for (let i = 0; i < 10; i++) {
      const wrong = await lapi.request('POST', '/v1/watchers/login', from('192.0.2.66', 'wrong'))
      assert.equal(wrong.status, 401)
    }
    const limited = await lapi.request('POST', '/v1/watchers/login', from('192.0.2.66', 'right'))
    assert.equal(limited.status, 429)
    assert.ok(Number(limited.headers['retry-after']) > 0)
    const other = await lapi.request('POST', '/v1/watchers/login', from('192.0.2.1', 'right'))
    assert.equal(other.status, 200)
    lapi.clock.advance(60_000)
    const later = await lapi.request('POST', '/v1/watchers/login', from('192.0.2.66', 'right'))
    assert.equal(later.status, 200)
  })

  const token = 't'.repeat(32)
  const rows: [given: string | undefined, ip: string, status: number, text: string][] = [
    [undefined, '10.0.0.5', 201, ''],
    [token, '10.0.0.5', 202, ''],
    ['x'.repeat(32), '10.0.0.5', 401, '{"message":"invalid token for auto registration"}'],
    [token, '192.0.2.5', 401, '{"message":"IP not in allowed range for auto registration"}'],
  ]
  for (const [given, ip, status, text] of rows) {
    test(`auto-registration: ${given?.slice(0, 1)} from ${ip} is ${status}`, async () => {
      const autoRegistration = { token, allowedRanges: ['10.0.0.0/8'] }
      const server = { trustedProxies: ['127.0.0.1'], autoRegistration }
      await using lapi = await TestLapi.start({ server })
      const body = JSON.stringify({ machine_id: 'm', password: 'p', registration_token: given })
      const headers = { 'x-forwarded-for': ip }
      const reply = await lapi.request('POST', '/v1/watchers', { body, headers })
      assert.deepEqual([reply.status, reply.text], [status, text])
      const isValidated = lapi.store.machines.find('m')?.isValidated
      assert.equal(isValidated, status === 401 ? undefined : status === 202)
    })
  }

  test('registration from afar can be refused', async () => {
    const server = { trustedProxies: ['127.0.0.1'], refusesRemoteRegistration: true }
    await using lapi = await TestLapi.start({ server })
    const body = JSON.stringify({ machine_id: 'm', password: 'p' })
    const headers = { 'x-forwarded-for': '192.0.2.1' }
    const far = await lapi.request('POST', '/v1/watchers', { body, headers })
    assert.deepEqual([far.status, far.text], [403, '{"message":"access forbidden"}'])
    assert.equal((await lapi.request('POST', '/v1/watchers', { body })).status, 201)
  })
})

suite('bouncers', () => {
  test('the first contact binds the address, the agent names type and version', async () => {
    await using lapi = await TestLapi.start()
    const headers = await lapi.bouncer('wall')
    await lapi.request('GET', '/v1/decisions', { headers })
    const { ipAddress, type, version } = lapi.store.bouncers.find('wall') ?? {}
    assert.deepEqual([ipAddress, type, version], ['127.0.0.1', 'crowdsec-test-bouncer', 'v1.2'])
  })

  test('a probe changes nothing', async () => {
    await using lapi = await TestLapi.start()
    const headers = await lapi.bouncer('wall')
    for (const path of ['/v1/decisions', '/v1/decisions/stream']) {
      assert.equal((await lapi.request('HEAD', path, { headers })).status, 200)
    }
    const { ipAddress, type, lastPullMs } = lapi.store.bouncers.find('wall') ?? {}
    assert.deepEqual([ipAddress, type, lastPullMs], ['', '', undefined])
  })

  test('an agent without a slash has no version', async () => {
    await using lapi = await TestLapi.start()
    const headers = { ...(await lapi.bouncer('wall')), 'user-agent': 'curl' }
    await lapi.request('GET', '/v1/decisions', { headers })
    const { type, version } = lapi.store.bouncers.find('wall') ?? {}
    assert.deepEqual([type, version], ['curl', 'N/A'])
  })

  test('two first requests from a new address make one bouncer', async () => {
    await using lapi = await TestLapi.start({ server: { trustedProxies: ['127.0.0.1'] } })
    const key = await lapi.bouncer('wall')
    const from = (ip: string) => ({ headers: { ...key, 'x-forwarded-for': ip } })
    await lapi.request('GET', '/v1/decisions', from('192.0.2.1'))
    const replies = await Promise.all(
      [1, 2, 3].map(() => lapi.request('GET', '/v1/decisions', from('192.0.2.2'))),
    )
    assert.deepEqual(
      replies.map(({ status }) => status),
      [200, 200, 200],
    )
    assert.equal(lapi.store.bouncers.list().length, 2)
  })

  test('a revoked key opens nothing', async () => {
    await using lapi = await TestLapi.start()
    const headers = await lapi.bouncer('wall')
    await lapi.store.bouncers.setRevoked('wall', true)
    assert.equal((await lapi.request('GET', '/v1/decisions', { headers })).status, 403)
    assert.equal((await lapi.request('HEAD', '/v1/decisions', { headers })).status, 403)
  })

  test('a key is kept as its hash alone', async () => {
    await using lapi = await TestLapi.start()
    const { 'x-api-key': key = '' } = await lapi.bouncer('wall')
    const kept = JSON.stringify(lapi.store.bouncers.list())
    assert.ok(!kept.includes(key))
    assert.ok(kept.includes(hashApiKey(key)))
  })
})
