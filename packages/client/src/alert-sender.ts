import type { AlertBody } from '@tocsin/protocol'
import type { Log } from '@tocsin/telemetry'
import { ClientError, isPassing } from './client-error.ts'
import type { LapiClient } from './lapi-client.ts'
import { backOffMs, type Pacing, type RetryPolicy, systemPacing } from './pacing.ts'

export interface AlertSenderOptions {
  readonly client: Pick<LapiClient, 'pushAlerts'>
  readonly log: Log
  readonly pacing?: Pacing
  /** How long alerts are collected before they are sent together; 1 s when absent. */
  readonly intervalMs?: number
  /** How many alerts wait at most while no server takes them; 10,000 when absent. */
  readonly capacity?: number
}

const maxBatch = 100
const retryPolicy: RetryPolicy = { attempts: 0, firstDelayMs: 1_000, maxDelayMs: 60_000 }
/** Servers answer 500 to an alert they cannot read, so a batch refused that often is looked through. */
const refusalsBeforeSearch = 2

/**
 * Sends alerts in the background, in order, and keeps them while no server answers. One alert that no
 * server accepts costs only itself. When more wait than fit, the oldest go.
 */
export class AlertSender implements AsyncDisposable {
  readonly #options: AlertSenderOptions
  readonly #pacing: Pacing
  readonly #queue: AlertBody[] = []
  readonly #stop = new AbortController()
  #running: Promise<void> | undefined

  /** Stored by a server. */
  sent = 0
  /** Refused by a server, or pushed out by newer ones. */
  dropped = 0

  constructor(options: AlertSenderOptions) {
    this.#options = options
    this.#pacing = options.pacing ?? systemPacing
  }

  /** How many alerts wait. */
  get waiting(): number {
    return this.#queue.length
  }

  /** Takes over an alert; it leaves within the interval when a server answers. */
  add(alert: AlertBody): void {
    const capacity = this.#options.capacity ?? 10_000
    if (this.#queue.length >= capacity) {
      this.#queue.shift()
      this.dropped++
    }
    this.#queue.push(alert)
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined
    })
  }

  /** Tries once more to send what waits, then gives up. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    await this.#running
    try {
      while (this.#queue.length > 0) await this.#sendBatch(AbortSignal.timeout(5_000))
    } catch (error) {
      if (!(error instanceof ClientError)) throw error
      const { length } = this.#queue
      this.dropped += length
      this.#options.log.error({ alerts: length, reason: error.message }, 'alerts were not sent')
    }
  }

  async #run(): Promise<void> {
    let failures = 0
    let isSearchDue = false
    while (this.#queue.length > 0 && (await this.#wait(failures))) {
      try {
        if (isSearchDue) await this.#dropRefused()
        else await this.#sendBatch(this.#stop.signal)
        failures = 0
        isSearchDue = false
      } catch (error) {
        if (!(error instanceof ClientError)) throw error
        if (error.code === 'TOC_CLIENT_ABORTED') return
        failures++
        this.#options.log.warn(
          { alerts: this.#queue.length, failures, reason: error.message },
          'alerts wait for the local api',
        )
        isSearchDue = error.status === 500 && failures >= refusalsBeforeSearch
      }
    }
  }

  /** False when the sender is being closed. */
  async #wait(failures: number): Promise<boolean> {
    const intervalMs = this.#options.intervalMs ?? 1_000
    const ms = failures === 0 ? intervalMs : backOffMs(retryPolicy, failures, this.#pacing.random())
    try {
      await this.#pacing.sleep(ms, this.#stop.signal)
      return true
    } catch (error) {
      if (!this.#stop.signal.aborted) throw error
      return false
    }
  }

  async #sendBatch(signal: AbortSignal): Promise<void> {
    const batch = this.#queue.slice(0, maxBatch)
    try {
      await this.#options.client.pushAlerts(batch, signal)
      this.#remove(batch)
      this.sent += batch.length
    } catch (error) {
      if (!(error instanceof ClientError) || isPassing(error)) throw error
      if (error.code !== 'TOC_CLIENT_REFUSED') throw error
      await this.#dropRefused()
    }
  }

  /** Sends the first batch one by one; what is refused while others pass is dropped. */
  async #dropRefused(): Promise<void> {
    const doubtful: { alert: AlertBody; error: ClientError }[] = []
    let passed = 0
    for (const alert of this.#queue.slice(0, maxBatch)) {
      try {
        await this.#options.client.pushAlerts([alert], this.#stop.signal)
        this.#remove([alert])
        this.sent++
        passed++
      } catch (error) {
        if (!(error instanceof ClientError)) throw error
        if (error.code === 'TOC_CLIENT_REFUSED') this.#drop(alert, error)
        else if (error.status === 500) doubtful.push({ alert, error })
        else throw error
      }
    }
    // A server that refuses everything is ill: then no alert is to blame.
    if (passed === 0) return
    for (const { alert, error } of doubtful) this.#drop(alert, error)
  }

  #drop(alert: AlertBody, error: ClientError): void {
    this.#remove([alert])
    this.dropped++
    this.#options.log.error(
      { scenario: alert.scenario, reason: error.message },
      'the local api refused an alert',
    )
  }

  /** The queue may have lost its oldest while they were under way. */
  #remove(alerts: readonly AlertBody[]): void {
    const gone = new Set(alerts)
    let kept = 0
    for (const alert of this.#queue) {
      if (!gone.has(alert)) this.#queue[kept++] = alert
    }
    this.#queue.length = kept
  }
}
