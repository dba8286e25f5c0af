import type { Log } from '@tocsin/telemetry'
import type { Channel } from '../channels/channel.ts'
import { DeliveryError } from '../channels/delivery-error.ts'
import { redact } from '../settings/mask.ts'
import type { Notification } from '../settings/notification.ts'
import type { NotifiedAlert } from '../template/alert-value.ts'
import type { Template } from '../template/template.ts'
import { TemplateError } from '../template/template-error.ts'
import { type DeliverDeps, deliver } from './deliver.ts'
import { PendingAlerts } from './pending-alerts.ts'

/** What became of the alerts of a notification. */
export interface NotificationStatus {
  readonly name: string
  readonly type: string
  /** Alerts that wait or are being sent. */
  readonly pending: number
  /** Alerts, not messages. */
  readonly sent: number
  readonly failed: number
  /** Alerts that found the queue full. */
  readonly dropped: number
  readonly lastSentMs: number | undefined
  /** Of the last message, when that failed. */
  readonly lastError: string | undefined
}

export interface DispatcherDeps extends DeliverDeps {
  readonly log: Log
}

interface Message {
  readonly alerts: readonly NotifiedAlert[]
  readonly template: Template
}

/** Failures of one notification are logged this often at most. */
const logIntervalMs = 60_000

/** Gathers the alerts of one notification and sends them, one message after the other. */
export class Dispatcher {
  readonly notification: Notification
  readonly #channel: Channel
  readonly #deps: DispatcherDeps
  readonly #waiting: PendingAlerts
  readonly #messages: Message[] = []
  /** Sent before all other messages. */
  readonly #alarms: Message[] = []
  /** Alerts in messages, the one that is being sent included. */
  #unsent = 0
  #timer: Disposable | undefined
  #working: Promise<void> | undefined
  readonly #stop = new AbortController()
  #isStopping = false
  #sent = 0
  #failed = 0
  #dropped = 0
  #lastSentMs: number | undefined
  #lastError: string | undefined
  #lastLogMs = Number.NEGATIVE_INFINITY
  #unlogged = 0

  constructor(notification: Notification, channel: Channel, deps: DispatcherDeps) {
    this.notification = notification
    this.#channel = channel
    this.#deps = deps
    this.#waiting = new PendingAlerts(notification, deps.clock)
  }

  /** Takes an alert over; never waits, never throws. */
  push(alert: NotifiedAlert): void {
    if (!this.#hasRoom()) return
    this.#waiting.add(alert)
    this.#schedule()
  }

  /** Takes an alarm over, which waits for no group and no end of quiet hours. */
  pushAlarm(alarm: NotifiedAlert): void {
    if (!this.#hasRoom()) return
    this.#alarms.push({ alerts: [alarm], template: this.notification.alarmTemplate })
    this.#unsent++
    this.#work()
  }

  get status(): NotificationStatus {
    const { name, target } = this.notification
    return {
      name,
      type: target.type,
      pending: this.#waiting.size + this.#unsent,
      sent: this.#sent,
      failed: this.#failed,
      dropped: this.#dropped,
      lastSentMs: this.#lastSentMs,
      lastError: this.#lastError,
    }
  }

  /** Sends what waits, whatever it waits for; resolves when all is sent or given up. */
  async flush(): Promise<void> {
    this.#send(this.#waiting.take())
    await this.#working
  }

  /** As `flush`, without further attempts, and for `graceMs` at most: then the rest is lost. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true
    using _timer = this.#deps.timers.after(graceMs, () => this.#stop.abort())
    await this.flush()
    this.#timer?.[Symbol.dispose]()
  }

  #hasRoom(): boolean {
    if (this.#isStopping) return false
    if (this.#waiting.size + this.#unsent < this.notification.queueSize) return true
    this.#dropped++
    this.#complain('the queue is full', 'alerts are not notified')
    return false
  }

  #schedule(): void {
    const dueMs = this.#waiting.dueMs()
    this.#timer?.[Symbol.dispose]()
    this.#timer = undefined
    if (dueMs === undefined) return
    const waitMs = dueMs - this.#deps.clock.nowMs()
    if (waitMs <= 0) {
      this.#send(this.#waiting.take())
    } else {
      // Asked again then: the end of quiet hours may not be the end of the wait.
      this.#timer = this.#deps.timers.after(waitMs, () => this.#schedule())
    }
  }

  #send(groups: readonly (readonly NotifiedAlert[])[]): void {
    const { template } = this.notification
    for (const alerts of groups) {
      this.#messages.push({ alerts, template })
      this.#unsent += alerts.length
    }
    this.#work()
  }

  #work(): void {
    this.#working ??= this.#sendAll().finally(() => {
      this.#working = undefined
    })
  }

  async #sendAll(): Promise<void> {
    const next = () => this.#alarms.shift() ?? this.#messages.shift()
    for (let message = next(); message; message = next()) {
      await this.#sendOne(message)
      this.#unsent -= message.alerts.length
    }
  }

  async #sendOne({ alerts, template }: Message): Promise<void> {
    const { notification } = this
    try {
      const text = template.render(alerts)
      const attempts = this.#isStopping ? { ...notification, maxRetries: 0 } : notification
      await deliver(text, this.#channel, attempts, this.#deps, this.#stop.signal)
      this.#sent += alerts.length
      this.#lastSentMs = this.#deps.clock.nowMs()
      this.#lastError = undefined
    } catch (error) {
      this.#failed += alerts.length
      const isExpected = error instanceof DeliveryError || error instanceof TemplateError
      const message = error instanceof Error ? error.message : String(error)
      const code = isExpected ? ` [${error.code}]` : ''
      this.#lastError = redact(message, notification.secrets) + code
      this.#complain(this.#lastError, 'alerts could not be notified')
    }
  }

  /** Logs a loss, but not every one when there are many. */
  #complain(reason: string, sentence: string): void {
    const { log, clock } = this.#deps
    const { name, logLevel } = this.notification
    if (logLevel === 'off') return
    const nowMs = clock.nowMs()
    if (nowMs - this.#lastLogMs < logIntervalMs) {
      this.#unlogged++
      return
    }
    const { failed, dropped } = this.status
    log.error({ notification: name, reason, failed, dropped, unlogged: this.#unlogged }, sentence)
    this.#lastLogMs = nowMs
    this.#unlogged = 0
  }
}
