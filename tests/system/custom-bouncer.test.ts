import assert from 'node:assert/strict'
import { chmod, readFile } from 'node:fs/promises'
import { test } from 'node:test'
import { serverUnderTest } from './support/local-apis.ts'
import { createMachine } from './support/machine.ts'
import { alertBody, banBody } from './support/samples.ts'
import { Sandbox } from './support/sandbox.ts'
import { systemSuite } from './support/system-suite.ts'

await systemSuite('crowdsec-custom-bouncer, unmodified', (peers) => {
  test('calls its program for our decisions', { timeout: 60_000 }, async (t) => {
    await using sandbox = await Sandbox.create('custom')
    const api = await serverUnderTest(sandbox, peers)
    using machine = await createMachine(api)
    const calls = await sandbox.write('calls', '')
    const program = await sandbox.write(
      'program',
      `#!/bin/sh\nprintf '%s|' "$@" >> ${calls}\necho >> ${calls}\n`,
    )
    await chmod(program, 0o755)
    const config = await sandbox.write(
      'custom-bouncer.yaml',
      `bin_path: ${program}
feed_via_stdin: false
total_retries: 0
update_frequency: 1s
cache_retention_duration: 10s
daemonize: false
log_mode: stdout
log_level: info
api_url: ${api.url}
api_key: ${await api.addBouncer('custom')}
prometheus: { enabled: false }
`,
    )
    const bouncer = sandbox.start('custom bouncer', peers.customBouncer, ['-c', config])

    /** The arguments of the call for a value: `add 192.0.2.7 14399 SCENARIO JSON`. */
    const call = (action: string, value: string) =>
      bouncer.ready(`${action} ${value}`, async () => {
        const lines = (await readFile(calls, 'utf8')).split('\n').map((line) => line.split('|'))
        return lines.find(([what, whom]) => what === action && whom === value)
      })

    for (const value of ['192.0.2.7', '2001:db8::7', '198.51.100.0/24']) {
      await t.test(`${value} comes and goes`, async () => {
        await machine.pushAlerts([alertBody(value, { decisions: [banBody(value)] })])
        const [, , seconds = '', scenario, json = ''] = await call('add', value)
        assert.ok(Number(seconds) > 14_300 && Number(seconds) <= 14_400, seconds)
        assert.equal(scenario, 'tocsin/system-test')
        assert.equal((JSON.parse(json) as { value: string }).value, value)
        await machine.deleteDecisions({ value })
        await call('del', value)
      })
    }
  })
})
