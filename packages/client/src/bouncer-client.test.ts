import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { inspect } from 'node:util'
import { BouncerClient, type BouncerOptions } from './bouncer-client.ts'
import type { DecisionUpdate, StreamOptions } from './decision-stream.ts'
import { type Answer, FakeServer, fakePacing, json } from './fake-server.test-support.ts'
import { ban } from './samples.test-support.ts'

const apiKey = 'k3y+of/the=bouncer'

function bouncer(urls: readonly string[], options: Partial<BouncerOptions> = {}): BouncerClient {
  const pacing = fakePacing()
  return new BouncerClient({ urls, userAgent: 'tocsin-bouncer/v0.1.0', apiKey, pacing, ...options })
}

/** The first `count` updates, in short: `['snapshot +1 -0', 'failure TOC_… 1']`. */
async function follow(
  client: BouncerClient,
  count: number,
  options: StreamOptions = {},
): Promise<string[]> {
  const updates: string[] = []
  for await (const update of client.stream(options)) {
    updates.push(summary(update))
    if (updates.length === count) break
  }
  return updates
}

function summary(update: DecisionUpdate): string {
  if (update.kind === 'failure') return `failure ${update.error.code} ${update.failures}`
  return `${update.kind} +${update.added.length} -${update.deleted.length}`
}

/** Answers one pull after the other, and the last for ever. */
function inTurn(...answers: readonly Answer[]): Answer {
  let turn = 0
  return (request, response) => answers[Math.min(turn++, answers.length - 1)]?.(request, response)
}

const startups = (server: FakeServer): (string | null)[] =>
  server.seen.map(({ url }) => new URL(url, 'http://fake').searchParams.get('startup'))

const everything: Answer = (_, r) => json(r, 200, { new: [ban('192.0.2.7')], deleted: null })
const nothing: Answer = (_, r) => void r.end('{"new": [], "deleted": []}')

suite('BouncerClient', () => {
  test('looks up an address', async () => {
    await using server = await FakeServer.start((_, r) => json(r, 200, [ban('192.0.2.7')]))
    using client = bouncer([server.url])
    assert.deepEqual(await client.lookup({ ip: '192.0.2.7' }), [ban('192.0.2.7')])
    assert.equal(server.seen[0]?.url, '/v1/decisions?ip=192.0.2.7')
    assert.equal(server.seen[0]?.headers['x-api-key'], apiKey)
    assert.equal(server.seen[0]?.headers['user-agent'], 'tocsin-bouncer/v0.1.0')
  })

  test('no decision is an empty list', async () => {
    await using server = await FakeServer.start((_, response) => void response.end('null'))
    using client = bouncer([server.url])
    assert.deepEqual(await client.lookup({ scope: 'Country', value: 'FR' }), [])
  })

  test('check tells a valid key from another', async () => {
    await using server = await FakeServer.start((_, response) => void response.end())
    using client = bouncer([server.url])
    await client.check()
    assert.equal(server.seen[0]?.method, 'HEAD')
    server.answer = (_, response) => json(response, 403, { message: 'access forbidden' })
    await assert.rejects(client.check(), { code: 'TOC_CLIENT_UNAUTHORIZED', status: 403 })
  })

  test('neither errors nor inspecting show the key', async () => {
    await using server = await FakeServer.start((_, r) => json(r, 403, null))
    using client = bouncer([server.url])
    await assert.rejects(client.lookup({ ip: '192.0.2.7' }), (error: Error) => {
      assert.ok(!inspect([error, client], { depth: 20, showHidden: true }).includes(apiKey))
      return true
    })
  })

  const refused: Record<string, Partial<BouncerOptions>> = {
    'no key': { apiKey: undefined as never },
    'an empty key': { apiKey: '' },
    'a key with a line break': { apiKey: 'a\nb' },
    'key and certificate': { tls: { cert: 'c', key: 'k' } },
  }
  for (const [what, options] of Object.entries(refused)) {
    test(`${what} is refused`, () => {
      assert.throws(() => bouncer(['http://lapi/'], options), { code: 'TOC_CLIENT_OPTIONS' })
    })
  }
})

