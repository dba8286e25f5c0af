import type { NewAlert, NewDecision } from '@tocsin/store'

/** An address that looks random, the same for the same number. */
export function addressOf(i: number): string {
  const bits = Math.imul(i + 1, 0x9e3779b1) >>> 0
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`
}

export function decision(i: number, origin: string, uuid: string): NewDecision {
  return {
    uuid,
    origin,
    type: 'ban',
    scope: 'Ip',
    value: addressOf(i),
    scenario: `crowdsecurity/scenario-${i % 20}`,
    isSimulated: false,
    untilMs: Date.now() + 24 * 3_600_000 + (i % 1_000) * 1_000,
  }
}

export function alertOf(decisions: readonly NewDecision[]): NewAlert {
  return {
    uuid: crypto.randomUUID(),
    machineId: 'm1',
    scenario: 'crowdsecurity/ssh-bf',
    scenarioHash: '0'.repeat(64),
    scenarioVersion: '0.3',
    message: "Ip 192.0.2.7 performed 'crowdsecurity/ssh-bf' (6 events over 4s)",
    eventsCount: 6,
    capacity: 5,
    leakSpeed: '10s',
    startMs: Date.now(),
    stopMs: Date.now(),
    isSimulated: false,
    hasRemediation: true,
    kind: 'crowdsec',
    source: {
      scope: 'Ip',
      value: '192.0.2.7',
      ip: '192.0.2.7',
      range: '192.0.2.0/24',
      asNumber: '64500',
      asName: 'Example',
      country: 'FR',
      latitude: 48.5,
      longitude: 2.25,
    },
    events: Array.from({ length: 6 }, (_, i) => ({
      timestamp: `2026-01-02T15:04:0${i}Z`,
      meta: [
        { key: 'log_type', value: 'ssh_failed-auth' },
        { key: 'source_ip', value: '192.0.2.7' },
        { key: 'target_user', value: `user${i}` },
      ],
    })),
    meta: [{ key: 'target_user', value: '["root"]' }],
    decisions,
  }
}
