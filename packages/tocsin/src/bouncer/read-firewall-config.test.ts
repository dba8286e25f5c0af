import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { suite, test } from 'node:test'
import { formatProblem, Problems } from '@tocsin/diagnostic'
import { temporaryFolder } from '../cli.test-support.ts'
import { defaultFirewallSettings, type FirewallSettings } from './firewall-settings.ts'
import { readFirewallConfig } from './read-firewall-config.ts'

function read(
  text: string,
  overlay?: string,
  variables: Record<string, string> = {},
): { settings: FirewallSettings | undefined; problems: string[] } {
  using folder = temporaryFolder()
  const path = join(folder.path, 'bouncer.yaml')
  writeFileSync(path, text)
  if (overlay !== undefined) writeFileSync(`${path}.local`, overlay)
  const problems = new Problems()
  const settings = readFirewallConfig(path, variables, problems)
  const shown = problems.list.map((problem) => formatProblem(problem).replaceAll(path, 'file'))
  return { settings, problems: shown.map((text) => text.split('\n')[0] ?? '') }
}

/** As the peers' package brings it. */
const packaged = `mode: \${BACKEND}
pid_dir: /var/run/
update_frequency: 10s
daemonize: true
log_mode: file
log_dir: /var/log/
log_level: info
log_compression: true
log_max_size: 100
log_max_backups: 3
log_max_age: 30
api_url: http://127.0.0.1:8080/
api_key: \${API_KEY}
insecure_skip_verify: false
disable_ipv6: false
deny_action: DROP
deny_log: false
supported_decisions_types:
  - ban
#deny_log_prefix: "crowdsec: "
blacklists_ipv4: crowdsec-blacklists
blacklists_ipv6: crowdsec6-blacklists
ipset_type: nethash
iptables_chains:
  - INPUT
iptables_add_rule_comments: true
nftables:
  ipv4:
    enabled: true
    set-only: false
    table: crowdsec
    chain: crowdsec-chain
    priority: -10
  ipv6:
    enabled: true
    set-only: false
    table: crowdsec6
    chain: crowdsec6-chain
    priority: -10
nftables_hooks:
  - input
  - forward
pf:
  anchor_name: ""
prometheus:
  enabled: false
  listen_addr: 127.0.0.1
  listen_port: 60601
`

suite('crowdsec-firewall-bouncer.yaml', () => {
  test('the packaged file is read as it is', () => {
    const { settings, problems } = read(packaged, undefined, { BACKEND: 'nftables', API_KEY: 'k' })
    assert.deepEqual(problems, [])
    assert.ok(settings)
    assert.equal(settings.feed.apiKey, 'k')
    assert.equal(settings.priority, -10)
    assert.deepEqual(settings.iptablesChains, { ipv4: ['INPUT'], ipv6: ['INPUT'] })
    assert.deepEqual(settings.setNames, {
      ipv4: 'crowdsec-blacklists',
      ipv6: 'crowdsec6-blacklists',
    })
    assert.equal(settings.pfAnchor, undefined)
  })

  test('what is said is what holds, ours included', () => {
    const { settings, problems } = read(`mode: iptables
api_url: /run/lapi.sock
cert_path: /c
key_path: /k
ca_cert_path: /ca
update_frequency: 1m30s
scopes: [ip]
origins: [cscli, crowdsec]
scenarios_containing: [ssh]
scenarios_not_containing: [http]
supported_decisions_types: [Ban, captcha]
disable_ipv6: true
deny_action: reject
deny_log: true
iptables_v4_chains: [INPUT, DOCKER-USER]
iptables_v6_chains: [INPUT]
prometheus: { enabled: true, listen_port: 9000 }
log_level: warn
tocsin:
  allow: [192.0.2.0/24, "2001:db8::1"]
  ipv6_prefix_length: 64
  capacity: 1000
  established: keep
  stale_after: 1d
  when_stale: open
  table: mine
`)
    assert.deepEqual(problems, [])
    assert.ok(settings)
    const { allow, ...rest } = settings
    assert.deepEqual(allow.map(String), ['192.0.2.0/24', '2001:db8::1/128'])
    const { allow: _, ...base } = defaultFirewallSettings
    assert.deepEqual(rest, {
      ...base,
      feed: {
        ...base.feed,
        urls: ['/run/lapi.sock'],
        certPath: '/c',
        keyPath: '/k',
        caCertPath: '/ca',
        intervalMs: 90_000,
        scopes: ['ip'],
        origins: ['cscli', 'crowdsec'],
        scenariosContaining: ['ssh'],
        scenariosNotContaining: ['http'],
        types: ['ban', 'captcha'],
      },
      mode: 'iptables',
      families: [4],
      deny: 'reject',
      logPrefix: 'crowdsec drop: ',
      iptablesChains: { ipv4: ['INPUT', 'DOCKER-USER'], ipv6: ['INPUT'] },
      prometheus: { host: '127.0.0.1', port: 9_000 },
      logLevel: 'warn',
      ipv6PrefixLength: 64,
      capacity: 1_000,
      established: 'keep',
      staleAfterMs: 86_400_000,
      whenStale: 'open',
      table: 'mine',
    })
  })

  test('an overlay is laid over it', () => {
    const { settings } = read('mode: nftables\napi_key: a\n', 'api_key: b\n')
    assert.equal(settings?.feed.apiKey, 'b')
  })

  test('a set without rules of ours is not to be had', () => {
    const { problems } = read('mode: nftables\nnftables: { ipv4: { set-only: true } }\n')
    assert.equal(problems.length, 1)
    assert.match(problems[0] ?? '', /"set-only" has no effect: Tocsin keeps a table of its own/)
  })

  const faults: Readonly<Record<string, string>> = {
    'api_key: a': "file:1:1: configuration does not contain 'mode'",
    'mode: firewalld': 'file:1:7: configuration key "mode" must be one of nftables, iptables',
    'mode: pf\ndisable_ipv4: true\ndisable_ipv6: true':
      'file:1:1: both IPv4 and IPv6 disabled, doing nothing',
    'mode: pf\nupdate_frequency: often':
      'file:2:19: configuration key "update_frequency" must be a duration such as 10s',
    'mode: nftables\ndeny_action: TARPIT':
      'file:2:14: configuration key "deny_action" TARPIT is not',
    'mode: nftables\nnftables_hooks: [input, inputt]':
      'file:2:17: configuration key "nftables_hooks"',
    'mode: iptables\nblacklists_ipv4: "x -j ACCEPT"':
      'file:2:18: configuration key "blacklists_ipv4"',
    'mode: pf\ntocsin: { allow: [home] }': 'file:2:18: tocsin key "allow" must hold addresses',
    'mode: pf\ntocsin: { ipv6_prefix_length: 8 }': 'file:2:31: tocsin key "ipv6_prefix_length"',
    'mode: pf\nupdate_frequenzy: 3s': 'file:2:1:',
  }
  for (const [text, message] of Object.entries(faults)) {
    test(`${JSON.stringify(text)} is said to be wrong`, () => {
      const { problems } = read(text)
      assert.ok(
        problems.some((problem) => problem.includes(message)),
        problems.join('\n'),
      )
    })
  }
})
