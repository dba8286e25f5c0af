import type { Log } from '@tocsin/telemetry'

/** Repeats tasks until it is disposed; a task never overlaps with itself, and its failure is logged. */
export class Schedule implements AsyncDisposable {
  readonly #log: Log
  readonly #timers: NodeJS.Timeout[] = []
  readonly #running = new Set<Promise<void>>()

  constructor(log: Log) {
    this.#log = log
  }

  every(intervalMs: number, name: string, task: () => Promise<void>): void {
    let isRunning = false
    const run = async (): Promise<void> => {
      isRunning = true
      try {
        await task()
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        this.#log.error({ task: name, reason }, 'task failed')
      }
      isRunning = false
    }
    const timer = setInterval(() => {
      if (isRunning) return
      const done = run().finally(() => this.#running.delete(done))
      this.#running.add(done)
    }, intervalMs)
    this.#timers.push(timer.unref())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    await Promise.all(this.#running)
  }
}
