import assert from 'node:assert/strict'
import { appendFile } from 'node:fs/promises'
import { suite, test } from 'node:test'
import { FirewallLab, whyNoFirewallLab } from './support/firewall-lab.ts'
import { tocsinMain } from './support/tocsin-config.ts'
import { waitFor } from './support/wait-for.ts'

const reason = whyNoFirewallLab()
if (reason !== undefined) console.error(`tocsin run --block is skipped: ${reason}`)

suite('tocsin run --block', { skip: reason ?? false }, () => {
  test('an attacker in the log is kept out within moments', { timeout: 120_000 }, async (t) => {
    await using lab = await FirewallLab.create('run')
    const log = await lab.host.write('auth.log', '')
    const state = lab.host.path('state')
    const args = ['run', '--block', '--watch', `${log}:syslog`, '--state-dir', state]
    const daemon = lab.host.start('tocsin', process.execPath, [
      tocsinMain,
      ...args,
      '--listen',
      '127.0.0.1:8080',
    ])
    await daemon.ready('it watches', () => daemon.output.includes('auth.log'), 60_000)
    await lab.expect({ '198.51.100.7': true })
    const startMs = Date.now()
    await appendFile(log, failedLogins('198.51.100.7', 12))
    await daemon.ready('the ban', async () => !(await lab.reaches('198.51.100.7')))
    t.diagnostic(`from the log to the kernel, a ping's second included: ${Date.now() - startMs} ms`)
    await lab.expect({ '198.51.100.8': true })
    const verify = ['bouncer', 'verify', '--state-dir', state]
    assert.match(
      await lab.host.run(process.execPath, [tocsinMain, ...verify]),
      /^1 of 1 bans stand/,
    )
    await daemon.stop()
    await waitFor('the ban that stays', async () => !(await lab.reaches('198.51.100.7')))
  })
})

/** Lines of sshd about logins that failed, all of now. */
function failedLogins(address: string, count: number): string {
  return Array.from({ length: count }, (_, i) => {
    const time = new Date().toISOString()
    return `${time} host sshd[${1000 + i}]: Failed password for root from ${address} port ${40_000 + i} ssh2\n`
  }).join('')
}
