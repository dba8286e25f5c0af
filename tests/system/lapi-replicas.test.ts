import assert from 'node:assert/strict'
import { after, suite, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { AlertLoad } from './support/alert-load.ts'
import { LapiProcess } from './support/lapi-process.ts'
import { createPostgresqlDatabase } from './support/postgresql-database.ts'
import { alertBody, banBody } from './support/samples.ts'

const name = 'two Local APIs on one PostgreSQL'
const database = await createPostgresqlDatabase()

if (typeof database === 'string') {
  console.error(`${name}: skipped, ${database}`)
  suite(name, { skip: database }, () => {})
} else {
  after(() => database[Symbol.asyncDispose]())
  suite(name, { concurrency: false }, async () => {
    const options = { database: database.settings }
    const one = await LapiProcess.create('replica-one', options)
    const two = await LapiProcess.create('replica-two', options)
    after(async () => {
      await one[Symbol.asyncDispose]()
      await two[Symbol.asyncDispose]()
    })

    test('they start together on an empty database', { timeout: 60_000 }, async () => {
      await Promise.all([one.start(), two.start()])
      await one.addMachine()
      await delay(1_000)
    })

    test('a token of one is good at the other, no secret was set up', async () => {
      const token = await one.machineHeaders()
      const reply = await two.request('GET', '/v1/heartbeat', { headers: token })
      assert.equal(reply.status, 200, reply.text)
      const back = await two.machineHeaders()
      assert.equal((await one.request('GET', '/v1/heartbeat', { headers: back })).status, 200)
      const forged = { authorization: `${token.authorization?.slice(0, -3)}AAA` }
      assert.equal((await two.request('GET', '/v1/heartbeat', { headers: forged })).status, 401)
    })

    test('what one decides or ends is in the stream of the other within a second', {
      timeout: 60_000,
    }, async () => {
      const machine = await one.machineHeaders()
      const bouncer = await one.addBouncer('wall')
      await delay(1_000)
      await two.request('GET', '/v1/decisions/stream?startup=true', { headers: bouncer })
      const tookMs: number[] = []
      for (let round = 1; round <= 10; round++) {
        const address = `12.0.0.${round}`
        const sent = [alertBody(address, { decisions: [banBody(address)] })]
        await one.request('POST', '/v1/alerts', { headers: machine, body: JSON.stringify(sent) })
        tookMs.push(await streamed(two, bouncer, 'new', address))
        await one.request('DELETE', `/v1/decisions?ip=${address}`, { headers: machine })
        tookMs.push(await streamed(two, bouncer, 'deleted', address))
      }
      const sorted = tookMs.toSorted((a, b) => a - b).map((ms) => Math.round(ms))
      console.error(`replica lag, ms, 20 changes, after the answer: ${sorted.join(' ')}`)
      assert.ok((sorted.at(-1) ?? 0) <= 1_000)
    })

    test('kill -9 of one under load: no acknowledged alert is lost or there twice', {
      timeout: 120_000,
    }, async () => {
      const machine = await one.machineHeaders()
      const bouncer = await one.addBouncer('fence')
      await delay(1_000)
      const load = new AlertLoad()
      for (let round = 0; round < 3; round++) {
        const [victim, survivor] = round % 2 === 0 ? [one, two] : [two, one]
        const [ended, lost] = [new AbortController(), new AbortController()]
        const running = [
          load.run(survivor, machine, ended.signal),
          load.run(victim, machine, lost.signal),
        ]
        await delay(500 + Math.random() * 1_000)
        await victim.kill()
        lost.abort()
        const before = load.acknowledged.size
        const killedMs = performance.now()
        while (load.acknowledged.size < before + 20) await delay(5)
        const pauseMs = Math.round(performance.now() - killedMs)
        console.error(`the survivor took 20 more alerts within ${pauseMs} ms`)
        await delay(500)
        ended.abort()
        await Promise.all(running)
        await load.check(survivor, machine, bouncer)
        await victim.start()
        await load.check(victim, machine, bouncer)
      }
      console.error(`replicas: ${load.summary}`)
      assert.ok(load.acknowledged.size > 200)
    })
  })
}

/** How long after now a change of an address is in the delta that a bouncer gets. */
async function streamed(
  lapi: LapiProcess,
  headers: Readonly<Record<string, string>>,
  list: 'new' | 'deleted',
  address: string,
): Promise<number> {
  const startMs = performance.now()
  for (;;) {
    const { text } = await lapi.request('GET', '/v1/decisions/stream', { headers })
    const found = (JSON.parse(text)[list] ?? []) as readonly { readonly value: string }[]
    const tookMs = performance.now() - startMs
    if (found.some(({ value }) => value === address)) return tookMs
    assert.ok(tookMs < 5_000, `${address} never was in "${list}"`)
    await delay(5)
  }
}
