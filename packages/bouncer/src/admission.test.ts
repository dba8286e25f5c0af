import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import fc from 'fast-check'
import { Admission, type AdmissionOptions, type Refusal } from './admission.ts'
import type { FeedDecision } from './decision-feed.ts'
import { decision, rangeOf } from './testing/enforcer-contract.ts'

const nowMs = 1_767_225_600_000

function admit(given: FeedDecision, options: AdmissionOptions = {}): string {
  const held = new Admission(options).admit(given, nowMs)
  return typeof held === 'string' ? held : held.range.toString()
}

suite('Admission', () => {
  const refused: readonly (readonly [string, Refusal])[] = [
    ['', 'value'],
    ['1.2.3.4; nft flush ruleset', 'value'],
    ['1.2.3.4 }\nadd rule inet filter input accept', 'value'],
    ['$(reboot)', 'value'],
    ['`id`', 'value'],
    ['../../etc/passwd', 'value'],
    ['1.2.3.4\0', 'value'],
    ['1.2.3', 'value'],
    ['010.0.0.1', 'value'],
    ['fe80::1%eth0', 'value'],
    ['192.0.2.1/33', 'value'],
    ['192.0.2.1/', 'value'],
    ['192.0.2.1/-1', 'value'],
    ['x'.repeat(10_000_000), 'value'],
    [`192.0.2.1/24${' '.repeat(1_000_000)}`, 'value'],
    ['0.0.0.0/0', 'too-wide'],
    ['0.0.0.0/1', 'too-wide'],
    ['::/0', 'too-wide'],
    ['2000::/3', 'too-wide'],
    ['127.0.0.1', 'protected'],
    ['127.0.0.0/8', 'protected'],
    ['0.0.0.0', 'protected'],
    ['::1', 'protected'],
    ['::ffff:127.0.0.1', 'protected'],
    ['fe80::1', 'protected'],
    ['224.0.0.1', 'protected'],
    ['ff02::1', 'protected'],
    ['255.255.255.255', 'protected'],
  ]
  for (const [value, reason] of refused) {
    test(`${JSON.stringify(value.slice(0, 40))} is refused: ${reason}`, () => {
      assert.equal(admit(decision(value)), reason)
      assert.equal(admit(decision(value, { scope: 'Range' })), reason)
    })
  }

  const admitted = {
    '192.0.2.7': '192.0.2.7/32',
    '192.0.2.77/24': '192.0.2.0/24',
    '2001:DB8::7': '2001:db8::7/128',
    '::ffff:192.0.2.7': '192.0.2.7/32',
    '::ffff:192.0.2.0/120': '192.0.2.0/24',
    '10.0.0.1': '10.0.0.1/32',
  }
  for (const [value, range] of Object.entries(admitted)) {
    test(`${value} is ${range}`, () => assert.equal(admit(decision(value)), range))
  }

  const durations = { '4h': 14_400, '3h59m50s': 14_390, '1.5s': 2, '90m': 5_400 }
  for (const [duration, seconds] of Object.entries(durations)) {
    test(`${duration} ends after ${seconds} s`, () => {
      const held = new Admission({}).admit(decision('192.0.2.7', { duration }), nowMs)
      assert.ok(typeof held === 'object')
      assert.equal(held.expiresS, nowMs / 1000 + seconds)
    })
  }
  for (const duration of ['', 'soon', '-3s', '0s', '4', `${'9'.repeat(1_000_000)}h`]) {
    test(`a duration of ${JSON.stringify(duration.slice(0, 9))} is refused`, () => {
      assert.equal(admit(decision('192.0.2.7', { duration })), 'duration')
    })
  }

  test('an end is no more than ten years away', () => {
    const duration = `${'9'.repeat(30)}h`
    const held = new Admission({}).admit(decision('192.0.2.7', { duration }), nowMs)
    assert.ok(typeof held === 'object' && held.expiresS <= nowMs / 1000 + 315_360_000)
  })

  const ours = decision('192.0.2.7', { origin: 'cscli', scenario: 'crowdsecurity/SSH-bf' })
  const choices: readonly (readonly [string, AdmissionOptions, FeedDecision, boolean])[] = [
    ['a captcha', {}, { ...ours, type: 'captcha' }, false],
    [
      'a captcha that is enforced too',
      { types: ['ban', 'captcha'] },
      { ...ours, type: 'CAPTCHA' },
      true,
    ],
    ['a country', {}, { ...ours, scope: 'Country', value: 'FR' }, false],
    ['a user name that is an address', {}, { ...ours, scope: 'username' }, false],
    ['a scope in capitals', {}, { ...ours, scope: 'IP' }, true],
    ['an origin asked for', { origins: ['cscli', 'crowdsec'] }, ours, true],
    ['an origin not asked for', { origins: ['crowdsec'] }, ours, false],
    ['a scenario asked for', { scenariosContaining: ['ssh-BF'] }, ours, true],
    ['a scenario not asked for', { scenariosContaining: ['http'] }, ours, false],
    ['a scenario left out', { scenariosNotContaining: ['ssh'] }, ours, false],
    ['a family left out', { families: [6] }, ours, false],
  ]
  for (const [title, options, given, isAdmitted] of choices) {
    test(`${title} is ${isAdmitted ? 'enforced' : 'left out'}`, () => {
      assert.equal(admit(given, options), isAdmitted ? '192.0.2.7/32' : 'filtered')
    })
  }

  test('an address in an allowed range is refused, a range around it is not', () => {
    const options = { allow: [rangeOf('192.0.2.0/28')] }
    assert.equal(admit(decision('192.0.2.7'), options), 'protected')
    assert.equal(admit(decision('192.0.2.16'), options), '192.0.2.16/32')
    assert.equal(admit(decision('192.0.2.0/24'), options), '192.0.2.0/24')
  })

  test('IPv6 is widened by choice, IPv4 and wider ranges never', () => {
    const options = { ipv6PrefixLength: 64 }
    assert.equal(admit(decision('2001:db8:1:2:3::7'), options), '2001:db8:1:2::/64')
    assert.equal(admit(decision('2001:db8::/48'), options), '2001:db8::/48')
    assert.equal(admit(decision('192.0.2.7'), options), '192.0.2.7/32')
  })

  test('labels are bounded in length and number', () => {
    const admission = new Admission({})
    const list = (scenario: string) => decision('192.0.2.7', { origin: 'lists', scenario })
    assert.equal(admission.labelOf(list('firehol')), 'lists:firehol')
    assert.equal(admission.labelOf(list('x'.repeat(1_000_000))).length, 60)
    assert.equal(admission.labelOf(list('a\nb\u00e9\ud800')), 'lists:a?b??')
    for (let i = 0; i < 1_000; i++) admission.labelOf(list(`list-${i}`))
    assert.equal(admission.labelOf(list('one-more')), 'other')
    assert.equal(admission.labelOf(list('firehol')), 'lists:firehol')
  })

  test('whatever a value is, only a canonical range comes out', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (value, scope) => {
        const out = admit(decision(value, { scope: scope.length % 2 ? scope : 'Ip' }))
        assert.match(out, /^[a-z-]+$|^[0-9a-f:.]+\/\d+$/)
      }),
    )
  })
})
