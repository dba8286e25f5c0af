import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { Problems } from '@tocsin/diagnostic'
import type { Alert, Decision } from '@tocsin/model'
import { type ApplyOptions, applyProfiles, type ProfileOutcome } from './apply-profiles.ts'
import { defaultProfiles } from './read-profiles.ts'
import { alertOf, environment, read } from './testing.ts'

function apply(
  text: string,
  alert: Alert = alertOf(),
  options: Partial<ApplyOptions> = {},
): ProfileOutcome {
  const { profiles, shown } = read(text)
  // Warnings are about profiles that do too little, which some of these are for.
  assert.doesNotMatch(shown, /:\d+: (?!warning)/)
  let count = 0
  return applyProfiles(alert, profiles, { newUuid: () => `uuid-${++count}`, ...options })
}

/** An outcome in short: decisions, then who matched. */
function shortOf({ decisions, matched, isRefused }: ProfileOutcome): string {
  const made = decisions.map(
    ({ type, scope, value, duration }) => `${type} ${scope} ${value} ${duration}`,
  )
  const names = matched.map(({ name }) => name).join('+')
  return `${made.join(', ')} | ${names}${isRefused ? ' refused' : ''}`
}

function profile(name: string, filters: string, rest = ''): string {
  const decisions = `decisions: [{type: ${name}, duration: 1h}]`
  return `name: ${name}\nfilters: [${filters}]\n${decisions}\n${rest}\n---\n`
}

test('a decision is made of profile and alert', () => {
  const { decisions } = apply(profile('ban', '"true"'))
  const decision: Decision = {
    uuid: 'uuid-1',
    origin: 'crowdsec',
    type: 'ban',
    scope: 'Ip',
    value: '192.0.2.7',
    duration: '1h',
    scenario: 'me/scan',
    isSimulated: false,
  }
  assert.deepEqual(decisions, [decision])
})

test('a decision has the scope, origin and simulation of its profile', () => {
  const text =
    'name: a\nfilters: ["true"]\ndecisions: [{type: ban, duration: 1h, scope: Country, origin: x, simulated: yes}]\n'
  const [decision] = apply(text).decisions
  assert.deepEqual(
    [decision?.scope, decision?.value, decision?.origin, decision?.isSimulated],
    ['Country', '192.0.2.7', 'crowdsec/x', true],
  )
  const [simulated] = apply(profile('ban', '"true"'), alertOf({ isSimulated: true })).decisions
  assert.equal(simulated?.isSimulated, true)
})

