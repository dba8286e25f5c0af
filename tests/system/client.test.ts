import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  BouncerClient,
  type DecisionUpdate,
  LapiClient,
  type MachineCredentials,
  registerMachine,
} from '@tocsin/client'
import type { DecisionReply } from '@tocsin/protocol'
import { localApis } from './support/local-apis.ts'
import { alertBody, banBody } from './support/samples.ts'
import { Sandbox } from './support/sandbox.ts'
import { systemSuite } from './support/system-suite.ts'

const userAgent = 'tocsin-system/v0.1.0'
const credentials: MachineCredentials = {
  kind: 'password',
  machineId: 'web1',
  password: 'correct-horse',
}
const values = (decisions: readonly DecisionReply[]) => decisions.map(({ value }) => value).sort()

type Change = Exclude<DecisionUpdate, { kind: 'failure' }>

/** The next update that is no failure and brings something. */
async function nextChange(stream: AsyncGenerator<DecisionUpdate, void>): Promise<Change> {
  for (;;) {
    const { value, done } = await stream.next()
    if (done || value === undefined) throw new Error('the stream ended')
    if (value.kind !== 'failure' && value.added.length + value.deleted.length > 0) return value
  }
}

for (const [name, start] of Object.entries(localApis)) {
  await systemSuite(`our client at the Local API of ${name}`, async (peers) => {
    test('everything a machine and a bouncer do', { timeout: 120_000 }, async (t) => {
      await using sandbox = await Sandbox.create('client')
      const api = await start(sandbox, peers)
      const urls = [api.socket]
      const isOld = api.name === 'crowdsec'
      await api.addMachine(credentials.machineId, credentials.password)
      const apiKey = await api.addBouncer('fw1')
      using machine = new LapiClient({ urls, userAgent, credentials, scenarios: () => ['a/b'] })
      using bouncer = new BouncerClient({ urls, userAgent, apiKey })

      await t.test('the machine logs in and is alive', async () => {
        await machine.logIn()
        await machine.heartbeat()
      })

      await t.test('a machine registers, and waits until it is accepted', async () => {
        const options = { urls, userAgent, machineId: 'web2', password: 'p'.repeat(64) }
        assert.equal(await registerMachine(options), 'pending')
        using second = new LapiClient({
          urls,
          userAgent,
          credentials: { kind: 'password', ...options },
          retry: { attempts: 1 },
        })
        await assert.rejects(second.logIn(), { code: 'TOC_CLIENT_UNAUTHORIZED', status: 401 })
        await api.validateMachine('web2')
        await second.logIn()
      })

      await t.test('a wrong password and a wrong key are refused', async () => {
        const wrong = { ...credentials, password: 'wrong' } as MachineCredentials
        using stranger = new LapiClient({ urls, userAgent, credentials: wrong })
        await assert.rejects(stranger.logIn(), { status: 401 })
        using thief = new BouncerClient({ urls, userAgent, apiKey: 'wrong' })
        await assert.rejects(thief.lookup({ ip: '192.0.2.1' }), { status: 403 })
      })

      await t.test('the key is checked', () => bouncer.check())

      const stream = bouncer.stream({ intervalMs: 300 })

      await t.test('the first update is an empty snapshot', async () => {
        const { value } = await stream.next()
        assert.equal(value?.kind, 'snapshot', value?.kind === 'failure' ? value.error.message : '')
        assert.deepEqual(value?.kind === 'snapshot' && [value.added, value.deleted], [[], []])
      })

      await t.test(
        'an alert becomes a decision by the profiles, and reaches the bouncer',
        async () => {
          const ids = await machine.pushAlerts([alertBody('192.0.2.7'), alertBody('2001:db8::7')])
          assert.equal(ids.length, 2)
          const seen = new Set<string>()
          while (seen.size < 2) {
            const { kind, added } = await nextChange(stream)
            assert.equal(kind, 'delta')
            for (const { value } of added) seen.add(value)
          }
          assert.deepEqual([...seen].sort(), ['192.0.2.7', '2001:db8::7'])
          const [decision] = await bouncer.lookup({ ip: '192.0.2.7' })
          assert.equal(decision?.origin, 'crowdsec')
          assert.equal(decision?.type, 'ban')
          assert.equal(decision?.scenario, 'tocsin/system-test')
          // Old servers answer fractions of seconds, which old clients cannot read.
          const left = isOld ? /^3h59m[\d.]+s$/ : /^3h59m\d\d?s$|^4h0m0s$/
          assert.match(decision?.duration ?? '', left)
        },
      )

      await t.test('a range decided by hand is found by an address in it', async () => {
        const range = banBody('198.51.100.0/24', { duration: '1h' })
        await machine.pushAlerts([alertBody('198.51.100.0/24', { decisions: [range] })])
        assert.deepEqual(values((await nextChange(stream)).added), ['198.51.100.0/24'])
        assert.deepEqual(values(await bouncer.lookup({ ip: '198.51.100.77' })), ['198.51.100.0/24'])
        assert.deepEqual(await bouncer.lookup({ ip: '198.51.101.1' }), [])
      })

      await t.test('alerts are listed with their decisions', async () => {
        const alerts = await machine.alerts({ ip: '192.0.2.7' })
        assert.deepEqual(values(alerts.flatMap(({ decisions }) => decisions ?? [])), ['192.0.2.7'])
        const active = await machine.activeDecisions()
        const decisions = active.flatMap(({ decisions }) => decisions ?? [])
        assert.deepEqual(values(decisions), ['192.0.2.7', '198.51.100.0/24', '2001:db8::7'])
        const alert = await machine.alert(alerts[0]?.id ?? 0)
        assert.equal(alert?.machine_id, 'web1')
        assert.equal(alert?.events?.length, 1)
        assert.equal(await machine.alert(999_999), undefined)
      })

      await t.test('a decision that ends is announced as deleted', async () => {
        assert.equal(await machine.deleteDecisions({ value: '192.0.2.7' }), 1)
        assert.deepEqual(values((await nextChange(stream)).deleted), ['192.0.2.7'])
        assert.deepEqual(await bouncer.lookup({ ip: '192.0.2.7' }), [])
      })

      await t.test('2,000 decisions arrive, the request being compressed', async () => {
        const many = Array.from({ length: 2_000 }, (_, i) => `45.0.${i >> 8}.${i & 255}`)
        const decisions = many.map((value) => banBody(value, { origin: 'cscli-import' }))
        await machine.pushAlerts([alertBody('', { decisions, source: { scope: '', value: '' } })])
        const seen = new Set<string>()
        while (seen.size < many.length) {
          for (const { value } of (await nextChange(stream)).added) seen.add(value)
        }
        assert.deepEqual([...seen].sort(), many.sort())
      })

      await t.test(
        'a restart of the server costs neither the machine nor the bouncer',
        async () => {
          await api.restart()
          await machine.pushAlerts([alertBody('203.0.113.9')])
          const { added } = await nextChange(stream)
          assert.ok(values(added).includes('203.0.113.9'))
        },
      )

      await t.test('alerts are deleted', async () => {
        const before = await machine.alerts({ ip: '203.0.113.9' })
        // The relay to their server makes this a request from 127.0.0.1, ours sees a Unix socket.
        assert.equal(await machine.deleteAlert(before[0]?.id ?? 0), 1)
        assert.deepEqual(await machine.alerts({ ip: '203.0.113.9' }), [])
      })

      await t.test('a decision made again, for longer, is announced and lasts longer', async () => {
        const value = '203.0.113.77'
        for (const duration of ['1h', '9h']) {
          await machine.pushAlerts([
            alertBody(value, { decisions: [banBody(value, { duration })] }),
          ])
          const { added, deleted } = await nextChange(stream)
          assert.deepEqual(values(added), [value])
          assert.ok(!values(deleted).includes(value))
        }
        const found = await bouncer.lookup({ ip: value })
        assert.match(found.at(-1)?.duration ?? '', /^(8h59m|9h)/)
        // Theirs appends, ours extends.
        assert.equal(found.length, isOld ? 2 : 1)
      })

      const skip = isOld && 'version 1.4.6 has none'
      await t.test('usage and allowlists', { skip }, async () => {
        const now = Math.floor(Date.now() / 1000)
        await bouncer.sendUsageMetrics({
          remediation_components: [
            {
              version: 'v0.1.0',
              utc_startup_timestamp: now,
              metrics: [
                {
                  meta: { window_size_seconds: 900, utc_now_timestamp: now },
                  items: [{ name: 'dropped', value: 3, unit: 'packet', labels: { origin: 'x' } }],
                },
              ],
            },
          ],
        })
        assert.deepEqual(await machine.allowlists(), [])
        assert.equal(await machine.checkAllowlisted('192.0.2.1'), undefined)
        assert.deepEqual(await machine.checkManyAllowlisted(['192.0.2.1', '203.0.113.0/24']), [])
      })

      await t.test('the machine leaves', { skip }, async () => {
        await machine.unregister()
        await assert.rejects(machine.logIn(), { status: 401 })
      })
      await stream.return()
    })
  })
}
