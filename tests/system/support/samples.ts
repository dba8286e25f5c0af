import type { AlertBody, DecisionBody } from '@tocsin/protocol'

/** A decision as a machine sends it: a ban of four hours. */
export function banBody(value: string, changes: Partial<DecisionBody> = {}): DecisionBody {
  return {
    duration: '4h',
    origin: 'cscli',
    scenario: 'tocsin/system-test',
    scope: value.includes('/') ? 'Range' : 'Ip',
    type: 'ban',
    value,
    ...changes,
  }
}

/** An alert about an address that ended now. */
export function alertBody(value: string, changes: Partial<AlertBody> = {}): AlertBody {
  const now = new Date().toISOString()
  return {
    capacity: 5,
    events: [{ timestamp: now, meta: [{ key: 'source_ip', value }] }],
    events_count: 6,
    leakspeed: '10s',
    message: `Ip ${value} performed 'tocsin/system-test'`,
    remediation: true,
    scenario: 'tocsin/system-test',
    scenario_hash: 'c0ffee',
    scenario_version: '0.1',
    simulated: false,
    source: { scope: 'Ip', value, ip: value },
    start_at: now,
    stop_at: now,
    ...changes,
  }
}
