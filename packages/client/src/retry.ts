import type { Log } from '@tocsin/telemetry'
import { ClientError, isPassing } from './client-error.ts'
import { backOffMs, type Pacing, type RetryPolicy } from './pacing.ts'

/** What waiting between attempts needs. */
export interface RetryContext {
  readonly policy: RetryPolicy
  readonly pacing: Pacing
  readonly log: Log
  readonly signal: AbortSignal | undefined
}

/** Repeats `attempt` while its failures may pass, longer and longer apart. */
export async function retry<T>(context: RetryContext, attempt: () => Promise<T>): Promise<T> {
  const { policy, pacing, signal } = context
  for (let failures = 1; ; failures++) {
    try {
      return await attempt()
    } catch (error) {
      if (!(error instanceof ClientError && isPassing(error)) || failures >= policy.attempts) {
        throw error
      }
      const waitMs = Math.max(
        backOffMs(policy, failures, pacing.random()),
        Math.min(error.retryAfterMs ?? 0, policy.maxDelayMs),
      )
      context.log.debug({ reason: error.message, failures, waitMs }, 'asking the local api again')
      await sleepOrAbort(pacing, waitMs, signal)
    }
  }
}

/** @throws {ClientError} `TOC_CLIENT_ABORTED` when `signal` fires first. */
export async function sleepOrAbort(
  pacing: Pacing,
  ms: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  try {
    await pacing.sleep(ms, signal)
  } catch (error) {
    if (!signal?.aborted) throw error
    throw new ClientError('TOC_CLIENT_ABORTED', 'a request to the local api was ended')
  }
}
