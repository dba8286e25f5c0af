import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { gzipSync } from 'node:zlib'
import type { Log, LogFields } from '@tocsin/telemetry'
import fc from 'fast-check'
import { fuzzedRequest, sendFuzzed } from '../testing/fuzz-requests.ts'
import { alertBody, TestLapi } from '../testing/test-lapi.ts'

/** A log that keeps everything, to be searched. */
class KeptLog implements Log {
  text = ''
  readonly errors: string[] = []

  error(fields: LogFields, sentence: string): void {
    this.errors.push(`${sentence} ${JSON.stringify(fields)}`)
    this.#keep(fields, sentence)
  }
  warn(fields: LogFields, sentence: string): void {
    this.#keep(fields, sentence)
  }
  info(fields: LogFields, sentence: string): void {
    this.#keep(fields, sentence)
  }
  debug(fields: LogFields, sentence: string): void {
    this.#keep(fields, sentence)
  }
  #keep(fields: LogFields, sentence: string): void {
    this.text += `${sentence} ${JSON.stringify(fields)}\n`
  }
}

suite('hostile requests', () => {
  test('nothing anybody sends is an error of ours', async () => {
    const log = new KeptLog()
    await using lapi = await TestLapi.start({ log })
    const callers = [{}, await lapi.machine(), await lapi.bouncer()]
    const budgetMs = Number(process.env.TOCSIN_FUZZ_MS ?? 1_500)
    const law = fc.asyncProperty(
      fuzzedRequest,
      fc.constantFrom(...callers),
      async (sent, caller) => {
        const reply = await sendFuzzed(lapi, caller, sent)
        assert.ok(reply.status < 500, `${reply.status} ${reply.text}`)
      },
    )
    await fc.assert(law, { numRuns: 1_000_000, interruptAfterTimeLimit: budgetMs })
    assert.deepEqual(log.errors, [])
    assert.equal((await lapi.request('GET', '/health')).status, 200)
  })

  const deep = 9_000
  const bodies: Record<string, [body: string | Buffer, status: number]> = {
    'a body that is only brackets': ['['.repeat(1_000_000), 400],
    'a value nobody asked for, 9000 levels deep': [
      JSON.stringify([alertBody({ extra: 0 })]).replace(
        '"extra":0',
        `"extra":${'['.repeat(deep)}${']'.repeat(deep)}`,
      ),
      201,
    ],
    'a thousand times packed': [gzipSync(Buffer.alloc(60 * 1024 * 1024, ' ')), 400],
    'names that objects inherit': [
      '[{"__proto__":{"scenario":"x"},"constructor":1,"toString":2}]',
      400,
    ],
    'a string that never ends': [`["${'a'.repeat(1_000_000)}`, 400],
  }
  for (const [name, [body, status]] of Object.entries(bodies)) {
    test(name, async () => {
      await using lapi = await TestLapi.start()
      const headers = {
        ...(await lapi.machine()),
        ...(typeof body !== 'string' && { 'content-encoding': 'gzip' }),
      }
      const startedMs = performance.now()
      const reply = await lapi.request('POST', '/v1/alerts', { headers, body })
      assert.equal(reply.status, status, reply.text.slice(0, 200))
      assert.ok(performance.now() - startedMs < 3_000)
    })
  }

  test('no log holds a secret', async () => {
    const log = new KeptLog()
    await using lapi = await TestLapi.start({ log })
    const secrets = ['hunter2-password', 'other-password', 'a-key-that-is-wrong', 'r'.repeat(40)]
    const [password = '', wrong = '', key = '', registration = ''] = secrets
    const machine = await lapi.machine('web', password)
    const bouncer = await lapi.bouncer('wall')
    const agent = { 'user-agent': 'crowdsec/v1' }
    const login = JSON.stringify({ machine_id: 'web', password: wrong })
    await lapi.request('POST', '/v1/watchers/login', { headers: agent, body: login })
    await lapi.request('POST', '/v1/watchers/login', {
      headers: agent,
      body: `{"password":"${wrong}",`,
    })
    await lapi.request('POST', '/v1/watchers', {
      body: JSON.stringify({
        machine_id: 'new',
        password: wrong,
        registration_token: registration,
      }),
    })
    await lapi.request('POST', '/v1/alerts', {
      headers: machine,
      body: JSON.stringify([alertBody()]),
    })
    await lapi.request('GET', '/v1/decisions', { headers: { 'x-api-key': key } })
    await lapi.request('GET', '/v1/decisions', { headers: bouncer })
    await lapi.request('GET', '/v1/heartbeat', { headers: { authorization: 'Bearer a.b.c' } })
    const tokens = [machine.authorization?.slice(7), bouncer['x-api-key']]
    const kept = await lapi.store.config.get('lapi_token_secret')
    assert.ok(log.text.includes('alert stored') && log.text.includes('login refused'))
    for (const secret of [...secrets, ...tokens, kept]) {
      assert.ok(secret && !log.text.includes(secret), String(secret))
    }
  })
})
