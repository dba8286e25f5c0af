import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { alertBody, TestLapi } from '../testing/test-lapi.ts'

type Headers = Record<string, string>

interface Streamed {
  readonly new: readonly string[]
  readonly deleted: readonly string[]
}

async function pull(lapi: TestLapi, headers: Headers, query = ''): Promise<Streamed> {
  const { text } = await lapi.request('GET', `/v1/decisions/stream?${query}`, { headers })
  const body = JSON.parse(text)
  const values = (list: { value: string; origin: string }[]) => {
    return list.map(({ value, origin }) => `${value} ${origin}`)
  }
  return { new: values(body.new), deleted: values(body.deleted) }
}

async function ban(
  lapi: TestLapi,
  machine: Headers,
  value: string,
  changes: Record<string, unknown> = {},
): Promise<void> {
  const decision = {
    duration: '4h',
    origin: 'cscli',
    scenario: 'manual',
    scope: 'Ip',
    type: 'ban',
    value,
    ...changes,
  }
  const body = JSON.stringify([alertBody({ decisions: [decision] })])
  const { status } = await lapi.request('POST', '/v1/alerts', { headers: machine, body })
  assert.equal(status, 201)
}

suite('the stream', () => {
  test('everything first, then only what changed', async () => {
    await using lapi = await TestLapi.start()
    const [machine, bouncer] = [await lapi.machine(), await lapi.bouncer()]
    await ban(lapi, machine, '192.0.2.1')
    assert.deepEqual(await pull(lapi, bouncer, 'startup=true'), {
      new: ['192.0.2.1 cscli'],
      deleted: [],
    })
    assert.deepEqual(await pull(lapi, bouncer), { new: [], deleted: [] })
    await ban(lapi, machine, '192.0.2.2')
    await lapi.request('DELETE', '/v1/decisions?ip=192.0.2.1', { headers: machine })
    assert.deepEqual(await pull(lapi, bouncer), {
      new: ['192.0.2.2 cscli'],
      deleted: ['192.0.2.1 cscli'],
    })
  })

  test('live queries do not cost a delta', async () => {
    await using lapi = await TestLapi.start()
    const [machine, bouncer] = [await lapi.machine(), await lapi.bouncer()]
    await pull(lapi, bouncer, 'startup=true')
    await ban(lapi, machine, '192.0.2.1')
    lapi.clock.advance(120_000)
    await lapi.request('GET', '/v1/decisions?ip=192.0.2.1', { headers: bouncer })
    assert.deepEqual((await pull(lapi, bouncer)).new, ['192.0.2.1 cscli'])
  })

  test('a longer decision of another origin hides none that was asked for', async () => {
    await using lapi = await TestLapi.start()
    const [machine, bouncer] = [await lapi.machine(), await lapi.bouncer()]
    await ban(lapi, machine, '192.0.2.1', { origin: 'CAPI', duration: '24h' })
    await ban(lapi, machine, '192.0.2.1', { duration: '1h' })
    const own = await pull(lapi, bouncer, 'startup=true&origins=cscli')
    assert.deepEqual(own.new, ['192.0.2.1 cscli'])
    const all = await pull(lapi, bouncer, 'startup=true')
    assert.deepEqual(all.new, ['192.0.2.1 CAPI'])
    const each = await pull(lapi, bouncer, 'startup=true&dedup=false')
    assert.deepEqual([...each.new].sort(), ['192.0.2.1 CAPI', '192.0.2.1 cscli'])
  })

  test('a decision that runs out is told of', async () => {
    await using lapi = await TestLapi.start()
    const [machine, bouncer] = [await lapi.machine(), await lapi.bouncer()]
    await ban(lapi, machine, '192.0.2.1', { duration: '10m' })
    await pull(lapi, bouncer, 'startup=true')
    lapi.clock.advance(11 * 60_000)
    assert.deepEqual(await pull(lapi, bouncer), { new: [], deleted: ['192.0.2.1 cscli'] })
  })

  test('only addresses and ranges unless other scopes are asked for', async () => {
    await using lapi = await TestLapi.start()
    const [machine, bouncer] = [await lapi.machine(), await lapi.bouncer()]
    await ban(lapi, machine, 'FR', { scope: 'country' })
    await ban(lapi, machine, '192.0.2.0/24', { scope: 'range' })
    assert.deepEqual((await pull(lapi, bouncer, 'startup=true')).new, ['192.0.2.0/24 cscli'])
    assert.deepEqual((await pull(lapi, bouncer, 'startup=true&scope=country')).new, [])
    const countries = await pull(lapi, bouncer, 'startup=true&scopes=Country')
    assert.deepEqual(countries.new, ['FR cscli'])
  })

  test('each address of a key has its own place', async () => {
    await using lapi = await TestLapi.start({ server: { trustedProxies: ['127.0.0.1'] } })
    const [machine, bouncer] = [await lapi.machine(), await lapi.bouncer()]
    const first = { ...bouncer, 'x-forwarded-for': '192.0.2.10' }
    const second = { ...bouncer, 'x-forwarded-for': '192.0.2.11' }
    await pull(lapi, first, 'startup=true')
    await pull(lapi, second, 'startup=true')
    await ban(lapi, machine, '192.0.2.1')
    assert.deepEqual((await pull(lapi, first)).new, ['192.0.2.1 cscli'])
    assert.deepEqual((await pull(lapi, second)).new, ['192.0.2.1 cscli'])
    assert.deepEqual(
      lapi.store.bouncers
        .list()
        .map(({ name, ipAddress, isAutoCreated }) => [name, ipAddress, isAutoCreated]),
      [
        ['wall', '192.0.2.10', false],
        ['wall@192.0.2.11', '192.0.2.11', true],
      ],
    )
  })

  test('many decisions arrive whole', async () => {
    await using lapi = await TestLapi.start()
    const [machine, bouncer] = [await lapi.machine(), await lapi.bouncer()]
    const decisions = Array.from({ length: 20_000 }, (_, i) => ({
      duration: '24h',
      origin: 'lists',
      scenario: 'list',
      scope: 'Ip',
      type: 'ban',
      value: `203.${(i >> 16) & 255}.${(i >> 8) & 255}.${i & 255}`,
    }))
    const body = JSON.stringify([alertBody({ decisions })])
    await lapi.request('POST', '/v1/alerts', { headers: machine, body })
    const all = await pull(lapi, bouncer, 'startup=true')
    assert.equal(new Set(all.new).size, 20_000)
  })
})

test('a decision seen live holds from now on, whatever the agent thinks the time is', async () => {
  await using lapi = await TestLapi.start()
  const [machine, bouncer] = [await lapi.machine(), await lapi.bouncer()]
  const durations: Record<string, string | undefined> = {
    '2026-03-01T11:50:00Z': '4h0m0s',
    '2026-03-01T12:30:00Z': '4h0m0s',
    '2026-03-01T10:00:00Z': '2h0m0s',
    '2026-02-01T10:00:00Z': undefined,
  }
  for (const [i, [stop, expected]] of Object.entries(durations).entries()) {
    const value = `192.0.2.${i + 1}`
    const body = alertBody({ stop_at: stop, source: { scope: 'Ip', value } })
    await lapi.request('POST', '/v1/alerts', { headers: machine, body: JSON.stringify([body]) })
    const reply = await lapi.request('GET', `/v1/decisions?ip=${value}`, { headers: bouncer })
    assert.equal(JSON.parse(reply.text)?.[0].duration, expected, stop)
  }
})
