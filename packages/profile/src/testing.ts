import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import { type Environment, EvaluationError, type Member, type Type } from '@tocsin/expr'
import { type Alert, Instant } from '@tocsin/model'
import type { Profile } from './profile.ts'
import { readProfiles } from './read-profiles.ts'

const bool: Type = { kind: 'bool' }
const int: Type = { kind: 'int' }
const text: Type = { kind: 'string' }

function method(result: Type, call: (alert: Alert) => unknown): Member {
  return { kind: 'method', type: { kind: 'function', parameters: [], result }, call }
}

const members: ReadonlyMap<string, Member> = new Map<string, Member>([
  ['Remediation', { kind: 'field', property: 'hasRemediation', type: bool }],
  ['Capacity', { kind: 'field', property: 'capacity', type: int }],
  ['GetScope', method(text, (alert) => alert.source.scope)],
  ['GetValue', method(text, (alert) => alert.source.value)],
])

/** As much of the environment of profiles as the tests need; `Odd` is no bool, `Fail` fails. */
export const environment: Environment = {
  variables: new Map([['Alert', { kind: 'struct', name: 'Alert', members: () => members }]]),
  functions: new Map([
    [
      'Odd',
      {
        name: 'Odd',
        type: { kind: 'function', parameters: [], result: { kind: 'unknown' } },
        call: () => 3,
        isPure: false,
      },
    ],
    [
      'Fail',
      {
        name: 'Fail',
        type: { kind: 'function', parameters: [], result: bool },
        call: () => {
          throw new EvaluationError('no database')
        },
        isPure: false,
      },
    ],
  ]),
}

/** An alert about 192.0.2.7 that wants to be remedied. */
export function alertOf(changes: Partial<Alert> = {}): Alert {
  return {
    scenario: 'me/scan',
    scenarioVersion: '',
    scenarioHash: '',
    message: '',
    capacity: 5,
    leakSpeed: '10s',
    eventsCount: 6,
    startAt: new Instant(0),
    stopAt: new Instant(0),
    isSimulated: false,
    hasRemediation: true,
    kind: 'crowdsec',
    events: [],
    meta: [],
    labels: [],
    source: {
      scope: 'Ip',
      value: '192.0.2.7',
      ip: '192.0.2.7',
      range: '',
      asNumber: '',
      asName: '',
      country: '',
      latitude: 0,
      longitude: 0,
    },
    decisions: [],
    ...changes,
  }
}

/** What a text reads as, and its problems as users see them. */
export function read(profilesText: string): { profiles: Profile[]; shown: string } {
  const problems = new Problems()
  const profiles = readProfiles(
    new SourceText('profiles.yaml', profilesText),
    environment,
    problems,
  )
  return { profiles, shown: problems.list.map(formatProblem).join('\n') }
}
