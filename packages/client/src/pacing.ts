import { setTimeout as delay } from 'node:timers/promises'
import { type Clock, systemClock } from '@tocsin/model'

/** How a client waits; passed in, so that tests need no time. */
export interface Pacing {
  readonly clock: Clock
  /** Between 0 and 1. */
  random(): number
  /** Resolves after `ms`, or rejects when `signal` fires. */
  sleep(ms: number, signal: AbortSignal | undefined): Promise<void>
}

/** The time of this machine. */
export const systemPacing: Pacing = {
  clock: systemClock,
  random: Math.random,
  async sleep(ms, signal) {
    await delay(ms, undefined, signal ? { signal } : undefined)
  },
}

/** How often and how patiently a failed request is repeated. */
export interface RetryPolicy {
  /** How often a request is sent in all; 1 never repeats. */
  readonly attempts: number
  readonly firstDelayMs: number
  readonly maxDelayMs: number
}

export const defaultRetry: RetryPolicy = { attempts: 5, firstDelayMs: 500, maxDelayMs: 30_000 }

/**
 * How long to wait after the n-th failure (from 1): doubling, half of it by chance, so that clients a
 * server lost together do not come back together.
 */
export function backOffMs(policy: RetryPolicy, failures: number, random: number): number {
  const full = Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** Math.min(30, failures - 1))
  return full * (0.5 + random / 2)
}
