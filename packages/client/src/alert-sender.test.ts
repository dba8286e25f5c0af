import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import type { AlertBody } from '@tocsin/protocol'
import { silentLog } from '@tocsin/telemetry'
import { AlertSender } from './alert-sender.ts'
import { ClientError } from './client-error.ts'
import { fakePacing } from './fake-server.test-support.ts'
import { alert } from './samples.test-support.ts'

/** Stores alerts unless `refuse` has an error for the request. */
function recordingClient(refuse: (alerts: readonly AlertBody[]) => ClientError | undefined) {
  const stored: string[] = []
  const requests: number[] = []
  return {
    stored,
    requests,
    async pushAlerts(alerts: readonly AlertBody[]): Promise<string[]> {
      requests.push(alerts.length)
      const error = refuse(alerts)
      if (error) throw error
      stored.push(...alerts.map(({ scenario }) => scenario))
      return alerts.map((_, i) => String(i))
    },
  }
}

async function settled(sender: AlertSender): Promise<void> {
  for (let i = 0; i < 1_000 && sender.waiting > 0; i++) await turn()
}

const unavailable = (status: number) => new ClientError('TOC_CLIENT_UNAVAILABLE', 'no', { status })
const named = (count: number) => Array.from({ length: count }, (_, i) => `s${i}`)

suite('AlertSender', () => {
  test('sends together what came together, in order', async () => {
    const client = recordingClient(() => undefined)
    await using sender = new AlertSender({ client, log: silentLog, pacing: fakePacing() })
    for (const scenario of named(250)) sender.add(alert({ scenario }))
    await settled(sender)
    assert.deepEqual(client.stored, named(250))
    assert.deepEqual(client.requests, [100, 100, 50])
    assert.deepEqual([sender.sent, sender.dropped], [250, 0])
  })

  test('keeps alerts while no server answers', async () => {
    let failures = 0
    const client = recordingClient(() => (failures++ < 5 ? unavailable(503) : undefined))
    await using sender = new AlertSender({ client, log: silentLog, pacing: fakePacing() })
    for (const scenario of named(3)) sender.add(alert({ scenario }))
    await settled(sender)
    assert.deepEqual(client.stored, named(3))
  })

  const poisons = {
    'with 400': () => new ClientError('TOC_CLIENT_REFUSED', 'no', { status: 400 }),
    'with 500, as old servers do': () => unavailable(500),
  }
  for (const [how, error] of Object.entries(poisons)) {
    test(`an alert refused ${how} costs only itself`, async () => {
      const client = recordingClient((alerts) =>
        alerts.some(({ scenario }) => scenario === 's1') ? error() : undefined,
      )
      await using sender = new AlertSender({ client, log: silentLog, pacing: fakePacing() })
      for (const scenario of named(4)) sender.add(alert({ scenario }))
      await settled(sender)
      assert.deepEqual(client.stored, ['s0', 's2', 's3'])
      assert.deepEqual([sender.sent, sender.dropped], [3, 1])
    })
  }

  test('a server that refuses everything costs nothing', async () => {
    let requests = 0
    const client = recordingClient(() => (requests++ < 30 ? unavailable(500) : undefined))
    await using sender = new AlertSender({ client, log: silentLog, pacing: fakePacing() })
    for (const scenario of named(4)) sender.add(alert({ scenario }))
    await settled(sender)
    assert.deepEqual([sender.sent, sender.dropped], [4, 0])
  })

  test('the oldest make room', async () => {
    const client = recordingClient(() => undefined)
    const options = { client, log: silentLog, pacing: fakePacing(), capacity: 2 }
    await using sender = new AlertSender(options)
    for (const scenario of named(3)) sender.add(alert({ scenario }))
    await settled(sender)
    assert.deepEqual(client.stored, ['s1', 's2'])
    assert.equal(sender.dropped, 1)
  })

  test('what waits at the end is sent once more', async () => {
    const client = recordingClient(() => undefined)
    const never = {
      ...fakePacing(),
      sleep: (_: number, signal: AbortSignal | undefined) =>
        new Promise<void>((_, reject) =>
          signal?.addEventListener('abort', () => reject(signal.reason)),
        ),
    }
    const sender = new AlertSender({ client, log: silentLog, pacing: never })
    sender.add(alert())
    await sender[Symbol.asyncDispose]()
    assert.deepEqual(client.stored, ['ssh-bf'])
  })
})
