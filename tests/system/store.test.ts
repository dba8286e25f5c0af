import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, suite, test } from 'node:test'
import { systemClock } from '@tocsin/model'
import { type DatabaseSettings, openStore } from '@tocsin/store'
import { silentLog } from '@tocsin/telemetry'
import { killWriters } from '../../packages/store/src/durability.test-support.ts'
import { alert, ban, newsOf } from '../../packages/store/src/samples.test-support.ts'
import { storeContract } from '../../packages/store/src/store.contract.test-support.ts'
import { mariadbServer, postgresqlServer } from './support/databases.ts'

const rounds = 50
const everything = { filter: {}, isDeduplicated: true }

for (const server of [await postgresqlServer(), await mariadbServer()]) {
  const { name, skip } = server
  if (skip !== undefined) {
    console.error(`${name} is skipped: ${skip}`)
    suite(name, { skip }, () => {})
    continue
  }
  after(() => server.drop())

  storeContract(name, async () => {
    const database = await server.create()
    return (clock, retention = {}) =>
      openStore({ database, retention, syncIntervalMs: 0 }, { clock, log: silentLog })
  })

  test(`${name}: what one replica decides the other streams within a second`, async () => {
    const database = await server.create()
    await using one = await open(database)
    await using two = await open(database)
    for (let round = 1; round <= 3; round++) {
      const since = two.decisions.stream.open(everything).position
      await one.alerts.insert([
        alert(systemClock, { decisions: [ban(systemClock, `192.0.2.${round}`)] }),
      ])
      const startMs = performance.now()
      await new Promise<void>((resolve) => two.decisions.stream.onChange(resolve))
      const tookMs = performance.now() - startMs
      assert.ok(tookMs <= 1_500, `${tookMs} ms`)
      const reply = two.decisions.stream.open({ ...everything, since })
      assert.deepEqual(newsOf(reply), [`192.0.2.${round}`])
    }
  })

  test(`${name}: replicas that write at the same time agree`, async () => {
    const database = await server.create()
    await using one = await open(database)
    await using two = await open(database)
    const write = async (store: typeof one) => {
      for (let i = 0; i < 60; i++) {
        const value = `192.0.2.${i % 20}`
        const scenario = `test/s${i}`
        const decisions = [ban(systemClock, value, { scenario })]
        await store.alerts.insert([alert(systemClock, { decisions })])
        if (i % 9 === 0) await store.decisions.expire({ value })
      }
    }
    await Promise.all([write(one), write(two), write(one), write(two)])
    await one.sync()
    await two.sync()
    assert.deepEqual(one.decisions.query({}), two.decisions.query({}))
    const values = one.decisions.query({}).map((decision) => decision.value)
    assert.equal(new Set(values).size, values.length, 'none twice')
    await using fresh = await open(database)
    assert.deepEqual(fresh.decisions.query({}), one.decisions.query({}))
    assert.equal(await fresh.alerts.count({}), 240)
  })

  test(`${name}: an acknowledged alert survives kill -9 of its writer`, async () => {
    await killWriters(await server.create(), 5)
  })
}

test(`SQLite: an acknowledged alert survives ${rounds} times kill -9`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'store-'))
  try {
    await killWriters({ type: 'sqlite', path: join(folder, 'test.db') }, rounds)
  } finally {
    rmSync(folder, { recursive: true })
  }
})

function open(database: DatabaseSettings) {
  return openStore({ database }, { clock: systemClock, log: silentLog })
}
