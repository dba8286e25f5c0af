import { setImmediate } from 'node:timers/promises'
import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import { type Alert, Instant } from '@tocsin/model'
import { type Log, type LogFields, silentLog } from '@tocsin/telemetry'
import type { Timers } from './dispatch/timers.ts'
import type { Notification } from './settings/notification.ts'
import { readNotifications } from './settings/read-notifications.ts'
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

/** A clock and timers that stand still until `advance`. */
export class TestTime implements Timers {
  #nowMs: number
  #due: { readonly atMs: number; readonly run: () => void }[] = []

  constructor(startMs = Date.UTC(2026, 10, 3, 10)) {
    this.#nowMs = startMs
  }

  nowMs(): number {
    return this.#nowMs
  }

  after(ms: number, run: () => void): Disposable {
    const entry = { atMs: this.#nowMs + Math.max(0, ms), run }
    this.#due.push(entry)
    return { [Symbol.dispose]: () => this.#remove(entry) }
  }

  get waiting(): number {
    return this.#due.length
  }

  /** Lets time pass, running what becomes due in its order, and what follows from it. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms
    await settle()
    for (;;) {
      const [next] = this.#due.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)
      if (!next) break
      this.#remove(next)
      this.#nowMs = next.atMs
      next.run()
      await settle()
    }
    this.#nowMs = endMs
  }

  #remove(entry: unknown): void {
    this.#due = this.#due.filter((other) => other !== entry)
  }
}

/** Lets everything run that waits for nothing but its turn. */
async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await setImmediate()
}

/** Reads notifications that must be right. */
export function readGood(yaml: string, services = testServices): Notification[] {
  const problems = new Problems()
  const found = readNotifications(new SourceText('ops.yaml', yaml), services, problems)
  const errors = problems.list.filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(errors.map(formatProblem).join('\n'))
  return found
}

/** A log that is kept. */
export function testLog(): Log & {
  readonly records: { level: string; fields: LogFields; text: string }[]
} {
  const records: { level: string; fields: LogFields; text: string }[] = []
  const at = (level: string) => (fields: LogFields, text: string) => {
    records.push({ level, fields, text })
  }
  return { records, error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
}
