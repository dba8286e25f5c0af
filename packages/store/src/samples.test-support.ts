import type { Clock } from '@tocsin/model'
import type { NewAlert } from './alert-store.ts'
import type { NewDecision, StreamReply } from './decision-store.ts'

/** A clock that moves when it is told. */
export class TestClock implements Clock {
  #nowMs: number

  constructor(nowMs = Date.UTC(2026, 0, 2, 15, 4, 5)) {
    this.#nowMs = nowMs
  }

  nowMs(): number {
    return this.#nowMs
  }

  pass(ms: number): void {
    this.#nowMs += ms
  }
}

export const hourMs = 3_600_000

/** An alert about an address, with what the test wants to be different. */
export function alert(clock: Clock, change: Partial<NewAlert> = {}): NewAlert {
  const nowMs = clock.nowMs()
  return {
    uuid: '',
    machineId: 'm1',
    scenario: 'test/ssh-bf',
    scenarioHash: 'abc',
    scenarioVersion: '0.1',
    message: "Ip 192.0.2.7 performed 'test/ssh-bf' (6 events over 4s)",
    eventsCount: 6,
    capacity: 5,
    leakSpeed: '10s',
    startMs: nowMs - 4_000,
    stopMs: nowMs,
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
    events: [
      { timestamp: '2026-01-02T15:04:05Z', meta: [{ key: 'source_ip', value: '192.0.2.7' }] },
    ],
    meta: [{ key: 'target_user', value: '["root"]' }],
    decisions: [],
    ...change,
  }
}

/** A ban for an hour, with what the test wants to be different. */
export function ban(clock: Clock, value: string, change: Partial<NewDecision> = {}): NewDecision {
  return {
    uuid: '',
    origin: 'crowdsec',
    type: 'ban',
    scope: value.includes('/') ? 'Range' : 'Ip',
    value,
    scenario: 'test/ssh-bf',
    isSimulated: false,
    untilMs: clock.nowMs() + hourMs,
    ...change,
  }
}

/** A decision as the stream tells it. */
export interface StreamItem {
  readonly duration: string
  readonly id: number
  readonly origin: string
  readonly scenario: string
  readonly scope: string
  readonly type: string
  readonly uuid?: string
  readonly value: string
}

/** Reads a stream reply to its end. */
export function readReply(reply: StreamReply): { new: StreamItem[]; deleted: StreamItem[] } {
  return JSON.parse(Buffer.concat([...reply.chunks]).toString())
}

/** The values of a reply: `new` ones, and `deleted` ones with a minus. */
export function newsOf(reply: StreamReply): string[] {
  const { new: fresh, deleted } = readReply(reply)
  return [...fresh.map((item) => item.value), ...deleted.map((item) => `-${item.value}`)]
}
