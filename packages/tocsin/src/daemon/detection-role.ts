import type { Acknowledgement, Checkpoint, LineBatch, Source } from '@tocsin/acquisition'
import type { Detection, Engine, SavedBuckets } from '@tocsin/engine'
import { type Alert, timeMode } from '@tocsin/model'
import type { Log } from '@tocsin/telemetry'
import type { AlertOutlet } from './alert-outlet.ts'

const advanceEveryMs = 1000
/** Lines read since the last checkpoint are read again after a crash. */
const checkpointEveryMs = 5000
/** Rule failures are told at most this often. */
const failuresEveryMs = 60_000
/** A stop waits this long for what is being read. */
const drainMs = 5000

export interface DetectionRoleParts {
  readonly detection: Detection
  readonly sources: readonly Source[]
  readonly outlet: AlertOutlet
  /** Keeps positions and buckets for the next start. */
  readonly checkpoint: Checkpoint
  readonly log: Log
}

/**
 * Sources into an engine, its alerts to an outlet, as long as it runs. The lines of a batch are
 * acknowledged after every alert they caused is safe with the outlet, so a line is read again after
 * a crash rather than lost.
 */
export class DetectionRole implements AsyncDisposable {
  readonly #outlet: AlertOutlet
  readonly #log: Log
  readonly #checkpoint: Checkpoint
  readonly #stop = new AbortController()
  readonly #timers: NodeJS.Timeout[] = []
  #sources: readonly Source[]
  #detection: Detection
  #engine: Engine
  #running: Promise<unknown>[] = []
  #alerts: Alert[] = []
  #delivery: Promise<void> = Promise.resolve()

  constructor(parts: DetectionRoleParts) {
    this.#outlet = parts.outlet
    this.#log = parts.log
    this.#checkpoint = parts.checkpoint
    this.#sources = parts.sources
    this.#detection = parts.detection
    this.#engine = this.#createEngine(parts.detection)
    const { state } = parts.checkpoint
    if (isSavedBuckets(state)) this.#engine.restoreBuckets(state)
  }

  get engine(): Engine {
    return this.#engine
  }

  get sources(): readonly Source[] {
    return this.#sources
  }

  get detection(): Detection {
    return this.#detection
  }

  start(): void {
    this.#running = this.#sources.map((source) => this.#run(source))
    this.#every(advanceEveryMs, () => {
      this.#engine.advance()
      for (const source of this.#sources) source.health.refresh()
      void this.#deliver()
    })
    this.#every(checkpointEveryMs, () => void this.#save())
    this.#every(failuresEveryMs, () => this.#tellFailures())
  }

  /** Goes on with other rules; buckets that both have keep what they hold. */
  replaceRules(detection: Detection): void {
    const state = this.#engine.saveBuckets()
    this.#detection = detection
    const engine = this.#createEngine(detection)
    engine.restoreBuckets(state)
    engine.statistics.add(this.#engine.statistics)
    this.#engine = engine
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    for (const timer of this.#timers) clearInterval(timer)
    await Promise.race([Promise.allSettled(this.#running), sleep(drainMs)])
    await this.#deliver()
    await this.#save()
  }

  #createEngine(detection: Detection): Engine {
    return detection.createEngine({
      mode: timeMode.live,
      onAlert: (alert) => this.#alerts.push(alert),
    })
  }

  async #run(source: Source): Promise<void> {
    const resume = this.#checkpoint.positionOf(source)
    try {
      await source.start((batch) => this.#take(batch), this.#stop.signal, resume)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#log.error({ source: source.name, reason }, 'source ended')
    }
  }

  /** Hot path: every line of every source. */
  async #take({ origin, lines, readAt }: LineBatch): Promise<Acknowledgement> {
    const engine = this.#engine
    const parsedBefore = engine.statistics.parsed
    for (let i = 0; i < lines.length; i++) engine.processLine(lines[i] as string, origin, readAt)
    const parsedCount = engine.statistics.parsed - parsedBefore
    if (this.#alerts.length > 0) await this.#deliver()
    return { parsedCount }
  }

  /** One delivery at a time; what comes meanwhile goes with the next. */
  #deliver(): Promise<void> {
    this.#delivery = this.#delivery.then(async () => {
      const alerts = this.#alerts
      if (alerts.length === 0) return
      this.#alerts = []
      try {
        await this.#outlet.deliver(alerts)
      } catch (error) {
        // The outlet keeps what it can; this is the last resort, and must not stop the sources.
        this.#alerts = [...alerts, ...this.#alerts].slice(-maxKeptAlerts)
        const reason = error instanceof Error ? error.message : String(error)
        this.#log.error({ alerts: alerts.length, reason }, 'alerts could not be delivered')
      }
    })
    return this.#delivery
  }

  async #save(): Promise<void> {
    try {
      await this.#checkpoint.save(this.#sources, this.#engine.saveBuckets())
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.#log.error({ reason }, 'positions and buckets cannot be saved')
    }
  }

  #tellFailures(): void {
    for (const { scenario, part, count, reason } of this.#engine.drainScenarioFailures()) {
      this.#log.warn({ rule: scenario, part, count, reason }, 'rule failed while it ran')
    }
  }

  #every(intervalMs: number, task: () => void): void {
    this.#timers.push(setInterval(task, intervalMs))
  }
}

const maxKeptAlerts = 10_000

function isSavedBuckets(state: unknown): state is SavedBuckets {
  return typeof state === 'object' && state !== null && 'version' in state && state.version === 1
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref())
}
