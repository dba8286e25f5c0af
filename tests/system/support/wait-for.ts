import { setTimeout as delay } from 'node:timers/promises'

/**
 * Asks again and again until there is an answer that is neither undefined nor false.
 * @throws {Error} After `timeoutMs`, naming `what` and the last failure.
 */
export async function waitFor<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  timeoutMs = 20_000,
): Promise<T> {
  const endMs = Date.now() + timeoutMs
  let failure: unknown
  do {
    try {
      const answer = await ask()
      if (answer !== undefined && answer !== false) return answer
      failure = undefined
    } catch (error) {
      failure = error
    }
    await delay(100)
  } while (Date.now() < endMs)
  throw new Error(`waited ${timeoutMs / 1000} s for ${what}`, { cause: failure })
}
