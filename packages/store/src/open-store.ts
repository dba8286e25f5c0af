import { randomInt } from 'node:crypto'
import { Ledger } from './ledger.ts'
import { countLoadable, loadDecisions } from './load-decisions.ts'
import { DecisionMemory } from './memory/decision-memory.ts'
import type { RetentionReport } from './retention.ts'
import { openDatabase } from './sql/open-database.ts'
import { SqlAlertStore } from './sql-alert-store.ts'
import { SqlAllowlistStore } from './sql-allowlist-store.ts'
import { SqlBouncerStore } from './sql-bouncer-store.ts'
import { SqlConfigStore } from './sql-config-store.ts'
import { SqlDecisionStore } from './sql-decision-store.ts'
import { SqlMachineStore } from './sql-machine-store.ts'
import { SqlMetricStore } from './sql-metric-store.ts'
import { Retention } from './sql-retention.ts'
import type { Store, StoreDeps, StoreSettings } from './store.ts'

/** SQLite tells at no cost that nobody else wrote; a server has to be asked. */
const defaultSyncMs = { sqlite: 100, postgresql: 500, mysql: 500 } as const
const flushEveryMs = 1_000

/**
 * Opens the database, brings its schema up to date and loads what is answered from memory.
 * @throws {StoreError} `TOC_STORE_OPEN`, or `TOC_STORE_NEWER` when a newer program wrote it.
 */
export async function openStore(settings: StoreSettings, deps: StoreDeps): Promise<Store> {
  const { clock } = deps
  const database = await openDatabase(settings.database)
  try {
    const nowMs = clock.nowMs()
    const capacity = await countLoadable(database.reader, nowMs)
    const memory = new DecisionMemory({
      clock,
      seed: randomInt(2 ** 32),
      capacity: Math.ceil(capacity * 1.1) + 1_024,
    })
    const machines = new SqlMachineStore(() => ledger)
    const bouncers = new SqlBouncerStore(() => ledger)
    const allowlists = new SqlAllowlistStore(() => ledger)
    const ledger: Ledger = new Ledger({
      database,
      memory,
      clock,
      readPeople: async (queries) => {
        await machines.read(queries)
        await bouncers.read(queries)
        await allowlists.read(queries)
      },
    })
    await loadDecisions(ledger, nowMs)
    await ledger.follow()
    const store = new SqlStore(ledger, { machines, bouncers, allowlists }, settings, deps)
    store.start()
    return store
  } catch (error) {
    await database.close()
    throw error
  }
}

class SqlStore implements Store {
  readonly alerts: SqlAlertStore
  readonly decisions: SqlDecisionStore
  readonly machines: SqlMachineStore
  readonly bouncers: SqlBouncerStore
  readonly allowlists: SqlAllowlistStore
  readonly metrics: SqlMetricStore
  readonly config: SqlConfigStore
  readonly #ledger: Ledger
  readonly #retention: Retention
  readonly #settings: StoreSettings
  readonly #deps: StoreDeps
  readonly #timers: NodeJS.Timeout[] = []
  #foreignVersion: number | undefined
  /** The background work under way, which closing waits for. */
  readonly #running = new Set<Promise<void>>()
  #isRetaining = false

  constructor(
    ledger: Ledger,
    people: {
      readonly machines: SqlMachineStore
      readonly bouncers: SqlBouncerStore
      readonly allowlists: SqlAllowlistStore
    },
    settings: StoreSettings,
    deps: StoreDeps,
  ) {
    this.#ledger = ledger
    this.#retention = new Retention(ledger, settings.retention ?? {})
    this.#settings = settings
    this.#deps = deps
    this.machines = people.machines
    this.bouncers = people.bouncers
    this.allowlists = people.allowlists
    this.alerts = new SqlAlertStore(ledger, people.machines)
    this.decisions = new SqlDecisionStore(ledger, this.alerts)
    this.metrics = new SqlMetricStore(ledger)
    this.config = new SqlConfigStore(ledger)
  }

  start(): void {
    const { database } = this.#ledger
    const syncMs = this.#settings.syncIntervalMs ?? defaultSyncMs[database.kind]
    this.#foreignVersion = database.foreignVersion()
    if (syncMs > 0) {
      this.#every(syncMs, 'cannot follow what other processes wrote', () => this.#syncIfForeign())
      const onNews = () => this.#run('cannot follow what other processes wrote', () => this.sync())
      void database.listen(onNews).catch((error) => {
        this.#deps.log.warn(
          { reason: reasonOf(error) },
          'stopped listening for news of other processes',
        )
      })
    }
    this.#every(flushEveryMs, 'cannot write positions of bouncers', async () => {
      this.decisions.stream.trim()
      await this.flush()
    })
  }

  async runRetention(): Promise<RetentionReport> {
    const none = {
      alerts: 0,
      decisions: 0,
      metrics: 0,
      machines: 0,
      bouncers: 0,
      allowlistItems: 0,
    }
    if (this.#isRetaining) return none
    this.#isRetaining = true
    try {
      return await this.#retention.run()
    } finally {
      this.#isRetaining = false
    }
  }

  sync(): Promise<void> {
    return this.#ledger.follow()
  }

  async flush(): Promise<void> {
    await this.machines.flush()
    await this.bouncers.flush()
  }

  ping(): Promise<void> {
    return this.#ledger.ping()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer)
    await Promise.all(this.#running)
    try {
      await this.flush()
    } finally {
      await this.#ledger.database.close()
    }
  }

  /** SQLite tells at no cost whether another connection wrote. */
  async #syncIfForeign(): Promise<void> {
    const version = this.#ledger.database.foreignVersion()
    if (version !== undefined && version === this.#foreignVersion) return
    this.#foreignVersion = version
    await this.sync()
  }

  #every(ms: number, failure: string, work: () => Promise<void>): void {
    let isRunning = false
    const timer = setInterval(() => {
      if (isRunning) return
      isRunning = true
      this.#run(failure, work, () => {
        isRunning = false
      })
    }, ms)
    timer.unref()
    this.#timers.push(timer)
  }

  #run(failure: string, work: () => Promise<void>, done?: () => void): void {
    const running = work()
      .catch((error: unknown) => this.#deps.log.error({ reason: reasonOf(error) }, failure))
      .finally(() => {
        this.#running.delete(running)
        done?.()
      })
    this.#running.add(running)
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
