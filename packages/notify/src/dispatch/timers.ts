/** Runs things later; passed in, so that tests own the time. */
export interface Timers {
  /** Runs once after `ms`, unless disposed before. */
  after(ms: number, run: () => void): Disposable
}

/** Longer waits would overflow and fire at once. */
const maxMs = 2 ** 31 - 1

/** The timers of this process. */
export const systemTimers: Timers = {
  after(ms, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, ms), maxMs))
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
}

/** Waits, or less when the signal aborts. */
export function pause(ms: number, timers: Timers, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = timers.after(ms, end)
    signal.addEventListener('abort', end)
    function end(): void {
      timer[Symbol.dispose]()
      signal.removeEventListener('abort', end)
      resolve()
    }
  })
}
