import type { AlertBody, DecisionReply } from '@tocsin/protocol'

/** An alert of the scenario `ssh-bf` unless told otherwise. */
export function alert(changes: Partial<AlertBody> = {}): AlertBody {
  return {
    capacity: 5,
    events: [],
    events_count: 6,
    leakspeed: '10s',
    message: "Ip 192.0.2.7 performed 'ssh-bf'",
    scenario: 'ssh-bf',
    scenario_hash: '',
    scenario_version: '',
    simulated: false,
    source: { scope: 'Ip', value: '192.0.2.7', ip: '192.0.2.7' },
    start_at: '2026-01-02T03:04:05Z',
    stop_at: '2026-01-02T03:04:06Z',
    ...changes,
  }
}

/** A ban of an address for four hours. */
export function ban(value: string, id = 1): DecisionReply {
  return {
    id,
    value,
    duration: '3h59m59s',
    origin: 'crowdsec',
    scenario: 'ssh-bf',
    scope: 'Ip',
    type: 'ban',
  }
}
