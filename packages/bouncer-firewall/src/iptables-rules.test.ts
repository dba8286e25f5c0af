import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { SetNames } from './ipset-names.ts'
import { IptablesRules, readIptablesState } from './iptables-rules.ts'

const names = new SetNames('tocsin4', 'tocsin6')
const chains = { ipv4: ['INPUT', 'DOCKER-USER'], ipv6: ['INPUT'] }
const nothing = readIptablesState('')

suite('iptables', () => {
  test('a chain, its rules, and the jumps to it', () => {
    const options = {
      chains,
      deny: 'reject',
      logPrefix: 'no "way": ',
      established: 'keep',
    } as const
    const text = new IptablesRules(4, options, names).restore(['lists:a b'], true, nothing)
    assert.deepEqual(text.replace(/tocsin-[0-9a-f]{16}/, 'tocsin-PRINT').split('\n'), [
      '*filter',
      ':TOCSIN - [0:0]',
      ':TOCSIN_DENY - [0:0]',
      '-A TOCSIN -m comment --comment tocsin-PRINT',
      '-A TOCSIN -i lo -j RETURN',
      '-A TOCSIN -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN',
      '-A TOCSIN -m set --match-set tocsin4-allow src -j RETURN',
      '-A TOCSIN -m set --match-set tocsin4-h-b4de2d41 src -m comment --comment by-lists_3aa_20b -j TOCSIN_DENY',
      '-A TOCSIN -m set --match-set tocsin4-n-b4de2d41 src -m comment --comment by-lists_3aa_20b -j TOCSIN_DENY',
      '-A TOCSIN -m conntrack --ctstate RELATED,ESTABLISHED -j RETURN',
      '-A TOCSIN -m comment --comment closed -j TOCSIN_DENY',
      '-A TOCSIN_DENY -j LOG --log-prefix "no way: "',
      '-A TOCSIN_DENY -j REJECT --reject-with icmp-admin-prohibited',
      '-I INPUT 1 -j TOCSIN',
      'COMMIT',
      '',
    ])
  })

  const listing = `*filter
:INPUT ACCEPT [0:0]
:DOCKER-USER - [0:0]
:TOCSIN - [0:0]
:TOCSIN_DENY - [0:0]
[5:500] -A INPUT -j TOCSIN
[5:500] -A TOCSIN -m comment --comment "PRINT"
[1:100] -A TOCSIN -i lo -j RETURN
[0:0] -A TOCSIN -m set --match-set tocsin4-allow src -j RETURN
[2:200] -A TOCSIN -m set --match-set tocsin4-h-1 src -m comment --comment by-cscli -j TOCSIN_DENY
[1:100] -A TOCSIN -m set --match-set tocsin4-n-1 src -m comment --comment by-cscli -j TOCSIN_DENY
[3:300] -A TOCSIN_DENY -j DROP
[7:700] -A DOCKER-USER -j RETURN
COMMIT
`
  const rules = new IptablesRules(4, { chains }, names)
  const print = /tocsin-[0-9a-f]{16}/.exec(rules.restore([], false, nothing))?.[0] ?? ''

  test('what is listed is read, and a chain that came later has no jump yet', () => {
    const state = readIptablesState(listing.replace('PRINT', print))
    assert.deepEqual(Object.fromEntries(state.origins), { cscli: { packets: 3, bytes: 300 } })
    assert.deepEqual(state.processed, { packets: 5, bytes: 500 })
    assert.equal(rules.isWhole(state), false)
    assert.match(rules.restore(['cscli'], false, state), /^-I DOCKER-USER 1 -j TOCSIN$/m)
    assert.doesNotMatch(rules.restore(['cscli'], false, state), /-I INPUT/)
  })

  test('whole is what has all jumps, all rules and our print', () => {
    const whole = listing
      .replace('PRINT', print)
      .replace('[7:700]', '[9:900] -A DOCKER-USER -j TOCSIN\n[7:700]')
    assert.equal(rules.isWhole(readIptablesState(whole)), true)
    const broken = [
      whole.replace(print, 'tocsin-0000000000000000'),
      whole.replace('[3:300] -A TOCSIN_DENY -j DROP\n', ''),
      whole.replace('[5:500] -A INPUT -j TOCSIN\n', ''),
      '',
    ]
    for (const text of broken) assert.equal(rules.isWhole(readIptablesState(text)), false)
  })

  test('names of sets are ours, short, and of one family each', () => {
    const long = 'lists:'.padEnd(60, 'x')
    for (const name of [...names.ofOrigin(4, long), ...names.ofOrigin(6, long), names.allow(4)]) {
      assert.ok(name.length <= 31 && names.isOurs(name), name)
    }
    for (const name of ['tocsin4', 'tocsin4-h-xyz', 'crowdsec-blacklists-0', 'tocsin44-allow']) {
      assert.equal(names.isOurs(name), false, name)
    }
    for (const base of ['', 'a b', '-x', 'x'.repeat(21), 'tocsin6']) {
      assert.throws(() => new SetNames(base, 'tocsin6'), RangeError)
    }
  })
})
