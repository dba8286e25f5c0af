import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { temporaryFolder, tocsin } from '../cli.test-support.ts'
import { startControlServer } from '../daemon/control-server.ts'
import { firewallPaths } from './run-firewall.ts'

suite('tocsin bouncer', () => {
  test('firewall -t says whether a configuration is right', async () => {
    using folder = temporaryFolder()
    const path = join(folder.path, 'bouncer.yaml')
    writeFileSync(path, 'mode: nftables\napi_key: abc\n')
    const right = await tocsin(['bouncer', 'firewall', '-t', '-c', path])
    assert.deepEqual([right.code, right.out], [0, 'the configuration is right\n'])
    writeFileSync(path, 'mode: nftables\ndeny_action: SHRUG\n')
    const wrong = await tocsin(['bouncer', 'firewall', '-t', '-c', path])
    assert.equal(wrong.code, 1)
    assert.match(wrong.err, /bouncer\.yaml:2:14: .*deny_action.*\n.*deny_action: SHRUG\n/)
  })

  test('without a key it says how to make one', async () => {
    using folder = temporaryFolder()
    const state = ['--state-dir', folder.path]
    const { code, err } = await tocsin(['bouncer', 'firewall', '--dry-run', ...state])
    assert.equal(code, 2)
    assert.match(err, /API key.*tocsin bouncers add NAME/)
  })

  const wrong: Readonly<Record<string, string>> = {
    '--allow home': '--allow takes addresses and ranges, not "home"',
    '--ipv6-prefix wide': 'whole number above zero',
    '--interval soon': 'a duration such as 10s',
    '--metrics 60601': 'an address and a port',
    '--when-stale panic': 'Allowed choices are static, open, closed',
    '--mode firewalld': 'Allowed choices are nftables, iptables',
  }
  for (const [words, message] of Object.entries(wrong)) {
    test(`${words} is refused`, async () => {
      const { code, err } = await tocsin(['bouncer', 'firewall', ...words.split(' ')])
      assert.notEqual(code, 0)
      assert.ok(err.includes(message), err)
    })
  }

  test('verify without a bouncer says how to start one', async () => {
    using folder = temporaryFolder()
    const { code, err } = await tocsin(['bouncer', 'verify', '--state-dir', folder.path])
    assert.equal(code, 1)
    assert.match(err, /Start one with: tocsin bouncer firewall/)
  })

  test('verify shows what differs, and fails when anything does', async () => {
    using folder = temporaryFolder()
    const verification = {
      isWhole: true,
      expected: 1_234,
      standing: 1_232,
      missing: 2,
      wrong: 1,
      foreign: 0,
      examples: ['missing 192.0.2.7/32', 'missing 192.0.2.8/32', 'wrong 192.0.2.9/32'],
    }
    await using _ = await startControlServer(firewallPaths(folder.path).control, {
      'GET /verify': () => verification,
    })
    const shown = await tocsin(['bouncer', 'verify', '--state-dir', folder.path])
    assert.equal(shown.code, 1)
    assert.equal(
      shown.out,
      `1,232 of 1,234 bans stand
2 missing, 1 with another end or origin, 0 that nobody decided
  missing 192.0.2.7/32
  missing 192.0.2.8/32
  wrong 192.0.2.9/32
`,
    )
    const json = await tocsin(['bouncer', 'verify', '--state-dir', folder.path, '-o', 'json'])
    assert.deepEqual(JSON.parse(json.out), verification)
  })
})
