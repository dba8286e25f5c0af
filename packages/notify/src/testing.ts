import { type Alert, Instant } from '@tocsin/model'
import { silentLog } from '@tocsin/telemetry'
import type { NotifiedAlert } from './template/alert-value.ts'
import type { TemplateServices } from './template/template.ts'

/** Services of a machine called `web01` at 10:00 on 3 November 2026. */
export const testServices: TemplateServices = {
  clock: { nowMs: () => Date.UTC(2026, 10, 3, 10) },
  log: silentLog,
  hostname: 'web01',
  variables: { CHAT_ID: '-100' },
}

/** An alert about an address, banned for four hours. */
export function testAlert(value = '192.0.2.9', given: Partial<Alert> = {}): NotifiedAlert {
  const scenario = given.scenario ?? 'acme/ssh-bf'
  const alert: Alert = {
    scenario,
    scenarioVersion: '0.3',
    scenarioHash: 'c0ffee',
    message: `Ip ${value} performed '${scenario}' (6 events over 5s)`,
    capacity: 5,
    leakSpeed: '10s',
    eventsCount: 6,
    startAt: new Instant(Date.UTC(2026, 10, 3, 6)),
    stopAt: new Instant(Date.UTC(2026, 10, 3, 6, 0, 5)),
    isSimulated: false,
    hasRemediation: true,
    kind: 'crowdsec',
    events: [
      {
        timestamp: '2026-11-03T06:00:00Z',
        meta: [
          { key: 'service', value: 'ssh' },
          { key: 'target_user', value: 'root' },
        ],
      },
      { timestamp: '2026-11-03T06:00:05Z', meta: [{ key: 'target_user', value: '<b>&"\'' }] },
    ],
    meta: [{ key: 'target_user', value: '["root"]' }],
    labels: [],
    source: {
      scope: 'Ip',
      value,
      ip: value,
      range: '192.0.2.0/24',
      asNumber: '64496',
      asName: 'Example Net',
      country: 'DE',
      latitude: 52.5,
      longitude: 13.25,
    },
    decisions: [
      {
        uuid: 'd0c5',
        origin: 'crowdsec',
        type: 'ban',
        scope: 'Ip',
        value,
        duration: '4h',
        scenario,
        isSimulated: false,
      },
    ],
    ...given,
  }
  return { alert, machineId: 'web01' }
}
