import type { NewAlert, NewDecision } from '@tocsin/store'

/** An alert as it is stored, with these decisions. */
export function alertRow(decisions: readonly NewDecision[]): NewAlert {
  return {
    uuid: '',
    machineId: '',
    scenario: 's',
    scenarioHash: '',
    scenarioVersion: '',
    message: '',
    eventsCount: 1,
    capacity: 0,
    leakSpeed: '',
    startMs: 0,
    stopMs: 0,
    isSimulated: false,
    hasRemediation: true,
    kind: 'test',
    source: {
      scope: 'Ip',
      value: '',
      ip: '',
      range: '',
      asNumber: '',
      asName: '',
      country: '',
      latitude: 0,
      longitude: 0,
    },
    events: [],
    meta: [],
    decisions,
  }
}
