import type { Clock } from '@tocsin/model'
import type { Notification } from '../settings/notification.ts'
import { quietUntilMs } from '../settings/quiet-hours.ts'
import type { NotifiedAlert } from '../template/alert-value.ts'
import { digestKey, foldAlerts } from './fold-alerts.ts'

/** How long a number to wait for may keep alerts from being told. */
const maxThresholdWaitMs = 600_000

type Grouping = Pick<Notification, 'groupWaitMs' | 'groupThreshold' | 'digestMs' | 'quietHours'>

/** Alerts that wait to be sent, and when that is to be. */
export class PendingAlerts {
  readonly #grouping: Grouping
  readonly #clock: Clock
  #alerts: NotifiedAlert[] = []
  /** Of digests: where alike alerts are in the list. */
  #places = new Map<string, number>()
  #openedMs = 0
  #wasQuiet = false

  constructor(grouping: Grouping, clock: Clock) {
    this.#grouping = grouping
    this.#clock = clock
  }

  get size(): number {
    return this.#alerts.length
  }

  add(alert: NotifiedAlert): void {
    if (this.#alerts.length === 0) this.#openedMs = this.#clock.nowMs()
    if (this.#grouping.digestMs > 0 && this.#fold(alert)) return
    this.#alerts.push(alert)
  }

  #fold(alert: NotifiedAlert): boolean {
    const key = digestKey(alert)
    const place = this.#places.get(key)
    const before = place === undefined ? undefined : this.#alerts[place]
    if (place === undefined || !before) {
      this.#places.set(key, this.#alerts.length)
      return false
    }
    this.#alerts[place] = foldAlerts(before, alert)
    return true
  }

  /** When what waits is to be sent; in the past for "now", undefined when nothing waits. */
  dueMs(): number | undefined {
    if (this.#alerts.length === 0) return undefined
    const { groupWaitMs, groupThreshold, digestMs, quietHours } = this.#grouping
    const nowMs = this.#clock.nowMs()
    const quietMs = quietHours && quietUntilMs(quietHours, nowMs)
    if (quietMs !== undefined) {
      this.#wasQuiet = true
      return quietMs
    }
    if (this.#wasQuiet) return nowMs
    // Digests come at the full hour, not an hour after whatever was first.
    if (digestMs > 0) return (Math.floor(this.#openedMs / digestMs) + 1) * digestMs
    if (groupThreshold > 0 && this.#alerts.length >= groupThreshold) return nowMs
    if (groupWaitMs > 0) return this.#openedMs + groupWaitMs
    return groupThreshold > 1 ? this.#openedMs + maxThresholdWaitMs : nowMs
  }

  /** Takes what waits, in the groups in which it is to be sent. */
  take(): NotifiedAlert[][] {
    const alerts = this.#alerts
    const size = this.#groupSize()
    this.#alerts = []
    this.#places = new Map()
    this.#wasQuiet = false
    const groups: NotifiedAlert[][] = []
    for (let i = 0; i < alerts.length; i += size) groups.push(alerts.slice(i, i + size))
    return groups
  }

  #groupSize(): number {
    const { groupWaitMs, groupThreshold, digestMs } = this.#grouping
    const all = Math.max(1, this.#alerts.length)
    if (digestMs > 0) return all
    if (groupThreshold > 0) return groupThreshold
    return groupWaitMs > 0 || this.#wasQuiet ? all : 1
  }
}
