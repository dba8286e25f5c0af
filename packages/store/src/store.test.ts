import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { silentLog } from '@tocsin/telemetry'
import { openStore } from './open-store.ts'
import { alert, ban, TestClock } from './samples.test-support.ts'
import { storeContract } from './store.contract.test-support.ts'

const folder = mkdtempSync(join(tmpdir(), 'store-'))
after(() => rmSync(folder, { recursive: true }))

let count = 0
storeContract('SQLite', async () => {
  const path = join(folder, `${++count}.db`)
  return (clock, retention = {}) =>
    openStore(
      // Nothing here pulls the plug, and waiting for the disk would take most of the time.
      { database: { type: 'sqlite', path, durability: 'process' }, retention, syncIntervalMs: 0 },
      { clock, log: silentLog },
    )
})

test('retention keeps the file below its size, live decisions excepted', async () => {
  const clock = new TestClock()
  const path = join(folder, 'size.db')
  const maxSizeBytes = 1_000_000
  const store = await openStore(
    { database: { type: 'sqlite', path, durability: 'process' }, retention: { maxSizeBytes } },
    { clock, log: silentLog },
  )
  const message = 'x'.repeat(10_000)
  await store.alerts.insert([alert(clock, { decisions: [ban(clock, '192.0.2.7')] })])
  await store.alerts.insert(Array.from({ length: 300 }, () => alert(clock, { message })))
  const { alerts } = await store.runRetention()
  assert.ok(alerts > 150 && alerts < 290, `${alerts} deleted`)
  assert.equal(await store.alerts.count({ hasActiveDecision: true }), 1)
  assert.deepEqual((await store.runRetention()).alerts, 0)
  await store[Symbol.asyncDispose]()
  assert.ok(statSync(path).size <= maxSizeBytes)
})

test('positions of bouncers are written down while it runs', async (context) => {
  context.mock.timers.enable({ apis: ['setInterval'] })
  const clock = new TestClock()
  const database = { type: 'sqlite', path: join(folder, 'positions.db') } as const
  const deps = { clock, log: silentLog }
  await using store = await openStore({ database, syncIntervalMs: 0 }, deps)
  const key = { keyHash: 'k', ipAddress: '', authType: 'api-key', isAutoCreated: false } as const
  await store.bouncers.add({ name: 'b', ...key })
  const position = { seq: 0, pullMs: clock.nowMs() }
  store.bouncers.setPosition('b', position)
  context.mock.timers.tick(1_000)
  await store.config.set('after', 'the flush, since writers stand in line')
  await using other = await openStore({ database, syncIntervalMs: 0 }, deps)
  assert.deepEqual(other.bouncers.find('b')?.position, position)
})
