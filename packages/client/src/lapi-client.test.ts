import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { inspect } from 'node:util'
import { type Answer, FakeServer, fakePacing, json } from './fake-server.test-support.ts'
import { LapiClient, type LapiOptions, registerMachine } from './lapi-client.ts'
import { alert } from './samples.test-support.ts'

const password = 'correct horse battery staple'

/** Answers logins with a numbered token and everything else with `answer`. */
function withLogin(answer: Answer, lifetimeMs = 3_600_000): Answer {
  let logins = 0
  return (request, response) => {
    if (request.url !== '/v1/watchers/login') return answer(request, response)
    logins++
    // The server's clock is an hour ahead of ours.
    const nowMs = 3_600_000
    response.setHeader('date', new Date(nowMs).toUTCString())
    const expire = new Date(nowMs + lifetimeMs).toISOString()
    json(response, 200, { code: 200, expire, token: `token${logins}` })
  }
}

function client(urls: readonly string[], options: Partial<LapiOptions> = {}): LapiClient {
  return new LapiClient({
    urls,
    userAgent: 'tocsin/0.1.0',
    credentials: { kind: 'password', machineId: 'web1', password },
    pacing: fakePacing(),
    ...options,
  })
}

const paths = (server: FakeServer): string[] =>
  server.seen.map(({ method, url }) => `${method} ${url}`)

