import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { AlertLoad, assertSound } from './support/alert-load.ts'
import { LapiProcess } from './support/lapi-process.ts'
import { createPostgresqlDatabase } from './support/postgresql-database.ts'
import { TemporaryFolder } from './support/temporary-folder.ts'

/** `TOCSIN_KILL_ROUNDS=50` for the long run. */
const given = Number(process.env.TOCSIN_KILL_ROUNDS ?? 0)
const sqliteRounds = given || 10
const postgresqlRounds = given || 5

suite('kill -9 at random moments under load', { concurrency: false }, async () => {
  test(`SQLite, ${sqliteRounds} times`, { timeout: 60_000 + sqliteRounds * 15_000 }, async () => {
    await using folder = await TemporaryFolder.create('kill')
    await using lapi = await LapiProcess.create('kill', { dataFolder: folder.folder })
    await killAgainAndAgain(lapi, sqliteRounds, () => assertSound(folder.path('tocsin.db')))
  })

  test(`PostgreSQL, ${postgresqlRounds} times`, {
    timeout: 60_000 + postgresqlRounds * 15_000,
  }, async (t) => {
    const database = await createPostgresqlDatabase()
    if (typeof database === 'string') {
      console.error(`kill -9 on PostgreSQL: skipped, ${database}`)
      return t.skip(database)
    }
    await using _database = database
    await using lapi = await LapiProcess.create('kill', { database: database.settings })
    await killAgainAndAgain(lapi, postgresqlRounds, () => {})
  })
})

async function killAgainAndAgain(
  lapi: LapiProcess,
  rounds: number,
  inspect: () => void,
): Promise<void> {
  await lapi.addMachine()
  const bouncer = await lapi.addBouncer('wall')
  await lapi.start()
  const load = new AlertLoad()
  const startsMs: number[] = []
  for (let round = 0; round < rounds; round++) {
    const machine = await lapi.machineHeaders()
    const ended = new AbortController()
    const running = load.run(lapi, machine, ended.signal)
    const before = load.acknowledged.size
    while (load.acknowledged.size === before) await delay(1)
    await delay(Math.random() * 500)
    await lapi.kill()
    ended.abort()
    await running
    // Whoever looks first must not repair what the server shall find.
    const startMs = performance.now()
    await lapi.start()
    startsMs.push(Math.round(performance.now() - startMs))
    inspect()
    await load.check(lapi, await lapi.machineHeaders(), bouncer)
  }
  const slowestMs = Math.max(...startsMs)
  console.error(`${rounds} kills: ${load.summary}; slowest restart ${slowestMs} ms`)
  assert.ok(load.acknowledged.size >= rounds * 10)
  const complaints = lapi.log.split('\n').filter((line) => / (?:error|warn) /.test(line))
  assert.deepEqual(complaints, [], 'a restart has nothing to complain about')
}