suite('profiles in order', () => {
  const cases: [name: string, text: string, short: string][] = [
    ['no filter', profile('a', ''), ' | '],
    ['true', profile('a', '"true"'), 'a Ip 192.0.2.7 1h | a'],
    ['false', profile('a', '"false"'), ' | '],
    ['false or true', profile('a', '"false", Alert.Capacity == 5'), 'a Ip 192.0.2.7 1h | a'],
    ['true twice decides once', profile('a', '"true", "true"'), 'a Ip 192.0.2.7 1h | a'],
    [
      'the second only notifies',
      profile('a', '"true"') + profile('b', '"true"'),
      'a Ip 192.0.2.7 1h | a+b',
    ],
    [
      'break',
      profile('a', '"true"', 'on_success: break') + profile('b', '"true"'),
      'a Ip 192.0.2.7 1h | a',
    ],
    [
      'break without match',
      profile('a', '"false"', 'on_success: break') + profile('b', '"true"'),
      'b Ip 192.0.2.7 1h | b',
    ],
    [
      'on_failure: break has no effect',
      profile('a', '"false"', 'on_failure: break') + profile('b', '"true"'),
      'b Ip 192.0.2.7 1h | b',
    ],
    ['fault', profile('a', 'Fail()') + profile('b', '"true"'), ' |  refused'],
    ['no bool', profile('a', 'Odd()'), ' |  refused'],
    ['fault after a match', profile('a', '"true"') + profile('b', 'Fail()'), ' | a refused'],
    ['true before a fault', profile('a', '"true", Fail()'), 'a Ip 192.0.2.7 1h | a'],
    [
      'fault, continue',
      profile('a', 'Fail(), "true"', 'on_error: continue') + profile('b', '"true"'),
      'b Ip 192.0.2.7 1h | b',
    ],
    [
      'fault, ignore',
      profile('a', 'Fail()', 'on_error: ignore') + profile('b', '"true"'),
      'b Ip 192.0.2.7 1h | b',
    ],
    [
      'fault, break: stops only after a match',
      profile('a', 'Fail()', 'on_error: break') + profile('b', '"true"'),
      'b Ip 192.0.2.7 1h | b',
    ],
    [
      'fault, apply: notifies without decisions',
      profile('a', 'Fail()', 'on_error: apply') + profile('b', '"true"'),
      'b Ip 192.0.2.7 1h | a+b',
    ],
  ]
  for (const [name, text, short] of cases) {
    test(name, () => assert.equal(shortOf(apply(text)), short))
  }
  test('on_failure: break ends the search where it is honoured', () => {
    const text = profile('a', '"false"', 'on_failure: break') + profile('b', '"true"')
    assert.equal(shortOf(apply(text, alertOf(), { honoursOnFailure: true })), ' | ')
  })
  test('a fault says where and why', () => {
    const [first, second] = apply(
      profile('a', 'Fail()', 'on_error: ignore') + profile('b', 'Odd()', 'on_error: ignore'),
    ).faults
    assert.deepEqual(
      [first?.profile.name, first?.expression, first?.reason],
      ['a', 'Fail()', 'no database'],
    )
    assert.deepEqual(
      [second?.expression, second?.reason],
      ['Odd()', 'the result is 3, not true or false'],
    )
  })
})

suite('duration_expr', () => {
  const cases: Record<string, string> = {
    '\'"3h"\'': '3h',
    '\'"1d"\'': '24h0m0s',
    '\'Alert.Capacity > 4 ? "2h" : "1h"\'': '2h',
    '\'"soon"\'': '1h',
    '\'"-4h"\'': '1h',
    "'Fail()'": '1h',
    "'Alert.Capacity'": '1h',
  }
  for (const [expression, duration] of Object.entries(cases)) {
    test(`${expression} gives ${duration}`, () => {
      const outcome = apply(profile('a', '"true"', `duration_expr: ${expression}`))
      assert.equal(outcome.decisions[0]?.duration, duration)
      assert.equal(outcome.faults.length, duration === '1h' ? 1 : 0)
    })
  }
})

suite('an alert with decisions', () => {
  const kept = apply(profile('ban', '"true"')).decisions
  const alert = alertOf({ decisions: [...kept] })
  test('is only notified about', () => {
    assert.equal(shortOf(apply(profile('a', '"true"') + profile('b', '"true"'), alert)), ' | a+b')
  })
  test('is not refused for a fault', () => {
    assert.equal(shortOf(apply(profile('a', 'Fail()') + profile('b', '"true"'), alert)), ' | b')
  })
  test('stops at on_success: break', () => {
    const text = profile('a', '"true"', 'on_success: break') + profile('b', '"true"')
    assert.equal(shortOf(apply(text, alert)), ' | a')
  })
})

suite('the default profiles', () => {
  const source = alertOf().source
  const cases: [alert: Alert, short: string][] = [
    [alertOf(), 'ban Ip 192.0.2.7 4h | default_ip_remediation'],
    [
      alertOf({ source: { ...source, scope: 'Range', value: '192.0.2.0/24' } }),
      'ban Range 192.0.2.0/24 4h | default_range_remediation',
    ],
    [alertOf({ source: { ...source, scope: 'Country', value: 'FR' } }), ' | '],
    [alertOf({ hasRemediation: false }), ' | '],
  ]
  for (const [alert, short] of cases) {
    test(`${alert.source.scope}, remediation ${alert.hasRemediation}`, () => {
      const profiles = defaultProfiles(environment, new Problems())
      assert.equal(shortOf(applyProfiles(alert, profiles, { newUuid: () => 'u' })), short)
    })
  }
})