suite('BouncerClient.stream', () => {
  test('a snapshot, then what changes', async () => {
    const removal: Answer = (_, r) => json(r, 200, { new: null, deleted: [ban('192.0.2.7')] })
    await using server = await FakeServer.start(inTurn(everything, removal, nothing))
    const pacing = fakePacing()
    using client = bouncer([server.url], { pacing })
    const options = { intervalMs: 3_000, scopes: ['ip', 'range'], origins: ['cscli'] }
    assert.deepEqual(await follow(client, 3, options), [
      'snapshot +1 -0',
      'delta +0 -1',
      'delta +0 -0',
    ])
    assert.equal(
      server.seen[0]?.url,
      '/v1/decisions/stream?startup=true&scopes=ip%2Crange&origins=cscli',
    )
    assert.deepEqual(startups(server), ['true', 'false', 'false'])
    assert.deepEqual(pacing.waits, [3_000, 3_000])
  })

  const lost: Record<string, Answer> = {
    'a delta that broke off': (_, r) => {
      r.write('{"new": [{"id":1,')
      setImmediate(() => r.destroy())
    },
    'a delta that ended too early': (_, r) => void r.end('{"new": ['),
    'a delta that is not JSON': (_, r) => void r.end('{"new": [{"id":oops}]}'),
    'a decision without value': (_, r) => void r.end('{"new": [{"id":1}]}'),
  }
  for (const [what, answer] of Object.entries(lost)) {
    test(`${what} is answered with a new snapshot`, async () => {
      await using server = await FakeServer.start(inTurn(everything, answer, everything, nothing))
      using client = bouncer([server.url])
      const [first, failure, second, third] = await follow(client, 4)
      assert.equal(first, 'snapshot +1 -0')
      assert.match(failure ?? '', /^failure TOC_CLIENT_(INTERRUPTED|REPLY) 1$/)
      assert.equal(second, 'snapshot +1 -0')
      assert.equal(third, 'delta +0 -0')
    })
  }

  const kept = { 403: 'TOC_CLIENT_UNAUTHORIZED', 500: 'TOC_CLIENT_UNAVAILABLE' }
  for (const [status, code] of Object.entries(kept)) {
    test(`after ${status} the delta is asked again, sooner than usual`, async () => {
      const failing: Answer = (_, r) => json(r, Number(status), null)
      await using server = await FakeServer.start(inTurn(everything, failing, failing, nothing))
      const pacing = fakePacing()
      using client = bouncer([server.url], { pacing })
      assert.deepEqual(await follow(client, 4), [
        'snapshot +1 -0',
        `failure ${code} 1`,
        `failure ${code} 2`,
        'delta +0 -0',
      ])
      assert.deepEqual(pacing.waits, [10_000, 750, 1_500])
    })
  }

  test('a server that comes up later is waited for', async () => {
    const first = await FakeServer.start(everything)
    const port = Number(new URL(first.url).port)
    await first[Symbol.asyncDispose]()
    using client = bouncer([first.url])
    const updates: string[] = []
    let later: FakeServer | undefined
    for await (const update of client.stream()) {
      updates.push(summary(update))
      later ??= await FakeServer.start(everything, port)
      if (update.kind === 'snapshot') break
    }
    await later?.[Symbol.asyncDispose]()
    assert.deepEqual(updates, ['failure TOC_CLIENT_UNREACHABLE 1', 'snapshot +1 -0'])
  })

  test('another server is asked for everything', async () => {
    const first = await FakeServer.start(everything)
    await using second = await FakeServer.start(everything)
    using client = bouncer([first.url, second.url])
    const updates: string[] = []
    for await (const update of client.stream()) {
      updates.push(summary(update))
      if (updates.length === 1) await first[Symbol.asyncDispose]()
      if (updates.length === 3) break
    }
    assert.deepEqual(updates, ['snapshot +1 -0', 'snapshot +1 -0', 'delta +1 -0'])
    assert.deepEqual(startups(second), ['false', 'true', 'false'])
  })

  test('the signal ends the loop while it waits', async () => {
    await using server = await FakeServer.start(everything)
    const stop = new AbortController()
    using client = bouncer([server.url])
    const updates: string[] = []
    for await (const update of client.stream({ signal: stop.signal })) {
      updates.push(summary(update))
      stop.abort()
    }
    assert.deepEqual(updates, ['snapshot +1 -0'])
  })

  test('the signal ends the loop while a server is silent', async () => {
    await using server = await FakeServer.start(() => stop.abort())
    const stop = new AbortController()
    using client = bouncer([server.url])
    assert.deepEqual(await follow(client, 1, { signal: stop.signal }), [])
  })
})
