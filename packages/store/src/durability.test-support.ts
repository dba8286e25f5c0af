import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { systemClock } from '@tocsin/model'
import { silentLog } from '@tocsin/telemetry'
import { openStore } from './open-store.ts'
import { alert, ban } from './samples.test-support.ts'
import type { DatabaseSettings } from './store.ts'

const child = `${import.meta.dirname}/durability-child.test-support.ts`

/** Writes alerts until it is killed; says each id on standard output once it was acknowledged. */
export async function writeForEver(database: DatabaseSettings): Promise<never> {
  const clock = systemClock
  const store = await openStore({ database }, { clock, log: silentLog })
  let count = (await store.alerts.count({})) * 10
  const write = async (): Promise<never> => {
    for (;;) {
      const n = ++count
      const value = `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`
      const [id] = await store.alerts.insert([alert(clock, { decisions: [ban(clock, value)] })])
      process.stdout.write(`${id} ${value}\n`)
      if (n % 7 === 0) await store.decisions.expire({ value })
      if (n % 7 === 0) process.stdout.write(`- ${value}\n`)
    }
  }
  return Promise.race([write(), write(), write(), write()])
}

/**
 * Kills a process that writes alerts, again and again on the same database: nothing acknowledged may be
 * lost, nothing ended may be live again, and no alert may be there in half.
 */
export async function killWriters(database: DatabaseSettings, rounds: number): Promise<void> {
  const told = new Map<string, string>()
  const ended = new Set<string>()
  for (let round = 0; round < rounds; round++) {
    // Neither always early nor always late.
    await writeAndKill(database, 20 + ((round * 37) % 100), told, ended)
    await using store = await openStore({ database }, { clock: systemClock, log: silentLog })
    const alerts = await store.alerts.query({})
    const byId = new Map(alerts.map((row) => [String(row.id), row]))
    const live = new Set(store.decisions.query({}).map((decision) => decision.value))
    for (const [id, value] of told) {
      assert.deepEqual(
        byId.get(id)?.decisions.map((d) => d.value),
        [value],
        `alert ${id} is kept`,
      )
      if (ended.has(value)) assert.equal(live.has(value), false, `${value} stays ended`)
      else if (!isBeingEnded(value)) assert.ok(live.has(value), `${value} is live`)
    }
    for (const row of alerts) assert.equal(row.decisions.length, 1, 'no alert in half')
  }
  assert.ok(told.size >= rounds * 20)
}

/** An end that was asked for but not acknowledged may have happened or not. */
function isBeingEnded(value: string): boolean {
  const [, a = 0, b = 0, c = 0] = value.split('.').map(Number)
  return ((a << 16) | (b << 8) | c) % 7 === 0
}

async function writeAndKill(
  database: DatabaseSettings,
  count: number,
  told: Map<string, string>,
  ended: Set<string>,
): Promise<void> {
  const writer = spawn(process.execPath, [child, JSON.stringify(database)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let lines = 0
  for await (const line of createInterface(writer.stdout)) {
    const [id = '', value = ''] = line.split(' ')
    if (id === '-') ended.add(value)
    else told.set(id, value)
    if (++lines === count) writer.kill('SIGKILL')
  }
  assert.ok(lines >= count, 'the writer lived until it was killed')
}
