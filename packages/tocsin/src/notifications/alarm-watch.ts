import type { Clock } from '@tocsin/model'
import type { AlarmKind, Notifier } from '@tocsin/notify'
import type { DaemonStatus } from '../daemon/status.ts'

const checkEveryMs = 10_000
/** Shorter than this is a rotation or a restart, and nobody's concern. */
const settleMs = 60_000
/** How long alerts may wait for the Local API before somebody is told. */
const waitingMs = 300_000

/** What the watch looks at. */
export type WatchedStatus = Pick<DaemonStatus, 'sources' | 'alerts_waiting'>

interface SourceState {
  /** Since when the verdict is what it is. */
  verdict: string
  sinceMs: number
  wasRead: boolean
  raised: AlarmKind | undefined
}

/**
 * Raises alarms for sources that broke or went silent and for alerts that nobody takes, and clears
 * them again.
 */
export class AlarmWatch {
  readonly #notifier: Pick<Notifier, 'raise' | 'clear'>
  readonly #clock: Clock
  readonly #sources = new Map<string, SourceState>()
  #waitingSinceMs: number | undefined

  constructor(notifier: Pick<Notifier, 'raise' | 'clear'>, clock: Clock) {
    this.#notifier = notifier
    this.#clock = clock
  }

  /** Looks at the status; called every few seconds. */
  check({ sources, alerts_waiting: waiting }: WatchedStatus): void {
    const nowMs = this.#clock.nowMs()
    for (const source of sources) this.#checkSource(source, nowMs)
    this.#checkWaiting(waiting, nowMs)
  }

  #checkSource(source: WatchedStatus['sources'][number], nowMs: number): void {
    const { name, verdict, description } = source
    const state = this.#stateOf(name, verdict, nowMs)
    if (nowMs - state.sinceMs < settleMs) return
    const kind = alarmOf(verdict, state.wasRead)
    if (kind === state.raised) return
    if (state.raised !== undefined)
      this.#notifier.clear(state.raised, name, `${name} ${description}`)
    if (kind !== undefined) {
      this.#notifier.raise({ kind, subject: name, message: `${name} ${description}` })
    }
    state.raised = kind
  }

  #stateOf(name: string, verdict: string, nowMs: number): SourceState {
    const state = this.#sources.get(name) ?? {
      verdict,
      sinceMs: nowMs,
      wasRead: false,
      raised: undefined,
    }
    this.#sources.set(name, state)
    if (state.verdict !== verdict) {
      state.verdict = verdict
      state.sinceMs = nowMs
    }
    if (verdict === 'healthy') state.wasRead = true
    return state
  }

  #checkWaiting(waiting: number, nowMs: number): void {
    const subject = 'the Local API'
    if (waiting === 0) {
      this.#waitingSinceMs = undefined
      this.#notifier.clear('api-lost', subject, 'the Local API takes alerts again')
      return
    }
    this.#waitingSinceMs ??= nowMs
    if (nowMs - this.#waitingSinceMs < waitingMs) return
    const message = `the Local API takes no alerts, ${waiting} wait`
    this.#notifier.raise({ kind: 'api-lost', subject, message })
  }
}

/** What a verdict is worth telling; a file that never was there may belong to a service that is not. */
function alarmOf(verdict: string, wasRead: boolean): AlarmKind | undefined {
  switch (verdict) {
    case 'permission-denied':
    case 'unreadable':
    case 'stopped-parsing':
    case 'no-parser':
      return 'source-broken'
    case 'missing':
      return wasRead ? 'source-broken' : undefined
    case 'idle':
      return wasRead ? 'source-silent' : undefined
    default:
      return undefined
  }
}

/** Checks a status every few seconds until it is disposed. */
export function watchForAlarms(
  notifier: Notifier,
  status: () => WatchedStatus,
  clock: Clock,
): Disposable {
  const watch = new AlarmWatch(notifier, clock)
  const timer = setInterval(() => watch.check(status()), checkEveryMs)
  return { [Symbol.dispose]: () => clearInterval(timer) }
}
