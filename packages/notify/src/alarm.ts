import { Instant } from '@tocsin/model'
import type { NotifiedAlert } from './template/alert-value.ts'

/** What Tocsin itself has to tell, beside attacks. */
export const alarmKinds = [
  'source-silent',
  'source-broken',
  'api-lost',
  'bouncer-silent',
  'storage',
] as const
export type AlarmKind = (typeof alarmKinds)[number]

/** `{ kind: 'source-silent', subject: '/var/log/auth.log', message: 'no line for 15 m, …' }`. */
export interface Alarm {
  readonly kind: AlarmKind
  /** What it is about; with the kind it names the alarm. */
  readonly subject: string
  /** A sentence for people. */
  readonly message: string
}

/**
 * An alarm as templates for alerts can tell it: the scenario is `tocsin/source-silent`, and one
 * decision of type `alarm` names the subject, since many templates only write decisions.
 */
export function alertOfAlarm({ kind, subject, message }: Alarm, nowMs: number): NotifiedAlert {
  const at = new Instant(nowMs)
  const scenario = `tocsin/${kind}`
  return {
    alert: {
      scenario,
      scenarioVersion: '',
      scenarioHash: '',
      message,
      capacity: 0,
      leakSpeed: '0',
      eventsCount: 0,
      startAt: at,
      stopAt: at,
      isSimulated: false,
      hasRemediation: false,
      kind: 'alarm',
      events: [],
      meta: [],
      labels: [],
      source: {
        scope: 'tocsin',
        value: subject,
        ip: '',
        range: '',
        asNumber: '',
        asName: '',
        country: '',
        latitude: 0,
        longitude: 0,
      },
      decisions: [
        {
          uuid: '',
          origin: 'tocsin',
          type: 'alarm',
          scope: 'tocsin',
          value: subject,
          duration: '0s',
          scenario,
          isSimulated: false,
        },
      ],
    },
    createdAt: at,
  }
}
