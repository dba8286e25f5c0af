import assert from 'node:assert/strict'
import { appendFile } from 'node:fs/promises'
import { test } from 'node:test'
import { writeCrowdsecConfig } from './support/crowdsec-config.ts'
import { serverUnderTest } from './support/local-apis.ts'
import { createMachine } from './support/machine.ts'
import { Sandbox } from './support/sandbox.ts'
import { systemSuite } from './support/system-suite.ts'

/** What the agent uses of the hub that the package brings. */
const hubItems = [
  'parsers/s00-raw/crowdsecurity/syslog-logs.yaml',
  'parsers/s01-parse/crowdsecurity/sshd-logs.yaml',
  'parsers/s02-enrich/crowdsecurity/dateparse-enrich.yaml',
  'scenarios/crowdsecurity/ssh-bf.yaml',
]

/** A line as sshd writes it, now. */
function failedLogin(address: string): string {
  const [, month, day, , time] = new Date().toString().match(/\w+ (\w+) (\d+) (\d+) ([\d:]+)/) ?? []
  const date = `${month} ${String(Number(day)).padStart(2)} ${time}`
  return `${date} web1 sshd[4242]: Failed password for invalid user admin from ${address} port 50022 ssh2\n`
}

await systemSuite('the crowdsec agent, unmodified', (peers) => {
  test('reports what it sees to our Local API', { timeout: 120_000 }, async (t) => {
    await using sandbox = await Sandbox.create('agent')
    const api = await serverUnderTest(sandbox, peers)
    using operator = await createMachine(api)
    await api.addMachine('agent1', 'agent-password')
    const log = await sandbox.write('auth.log', '')
    const config = await writeCrowdsecConfig(sandbox, peers, {
      folder: 'agent',
      logs: [{ path: log, type: 'syslog' }],
      hubItems,
      lapi: { url: api.url, login: 'agent1', password: 'agent-password' },
    })
    const agent = sandbox.start('agent', peers.crowdsec, ['-c', config, '-no-api'])
    await agent.ready('the log is read', () => agent.output.includes('Adding file'), 30_000)

    for (const address of ['203.0.113.7', '2001:db8::7']) {
      await t.test(`a guesser at ${address} becomes an alert and a decision`, async () => {
        for (let i = 0; i < 8; i++) await appendFile(log, failedLogin(address))
        const [alert] = await agent.ready(`an alert about ${address}`, async () => {
          const alerts = await operator.alerts({ ip: address })
          return alerts.length > 0 && alerts
        })
        assert.equal(alert?.scenario, 'crowdsecurity/ssh-bf')
        assert.equal(alert?.machine_id, 'agent1')
        assert.equal(alert?.source.value, address)
        assert.match(alert?.message ?? '', /performed 'crowdsecurity\/ssh-bf' \(6 events/)
        assert.ok((alert?.events?.length ?? 0) > 0)
        const [decision] = alert?.decisions ?? []
        assert.equal(decision?.origin, 'crowdsec')
        assert.equal(decision?.type, 'ban')
      })
    }

    await t.test('a restart of our server costs nothing', async () => {
      await api.restart()
      for (let i = 0; i < 8; i++) await appendFile(log, failedLogin('203.0.113.8'))
      await agent.ready(
        'an alert after the restart',
        async () => {
          return (await operator.alerts({ ip: '203.0.113.8' })).length > 0
        },
        40_000,
      )
    })

    await t.test('it is known to be alive, and with what it looks', async () => {
      const known = await agent.ready(
        'a heartbeat',
        async () => {
          const machine = (await api.machines()).find(({ machineId }) => machineId === 'agent1')
          return machine?.last_heartbeat ? machine : undefined
        },
        75_000,
      )
      assert.match(known.version ?? '', /1\.4\.6/)
      assert.equal(known.isValidated, true)
    })
  })
})