suite('LapiClient', () => {
  test('logs in once for requests at the same time', async () => {
    await using server = await FakeServer.start(withLogin((_, r) => json(r, 200, null)))
    using lapi = client([server.url], { scenarios: () => ['ssh-bf'] })
    await Promise.all([lapi.heartbeat(), lapi.alerts(), lapi.heartbeat()])
    assert.equal(paths(server).filter((path) => path.endsWith('login')).length, 1)
    assert.deepEqual(JSON.parse(server.seen[0]?.body ?? ''), {
      machine_id: 'web1',
      password,
      scenarios: ['ssh-bf'],
    })
    assert.equal(server.seen[1]?.headers.authorization, 'Bearer token1')
    assert.equal(server.seen[1]?.headers['user-agent'], 'tocsin/0.1.0')
  })

  test('logs in again before the token ends, whatever the clock of the server', async () => {
    await using server = await FakeServer.start(withLogin((_, r) => json(r, 200, null)))
    const pacing = fakePacing()
    using lapi = client([server.url], { pacing })
    await lapi.heartbeat()
    pacing.nowMs = 58 * 60_000
    await lapi.heartbeat()
    assert.equal(server.seen.at(-1)?.headers.authorization, 'Bearer token1')
    pacing.nowMs = 59.5 * 60_000
    await lapi.heartbeat()
    assert.equal(server.seen.at(-1)?.headers.authorization, 'Bearer token2')
  })

  test('logs in again when the server forgot the token', async () => {
    const answer = withLogin((request, response) => {
      const isKnown = request.headers.authorization === 'Bearer token2'
      json(response, isKnown ? 200 : 401, isKnown ? null : { code: 401, message: 'signature' })
    })
    await using server = await FakeServer.start(answer)
    using lapi = client([server.url])
    await lapi.heartbeat()
    assert.deepEqual(paths(server), [
      'POST /v1/watchers/login',
      'GET /v1/heartbeat',
      'POST /v1/watchers/login',
      'GET /v1/heartbeat',
    ])
  })

  test('a machine that is not accepted is told so at once', async () => {
    await using server = await FakeServer.start((_, response) =>
      json(response, 401, { code: 401, message: 'machine web1 not validated' }),
    )
    using lapi = client([server.url])
    await assert.rejects(lapi.heartbeat(), {
      code: 'TOC_CLIENT_UNAUTHORIZED',
      status: 401,
      message: `${server.url}/: 401 machine web1 not validated`,
    })
    assert.equal(server.seen.length, 1)
  })

  const passing = { 429: 'busy', 500: 'database is locked', 503: '' }
  for (const [status, message] of Object.entries(passing)) {
    test(`asks again, later and later, after ${status}`, async () => {
      let failures = 0
      const answer = withLogin((_, response) => {
        if (failures++ < 3) json(response, Number(status), { message })
        else json(response, 201, ['7'])
      })
      await using server = await FakeServer.start(answer)
      const pacing = fakePacing()
      using lapi = client([server.url], { pacing })
      assert.deepEqual(await lapi.pushAlerts([alert()]), ['7'])
      assert.deepEqual(pacing.waits, [375, 750, 1500])
    })
  }

  test('waits as long as the server asks for', async () => {
    let failures = 0
    const answer = withLogin((_, response) => {
      if (failures++ === 0) response.writeHead(429, { 'retry-after': '7' }).end()
      else json(response, 200, null)
    })
    await using server = await FakeServer.start(answer)
    const pacing = fakePacing()
    using lapi = client([server.url], { pacing })
    await lapi.heartbeat()
    assert.deepEqual(pacing.waits, [7000])
  })

  test('gives up after the last attempt', async () => {
    await using server = await FakeServer.start(withLogin((_, r) => json(r, 503, null)))
    using lapi = client([server.url], { retry: { attempts: 2 } })
    await assert.rejects(lapi.heartbeat(), { code: 'TOC_CLIENT_UNAVAILABLE', status: 503 })
  })

  test('goes to the next server, stays there, and comes back when that one fails', async () => {
    const first = await FakeServer.start(withLogin((_, r) => json(r, 200, null)))
    await using second = await FakeServer.start(withLogin((_, r) => json(r, 200, null)))
    using lapi = client([first.url, second.url])
    await lapi.heartbeat()
    await first[Symbol.asyncDispose]()
    await lapi.heartbeat()
    await lapi.heartbeat()
    assert.deepEqual(paths(second), [
      'POST /v1/watchers/login',
      'GET /v1/heartbeat',
      'GET /v1/heartbeat',
    ])
    await using again = await FakeServer.start(
      withLogin((_, r) => json(r, 200, null)),
      Number(new URL(first.url).port),
    )
    second.answer = (_, response) => json(response, 502, null)
    await lapi.heartbeat()
    assert.equal(again.seen.at(-1)?.url, '/v1/heartbeat')
  })

  test('a refused request is not tried elsewhere', async () => {
    const refuse = withLogin((_, r) => json(r, 403, { message: 'access forbidden from this IP' }))
    await using first = await FakeServer.start(refuse)
    await using second = await FakeServer.start(refuse)
    using lapi = client([first.url, second.url])
    await assert.rejects(lapi.deleteAlerts({ scenario: 'ssh-bf' }), { status: 403 })
    assert.equal(second.seen.length, 0)
  })

  test('asks as the API says', async () => {
    const answers: Record<string, unknown> = {
      'GET /v1/alerts?ip=192.0.2.7&limit=0': null,
      'GET /v1/alerts?include_capi=false&origin=cscli&has_active_decision=true': null,
      'DELETE /v1/decisions?value=192.0.2.7': { nbDeleted: '2' },
      'DELETE /v1/decisions/12': { nbDeleted: '1' },
      'DELETE /v1/alerts/3': { nbDeleted: '1' },
      'GET /v1/allowlists?with_content=true': [],
      'GET /v1/allowlists/check/10.0.0.0%2F8': { allowlisted: true, reason: '10.0.0.0/8 from lan' },
      'GET /v1/allowlists/check/192.0.2.7': {},
      'POST /v1/allowlists/check': { results: [{ target: '10.1.1.1', allowlists: ['a'] }] },
      'DELETE /v1/watchers/self': undefined,
    }
    const answer = withLogin(({ method, url }, response) => {
      const key = `${method} ${url}`
      if (key in answers) json(response, 200, answers[key])
      else json(response, 404, { message: key })
    })
    await using server = await FakeServer.start(answer)
    using lapi = client([server.url])
    assert.deepEqual(await lapi.alerts({ ip: '192.0.2.7', limit: 0 }), [])
    assert.deepEqual(await lapi.activeDecisions({ origin: 'cscli' }), [])
    assert.equal(await lapi.deleteDecisions({ value: '192.0.2.7' }), 2)
    assert.equal(await lapi.deleteDecision(12), 1)
    assert.equal(await lapi.deleteAlert(3), 1)
    assert.equal(await lapi.alert(4), undefined)
    assert.deepEqual(await lapi.allowlists(), [])
    assert.equal(await lapi.checkAllowlisted('10.0.0.0/8'), '10.0.0.0/8 from lan')
    assert.equal(await lapi.checkAllowlisted('192.0.2.7'), undefined)
    assert.equal((await lapi.checkManyAllowlisted(['10.1.1.1', '192.0.2.7'])).length, 1)
    await lapi.unregister()
  })

  const registrations = { 201: 'pending', 202: 'validated' } as const
  for (const [status, verdict] of Object.entries(registrations)) {
    test(`registers: ${verdict}`, async () => {
      await using server = await FakeServer.start((_, r) => void r.writeHead(Number(status)).end())
      const options = { urls: [server.url], userAgent: 'tocsin/0.1.0', machineId: 'web1', password }
      assert.equal(await registerMachine(options), verdict)
      assert.deepEqual(JSON.parse(server.seen[0]?.body ?? ''), { machine_id: 'web1', password })
    })
  }

  const strange = ['{', '"alerts"', '[1]', '[{"scenario":1}]', '<html>', '[{"scenario":"a"}]']
  for (const body of strange) {
    test(`the answer ${body} is refused, not believed`, async () => {
      await using server = await FakeServer.start(withLogin((_, r) => void r.end(body)))
      using lapi = client([server.url])
      await assert.rejects(lapi.alerts(), { code: 'TOC_CLIENT_REPLY' })
    })
  }

  test('what a server says is escaped and shortened', async () => {
    const message = `\u001b[2Jgone\u202e\n${'x'.repeat(10_000)}`
    await using server = await FakeServer.start(withLogin((_, r) => json(r, 400, { message })))
    using lapi = client([server.url])
    await assert.rejects(lapi.heartbeat(), (error: Error) => {
      assert.match(error.message, /\\u001b\[2Jgone\\u202e; x+…$/)
      assert.ok(error.message.length < 400)
      return true
    })
  })

  test('no secret is in errors or in what inspecting shows', async () => {
    await using server = await FakeServer.start(withLogin((_, r) => json(r, 500, null)))
    using lapi = client([server.url], { retry: { attempts: 1 } })
    await assert.rejects(lapi.pushAlerts([alert()]), (error: Error) => {
      const text = inspect([error, lapi], { depth: 20, showHidden: true })
      assert.doesNotMatch(text, /battery|token1/)
      return true
    })
  })

  for (const userAgent of ['tocsin', 'a/b/c', 'tocsin /1', '/1', 'tocsin/']) {
    test(`the user agent '${userAgent}' is refused`, () => {
      assert.throws(() => client(['http://lapi/'], { userAgent }), { code: 'TOC_CLIENT_OPTIONS' })
    })
  }

  test('no URL and two ways to log in are refused', () => {
    assert.throws(() => client([]), { code: 'TOC_CLIENT_OPTIONS' })
    assert.throws(() => client(['http://lapi/'], { tls: { cert: 'c', key: 'k' } }), {
      code: 'TOC_CLIENT_OPTIONS',
    })
  })
})
