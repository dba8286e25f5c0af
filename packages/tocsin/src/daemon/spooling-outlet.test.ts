import assert from 'node:assert/strict'
import { readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Alert, Instant } from '@tocsin/model'
import type { AlertBody } from '@tocsin/protocol'
import { silentLog } from '@tocsin/telemetry'
import { temporaryFolder } from '../cli.test-support.ts'
import { SpoolingOutlet } from './spooling-outlet.ts'

function alertOf(scenario: string): Alert {
  const unknown = { range: '', asNumber: '', asName: '', country: '', latitude: 0, longitude: 0 }
  return {
    scenario,
    scenarioVersion: '',
    scenarioHash: '',
    message: scenario,
    capacity: 1,
    leakSpeed: '10s',
    eventsCount: 2,
    startAt: new Instant(0),
    stopAt: new Instant(0),
    isSimulated: false,
    hasRemediation: true,
    kind: 'crowdsec',
    events: [],
    meta: [],
    labels: [],
    source: { scope: 'Ip', value: '192.0.2.1', ip: '192.0.2.1', ...unknown },
    decisions: [],
  }
}

/** A receiver that can be switched off. */
function receiver() {
  const taken: string[] = []
  const state = { isUp: true }
  const send = async (bodies: readonly AlertBody[]) => {
    if (!state.isUp) throw new Error('connection refused')
    taken.push(...bodies.map((body) => body.scenario))
  }
  return { taken, state, send }
}

suite('SpoolingOutlet', () => {
  test('with a receiver nothing touches the disk', async () => {
    using folder = temporaryFolder()
    const { send, taken } = receiver()
    await using outlet = new SpoolingOutlet({ directory: folder.path, send, log: silentLog })
    await outlet.deliver([alertOf('a')])
    assert.deepEqual([taken, outlet.waiting], [['a'], 0])
  })

  test('without one alerts wait in private files, and arrive once, in order', async () => {
    using folder = temporaryFolder()
    const { send, taken, state } = receiver()
    state.isUp = false
    await using outlet = new SpoolingOutlet({ directory: folder.path, send, log: silentLog })
    await outlet.deliver([alertOf('a'), alertOf('b')])
    await outlet.deliver([alertOf('c')])
    assert.equal(outlet.waiting, 2)
    const [file = ''] = readdirSync(folder.path)
    assert.equal(statSync(join(folder.path, file)).mode & 0o777, 0o600)
    state.isUp = true
    for (let i = 0; i < 100 && outlet.waiting > 0; i++) await sleep(50)
    assert.deepEqual([taken, readdirSync(folder.path)], [['a', 'b', 'c'], []])
  })

  test('what waits outlives the process', async () => {
    using folder = temporaryFolder()
    const { send, taken, state } = receiver()
    state.isUp = false
    {
      await using before = new SpoolingOutlet({ directory: folder.path, send, log: silentLog })
      await before.deliver([alertOf('a')])
    }
    state.isUp = true
    await using after = new SpoolingOutlet({ directory: folder.path, send, log: silentLog })
    for (let i = 0; i < 100 && after.waiting > 0; i++) await sleep(10)
    await after.deliver([alertOf('b')])
    assert.deepEqual(taken, ['a', 'b'])
  })

  test('an unreadable file costs only itself', async () => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, '000000000001.json'), '[{"scen')
    const { send, taken } = receiver()
    await using outlet = new SpoolingOutlet({ directory: folder.path, send, log: silentLog })
    await outlet.deliver([alertOf('a')])
    for (let i = 0; i < 100 && outlet.waiting > 0; i++) await sleep(10)
    assert.deepEqual(taken, ['a'])
    assert.ok(readdirSync(folder.path).includes('000000000001.json.unreadable'))
  })
})
