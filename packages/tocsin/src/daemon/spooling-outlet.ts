import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Alert } from '@tocsin/model'
import { type AlertBody, bodyOfAlert } from '@tocsin/protocol'
import type { Log } from '@tocsin/telemetry'
import type { AlertOutlet } from './alert-outlet.ts'

/** More batches than this are not kept: the oldest go, and that is said. */
const maxBatches = 10_000
const firstRetryMs = 1000
const longestRetryMs = 60_000

export interface SpoolingOutletParts {
  /** A private folder of this outlet alone. */
  readonly directory: string
  /** Resolves when the receiver has stored the alerts; rejects when it has not. */
  readonly send: (bodies: readonly AlertBody[]) => Promise<void>
  readonly log: Log
}

/**
 * Sends alerts on; while nobody takes them they wait on disk, in their order, also across a restart.
 * A batch leaves the disk after it was taken, so one that was taken in the very moment of a crash is
 * sent again.
 */
export class SpoolingOutlet implements AlertOutlet {
  readonly #parts: SpoolingOutletParts
  readonly #stop = new AbortController()
  #names: string[]
  #serial: number
  #pumping: Promise<void> | undefined

  constructor(parts: SpoolingOutletParts) {
    this.#parts = parts
    mkdirSync(parts.directory, { recursive: true, mode: 0o700 })
    this.#names = readdirSync(parts.directory)
      .filter((name) => /^\d+\.json$/.test(name))
      .sort()
    this.#serial = Number.parseInt(this.#names.at(-1) ?? '0', 10)
    if (this.#names.length > 0) this.#pump()
  }

  get waiting(): number {
    return this.#names.length
  }

  async deliver(alerts: readonly Alert[]): Promise<void> {
    const bodies = alerts.map(bodyOfAlert)
    // What waits goes first: alerts arrive in their order.
    if (this.#names.length === 0) {
      try {
        await this.#parts.send(bodies)
        return
      } catch (error) {
        this.#parts.log.warn({ reason: reasonOf(error) }, 'alerts wait, as nobody takes them')
      }
    }
    this.#keep(bodies)
    this.#pump()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#pumping
  }

  #keep(bodies: readonly AlertBody[]): void {
    const { directory, log } = this.#parts
    if (this.#names.length >= maxBatches) {
      const oldest = this.#names.shift() ?? ''
      rmSync(join(directory, oldest), { force: true })
      log.error({ kept: maxBatches }, 'too many alerts wait, the oldest are dropped')
    }
    const name = `${String(++this.#serial).padStart(12, '0')}.json`
    const path = join(directory, name)
    writeFileSync(`${path}.new`, JSON.stringify(bodies), { mode: 0o600, flush: true })
    renameSync(`${path}.new`, path)
    this.#names.push(name)
  }

  #pump(): void {
    this.#pumping ??= this.#sendWaiting().finally(() => {
      this.#pumping = undefined
    })
  }

  async #sendWaiting(): Promise<void> {
    let delayMs = firstRetryMs
    while (this.#names.length > 0 && !this.#stop.signal.aborted) {
      const path = join(this.#parts.directory, this.#names[0] ?? '')
      try {
        await this.#parts.send(JSON.parse(readFileSync(path, 'utf8')) as AlertBody[])
        rmSync(path, { force: true })
        this.#names.shift()
        delayMs = firstRetryMs
        if (this.#names.length === 0) this.#parts.log.info({}, 'all waiting alerts are delivered')
      } catch (error) {
        if (error instanceof SyntaxError) {
          // Half a file can only be left by a broken disk: it is set aside, the others go on.
          renameSync(path, `${path}.unreadable`)
          this.#names.shift()
          this.#parts.log.error({ file: path }, 'waiting alerts are unreadable and set aside')
          continue
        }
        await this.#sleep(delayMs)
        delayMs = Math.min(delayMs * 2, longestRetryMs)
      }
    }
  }

  #sleep(ms: number): Promise<void> {
    const { signal } = this.#stop
    return new Promise((resolve) => {
      if (signal.aborted) return resolve()
      const timer = setTimeout(done, ms)
      function done() {
        clearTimeout(timer)
        signal.removeEventListener('abort', done)
        resolve()
      }
      signal.addEventListener('abort', done)
    })
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
