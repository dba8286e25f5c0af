import type { Clock } from '@tocsin/model'
import type { Channel } from '../channels/channel.ts'
import { DeliveryError } from '../channels/delivery-error.ts'
import type { Notification } from '../settings/notification.ts'
import { pause, type Timers } from './timers.ts'

const firstPauseMs = 1000
const maxPauseMs = 30_000
const jitter = 0.3
/** How long attempts go on when their number is not set. */
const patienceMs = 300_000

export interface DeliverDeps {
  readonly clock: Clock
  readonly timers: Timers
  /** From 0 up to 1. */
  readonly random: () => number
}

/**
 * Brings a text to its place, trying again with growing pauses while that may help.
 * @param stop Ends the attempt under way and those to come.
 * @throws {DeliveryError} That of the last attempt.
 */
export async function deliver(
  text: string,
  channel: Channel,
  { timeoutMs, maxRetries }: Pick<Notification, 'timeoutMs' | 'maxRetries'>,
  deps: DeliverDeps,
  stop: AbortSignal,
): Promise<void> {
  const startMs = deps.clock.nowMs()
  for (let attempt = 0; ; attempt++) {
    try {
      return await attemptOnce(text, channel, timeoutMs, deps.timers, stop)
    } catch (error) {
      if (!(error instanceof DeliveryError)) throw error
      const pauseMs = error.retryAfterMs ?? pauseBefore(attempt, deps.random())
      const isOver =
        maxRetries === undefined
          ? deps.clock.nowMs() + pauseMs - startMs > patienceMs
          : attempt >= maxRetries
      if (error.isPermanent || isOver || stop.aborted) throw error
      await pause(pauseMs, deps.timers, stop)
      if (stop.aborted) throw error
    }
  }
}

/** One attempt, which ends after `timeoutMs` or when `stop` aborts. */
export async function attemptOnce(
  text: string,
  channel: Channel,
  timeoutMs: number,
  timers: Timers,
  stop: AbortSignal,
): Promise<void> {
  const limit = new AbortController()
  using _timer = timers.after(timeoutMs, () => limit.abort())
  await channel.send(text, AbortSignal.any([limit.signal, stop]))
}

/** 1 s, 2 s, 4 s… up to 30 s, each up to 30 % shorter or longer, so that not all come at once. */
function pauseBefore(attempt: number, random: number): number {
  const ms = Math.min(firstPauseMs * 2 ** Math.min(attempt, 10), maxPauseMs)
  return ms * (1 - jitter + 2 * jitter * random)
}
