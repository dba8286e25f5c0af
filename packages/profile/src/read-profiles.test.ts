import assert from 'node:assert/strict'
import { suite, test } from 'node:test'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import fc from 'fast-check'
import { defaultProfiles, readProfiles } from './read-profiles.ts'
import { environment, read } from './testing.ts'

test('a profile is read with all its keys', () => {
  const { profiles, shown } = read(`
name: all
debug: true
filters:
  - Alert.Remediation
decisions:
  - type: ban
    duration: 1d12h
    scope: Country
    origin: mine
    simulated: true
  - {type: captcha, duration: 90m}
duration_expr: '"2h"'
on_success: break
on_failure: continue
on_error: ignore
notifications: [mail]
---
---
name: second
filters: ["true"]
`)
  assert.equal(shown, '')
  const [first, second] = profiles
  assert.deepEqual(
    {
      ...first,
      filters: first?.filters.map(({ source }) => source),
      duration: first?.duration?.source,
    },
    {
      name: 'all',
      filters: ['Alert.Remediation'],
      duration: '"2h"',
      decisions: [
        { type: 'ban', duration: '36h0m0s', scope: 'Country', origin: 'mine', isSimulated: true },
        { type: 'captcha', duration: '90m', scope: '', origin: '', isSimulated: false },
      ],
      onSuccess: 'break',
      onFailure: 'continue',
      onError: 'ignore',
      notifications: ['mail'],
      isDebug: true,
    },
  )
  assert.deepEqual([second?.name, second?.onError, second?.decisions], ['second', 'fail', []])
})

test('the default profiles ban addresses and ranges', () => {
  const problems = new Problems()
  const profiles = defaultProfiles(environment, problems)
  assert.deepEqual(problems.list, [])
  const names = ['default_ip_remediation', 'default_range_remediation']
  assert.deepEqual(
    profiles.map(({ name }) => name),
    names,
  )
})

test('profiles of the overlay come first', () => {
  const problems = new Problems()
  const text = (name: string) => new SourceText(name, `name: ${name}\nfilters: ["true"]\n`)
  const profiles = readProfiles(text('base'), environment, problems, text('local'))
  assert.deepEqual(
    profiles.map(({ name }) => name),
    ['local', 'base'],
  )
  const empty = new SourceText('profiles.yaml.local', '')
  assert.equal(readProfiles(text('base'), environment, problems, empty).length, 1)
  assert.deepEqual(problems.list, [])
})

suite('problems as users see them', () => {
  const head = 'name: a\nfilters: ["true"]\n'
  const cases: [text: string, lines: string[]][] = [
    [
      '',
      [
        'profiles.yaml: there is no profile, so no alert would ever lead to a decision [TOC_PROFILE_NONE]',
        '  hint: remove the file to use the default profiles',
      ],
    ],
    [
      '- a\n',
      [
        'profiles.yaml:1:1: a profile must be a map, not a list [TOC_PROFILE_KIND]',
        '  1 | - a',
        '    | ^^^',
      ],
    ],
    [
      'name: a\n',
      [
        'profiles.yaml:1:1: warning: a profile without filters never matches [TOC_PROFILE_NO_FILTER]',
        '  1 | name: a',
        '    | ^^^^',
        '  hint: filters: [ "Alert.Remediation == true" ]',
      ],
    ],
    [
      `${head}filter: x\n`,
      [
        'profiles.yaml:3:1: unknown profile key "filter" [TOC_YAML_UNKNOWN_KEY]',
        '  3 | filter: x',
        '    | ^^^^^^',
        '  hint: did you mean "filters"?',
      ],
    ],
    [
      `${head}on_success: stop\n`,
      [
        'profiles.yaml:3:13: on_success must be one of continue, break, not "stop" [TOC_PROFILE_ACTION]',
        '  3 | on_success: stop',
        '    |             ^^^^',
      ],
    ],
    [
      `${head}on_failure: break\n`,
      [
        'profiles.yaml:3:13: warning: on_failure: break has no effect: the next profile is tried [TOC_PROFILE_NO_EFFECT]',
        '  3 | on_failure: break',
        '    |             ^^^^^',
      ],
    ],
    [
      `${head}decisions:\n  - duration: 4h\n`,
      [
        'profiles.yaml:4:5: a decision needs a type [TOC_PROFILE_TYPE]',
        '  4 |   - duration: 4h',
        '    |     ^^^^^^^^',
        '  hint: type: ban',
      ],
    ],
    [
      `${head}decisions:\n  - type: ban\n`,
      [
        'profiles.yaml:4:5: warning: the decision has no duration, 4h is used [TOC_PROFILE_DURATION]',
        '  4 |   - type: ban',
        '    |     ^^^^',
      ],
    ],
    [
      `${head}decisions:\n  - type: ban\n    duration: 5 parsecs\n`,
      [
        'profiles.yaml:5:15: duration must be longer than zero, such as 4h or 1d12h, not "5 parsecs" [TOC_PROFILE_DURATION]',
        '  5 |     duration: 5 parsecs',
        '    |               ^^^^^^^^^',
      ],
    ],
    [
      `${head}decisions:\n  - {type: ban, duration: 1h, value: 192.0.2.1}\n`,
      [
        'profiles.yaml:4:31: warning: "value" of a decision comes from the alert: it has no effect here [TOC_PROFILE_NO_EFFECT]',
        '  4 |   - {type: ban, duration: 1h, value: 192.0.2.1}',
        '    |                               ^^^^^',
      ],
    ],
  ]
  for (const [text, lines] of cases) {
    test(JSON.stringify(text), () => assert.equal(read(text).shown, lines.join('\n')))
  }
  test('a mistake in a filter is shown where it is', () => {
    const { profiles, shown } = read('name: a\nfilters:\n  - Alert.Remedation == true\n')
    assert.deepEqual(profiles, [])
    assert.match(shown, /^profiles\.yaml:3:\d+: /)
    assert.match(shown, /Remediation/)
  })
  test('a filter that is no condition is refused', () => {
    assert.match(read('name: a\nfilters: [Alert.Capacity]\n').shown, /^profiles\.yaml:2:11: /)
  })
})

test('any text is read or refused, never a crash', () => {
  const piece = fc.constantFrom(
    'filters',
    'decisions',
    ':',
    ' ',
    '\n',
    '- ',
    '{',
    '}',
    '[',
    ']',
    'type',
    '"',
    'Alert',
    '\0',
    '&a',
    '*a',
    '---',
  )
  const text = fc.oneof(
    fc.string(),
    fc.array(piece).map((pieces) => pieces.join('')),
  )
  const law = fc.property(text, (value) => {
    const problems = new Problems()
    const profiles = readProfiles(new SourceText('p', value), environment, problems)
    for (const problem of problems.list) formatProblem(problem)
    return profiles.length > 0 || problems.errorCount > 0
  })
  fc.assert(law)
})
