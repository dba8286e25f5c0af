import type { Clock } from '@tocsin/model'
import type { Log } from '@tocsin/telemetry'
import { type Alarm, type AlarmKind, alertOfAlarm } from './alarm.ts'
import { createChannel } from './channels/create-channel.ts'
import { createHttpSender, type SendHttp } from './channels/send-http.ts'
import { attemptOnce } from './dispatch/deliver.ts'
import { Dispatcher, type NotificationStatus } from './dispatch/dispatcher.ts'
import { systemTimers, type Timers } from './dispatch/timers.ts'
import { redact } from './settings/mask.ts'
import type { Notification } from './settings/notification.ts'
import type { NotifiedAlert } from './template/alert-value.ts'

/** What notifying needs from outside. */
export interface NotifierDeps {
  readonly clock: Clock
  readonly log: Log
  /** The environment, for its proxies. */
  readonly variables: Readonly<Record<string, string | undefined>>
  readonly timers?: Timers
  readonly random?: () => number
  readonly sendHttp?: SendHttp
}

/** Tells others of alerts. Nothing here waits or throws but what says so. */
export interface Notifier extends AsyncDisposable {
  /** Hands an alert to notifications by name, such as those of the profiles that matched. */
  notify(names: Iterable<string>, alert: NotifiedAlert): void
  /** Tells of an alarm, once until it is cleared. */
  raise(alarm: Alarm): void
  /** Tells that what was raised is over; nothing when it was not raised. */
  clear(kind: AlarmKind, subject: string, message: string): void
  status(): NotificationStatus[]
  /** Sends what waits; resolves when all is sent or given up. */
  flush(): Promise<void>
  /** As `flush`, one attempt each, three seconds at most. */
  [Symbol.asyncDispose](): Promise<void>
}

const stopGraceMs = 3000
const maxAlarms = 1000

/** Makes a notifier of what `readNotificationDirectory` found. */
export function createNotifier(
  notifications: readonly Notification[],
  deps: NotifierDeps,
): Notifier {
  const { clock, log, variables, timers = systemTimers, random = Math.random } = deps
  const sendHttp = deps.sendHttp ?? createHttpSender(variables)
  const dispatchers = new Map(
    notifications.map((notification) => {
      const channel = createChannel(notification.target, sendHttp, clock)
      const dispatcher = new Dispatcher(notification, channel, { clock, log, timers, random })
      return [notification.name, dispatcher]
    }),
  )
  const raised = new Set<string>()
  const unknown = new Set<string>()
  const tell = (alarm: Alarm) => {
    const alert = alertOfAlarm(alarm, clock.nowMs())
    for (const dispatcher of dispatchers.values()) {
      if (dispatcher.notification.takesAlarms) dispatcher.pushAlarm(alert)
    }
  }
  return {
    notify(names, alert) {
      for (const name of new Set(names)) {
        const dispatcher = dispatchers.get(name)
        if (dispatcher) dispatcher.push(alert)
        else if (!unknown.has(name)) {
          unknown.add(name)
          log.error({ notification: name }, 'there is no such notification')
        }
      }
    },
    raise(alarm) {
      const key = `${alarm.kind} ${alarm.subject}`
      if (raised.has(key) || raised.size >= maxAlarms) return
      raised.add(key)
      tell(alarm)
    },
    clear(kind, subject, message) {
      if (raised.delete(`${kind} ${subject}`)) tell({ kind, subject, message })
    },
    status: () => [...dispatchers.values()].map((dispatcher) => dispatcher.status),
    async flush() {
      await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.flush()))
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...dispatchers.values()].map((one) => one.stop(stopGraceMs)))
    },
  }
}

/** What came of one attempt: the text that was sent, and why it did not arrive. */
export interface TestDelivery {
  readonly text: string
  readonly error: string | undefined
}

/** Sends alerts with one attempt, without queue or group, and says what came of it. */
export async function testNotification(
  notification: Notification,
  alerts: readonly NotifiedAlert[],
  deps: NotifierDeps,
): Promise<TestDelivery> {
  const { clock, variables, timers = systemTimers } = deps
  const sendHttp = deps.sendHttp ?? createHttpSender(variables)
  let text = ''
  try {
    text = notification.template.render(alerts)
    const channel = createChannel(notification.target, sendHttp, clock)
    await attemptOnce(text, channel, notification.timeoutMs, timers, new AbortController().signal)
    return { text, error: undefined }
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    return { text, error: redact(message, notification.secrets) }
  }
}
