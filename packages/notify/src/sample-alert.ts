import { Instant } from '@tocsin/model'
import type { NotifiedAlert } from './template/alert-value.ts'

/** An alert to try notifications with: an address banned by hand for four hours. */
export function sampleAlert(nowMs: number): NotifiedAlert {
  const at = new Instant(nowMs)
  const value = '10.10.10.10'
  const scenario = 'test alert'
  return {
    alert: {
      scenario,
      scenarioVersion: '',
      scenarioHash: '',
      message: 'test alert',
      capacity: 0,
      leakSpeed: '0',
      eventsCount: 1,
      startAt: at,
      stopAt: at,
      isSimulated: false,
      hasRemediation: true,
      kind: '',
      events: [{ timestamp: at.toString(), meta: [{ key: 'source_ip', value }] }],
      meta: [],
      labels: [],
      source: {
        scope: 'Ip',
        value,
        ip: value,
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
          origin: 'cscli',
          type: 'ban',
          scope: 'Ip',
          value,
          duration: '4h',
          scenario,
          isSimulated: false,
        },
      ],
    },
    machineId: 'test',
    createdAt: at,
  }
}
