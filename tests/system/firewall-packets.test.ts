import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import type { LapiClient } from '@tocsin/client'
import type { DecisionBody } from '@tocsin/protocol'
import { FakeLapi, streamed } from './support/fake-lapi.ts'
import { FirewallBouncer } from './support/firewall-bouncer.ts'
import { FirewallLab, whyNoFirewallLab } from './support/firewall-lab.ts'
import { localApis } from './support/local-apis.ts'
import { createMachine } from './support/machine.ts'
import { alertBody, banBody } from './support/samples.ts'
import { systemSuite } from './support/system-suite.ts'
import { waitFor } from './support/wait-for.ts'

for (const [name, start] of Object.entries(localApis)) {
  await systemSuite(`our firewall bouncer, decisions from ${name}`, (peers) => {
    const reason = whyNoFirewallLab()
    const skip = reason ?? false
    test('packets', { timeout: 180_000, skip }, async (t) => {
      await using lab = await FirewallLab.create('packets')
      const api = await start(lab.host, peers)
      using machine = await createMachine(api)
      const key = await api.addBouncer('firewall')
      const options = ['--lapi-url', api.url, '--allow', '198.51.100.50', '--ipv6-prefix', '64']
      const bouncer = await FirewallBouncer.start(lab.host, key, options)
      const inStep = (expected: number) =>
        waitFor(`${expected} bans`, async () => {
          const { standing, missing, wrong, foreign } = await bouncer.verify()
          return standing === expected && missing + wrong + foreign === 0
        })

      await t.test('inside a banned /24 nothing passes, beside it everything', async () => {
        await lab.expect({ '198.51.100.77': true })
        await decide(machine, '198.51.100.0/24')
        await inStep(1)
        await lab.expect({
          '198.51.100.1': false,
          '198.51.100.77': false,
          '198.51.100.254': false,
          '198.51.99.77': true,
          '198.51.101.77': true,
        })
      })

      await t.test('an allowed address inside it passes', async () => {
        await lab.expect({ '198.51.100.50': true, '198.51.100.51': false })
      })

      await t.test('an IPv6 address takes its /64 along', async () => {
        await decide(machine, '2001:db8:0:7::1')
        await inStep(2)
        await lab.expect({
          '2001:db8:0:7::1': false,
          '2001:db8:0:7:abcd::9': false,
          '2001:db8:0:8::1': true,
        })
      })

      await t.test('a lengthened ban is lengthened in the kernel', async () => {
        await decide(machine, '203.0.113.5', { duration: '1m' })
        await inStep(3)
        await decide(machine, '203.0.113.5', { duration: '2h' })
        await waitFor('two hours', async () => {
          const listing = await lab.onHost('nft', '-j', 'list', 'map', 'inet', 'tocsin', 'host4-5')
          const [, expires = '0'] = /"val": "203\.0\.113\.5".*?"expires": (\d+)/.exec(listing) ?? []
          return Number(expires) > 7_000
        })
      })

      await t.test('deleting one origin’s decision keeps the other’s', async () => {
        await decide(machine, '203.0.113.9', { origin: 'cscli', duration: '2h' })
        await decide(machine, '203.0.113.9', { origin: 'crowdsec', duration: '3h' })
        await waitFor('the ban', async () => !(await lab.reaches('203.0.113.9')))
        assert.ok((await machine.deleteDecisions({ value: '203.0.113.9', origin: 'crowdsec' })) > 0)
        // Two pulls later at the latest the deletion is known.
        await new Promise((resolve) => setTimeout(resolve, 3_000))
        await lab.expect({ '203.0.113.9': false, '203.0.113.8': true })
        assert.ok((await machine.deleteDecisions({ value: '203.0.113.9' })) > 0)
        await waitFor('the end', () => lab.reaches('203.0.113.9'))
      })

      await t.test('another program flushes all rules: repaired', async () => {
        await lab.onHost('nft', 'flush', 'ruleset')
        await lab.expect({ '198.51.100.77': true })
        await waitFor('the repair', async () => !(await lab.reaches('198.51.100.77')))
        const { totals } = await bouncer.status()
        assert.ok(totals.rebuilds >= 1 && totals.drift >= 3, JSON.stringify(totals))
        assert.match(await bouncer.verifyCommand(), /^3 of 3 bans stand/)
      })

      await t.test(
        'stopped, what is banned stays banned; started again, it is adopted',
        async () => {
          await bouncer.process.stop()
          await lab.expect({ '198.51.100.77': false, '198.51.100.50': true })
          const again = await FirewallBouncer.start(lab.host, key, options)
          await waitFor('a sync', async () => (await again.status()).sync)
          const { sync } = await again.status()
          assert.equal(sync?.added, 0)
          assert.equal(sync?.isRebuilt, false)
          await lab.expect({ '198.51.100.77': false })
        },
      )
    })
  })
}

const noLab = whyNoFirewallLab()
suite('our firewall bouncer with iptables', { skip: noLab ?? false }, () => {
  test('packets', { timeout: 120_000 }, async () => {
    await using lab = await FirewallLab.create('iptables')
    await using lapi = new FakeLapi(lab.host.path('lapi.sock'))
    lapi.all = [
      streamed(1, '198.51.100.0/24'),
      streamed(2, '2001:db8:0:7::/64', { origin: 'CAPI' }),
    ]
    await lapi.open()
    const allow = ['--allow', '198.51.100.50']
    const options = ['--lapi-url', lapi.socket, '--mode', 'iptables', ...allow]
    const bouncer = await FirewallBouncer.start(lab.host, 'a-key', options)
    await waitFor('both bans', async () => (await bouncer.status()).enforced === 2)
    const passes = {
      '198.51.100.77': false,
      '198.51.100.50': true,
      '198.51.101.77': true,
      '2001:db8:0:7::9': false,
      '2001:db8:0:8::9': true,
    }
    await lab.expect(passes)
    await lab.onHost('iptables', '-F')
    await lab.expect({ '198.51.100.77': true })
    await waitFor('the repair', async () => !(await lab.reaches('198.51.100.77')))
    lapi.tell([], [lapi.all[0] ?? streamed(0, '')])
    await waitFor('the end of one', () => lab.reaches('198.51.100.77'))
    await bouncer.process.stop()
    await lab.expect({ '198.51.100.77': true, '2001:db8:0:7::9': false })
  })
})

async function decide(
  machine: LapiClient,
  value: string,
  changes: Partial<DecisionBody> = {},
): Promise<void> {
  const decisions = [banBody(value, changes)]
  await machine.pushAlerts([alertBody(value, { decisions, source: { scope: 'Ip', value } })])
}
