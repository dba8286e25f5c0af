import type { Clock } from '@tocsin/model'
import type { Log } from '@tocsin/telemetry'
import type { AlertStore } from './alert-store.ts'
import type { AllowlistStore } from './allowlist-store.ts'
import type { BouncerStore } from './bouncer-store.ts'
import type { ConfigStore } from './config-store.ts'
import type { DecisionStore } from './decision-store.ts'
import type { MachineStore } from './machine-store.ts'
import type { MetricStore } from './metric-store.ts'
import type { RetentionReport, RetentionSettings } from './retention.ts'

/** Where everything is kept. */
export type DatabaseSettings =
  | {
      readonly type: 'sqlite'
      /** A file, made with mode 0600 when missing, or `:memory:`. */
      readonly path: string
      /**
       * What an acknowledged write survives: `power` (default) the loss of power, `process` the end
       * of the process alone, with fewer waits for the disk.
       */
      readonly durability?: 'power' | 'process'
    }
  | ServerSettings<'postgresql'>
  | ServerSettings<'mysql'>

export interface ServerSettings<T extends 'postgresql' | 'mysql'> {
  readonly type: T
  readonly host?: string
  readonly port?: number
  /** A Unix socket, when there is no host. */
  readonly socketPath?: string
  readonly user?: string
  readonly password?: string
  readonly database: string
  /** PostgreSQL: the schema to live in, `public` when absent; made when missing. */
  readonly schema?: string
  readonly maxConnections?: number
  readonly tls?: {
    readonly isVerified: boolean
    readonly ca?: string
    readonly cert?: string
    readonly key?: string
  }
}

export interface StoreSettings {
  readonly database: DatabaseSettings
  readonly retention?: RetentionSettings
  /** How often to look for what others wrote; 100 for SQLite and 500 for servers when absent, 0 for never (call `sync`). */
  readonly syncIntervalMs?: number
}

export interface StoreDeps {
  readonly clock: Clock
  readonly log: Log
}

/**
 * Everything the Local API keeps. Reads of decisions, machines, bouncers and allowlists are answered
 * from memory at once; alerts, metrics and configuration items come from SQL. A resolved write is durable.
 */
export interface Store extends AsyncDisposable {
  readonly alerts: AlertStore
  readonly decisions: DecisionStore
  readonly machines: MachineStore
  readonly bouncers: BouncerStore
  readonly allowlists: AllowlistStore
  readonly metrics: MetricStore
  readonly config: ConfigStore
  /** Deletes what is too old or too much, and gives space back; call it every minute or so. */
  runRetention(): Promise<RetentionReport>
  /** Takes over what other processes wrote to the same database. Runs by itself every `syncIntervalMs`. */
  sync(): Promise<void>
  /** Writes down what was only noted in memory (heartbeats, last pulls). Runs by itself every second. */
  flush(): Promise<void>
  /** Throws when the database does not answer. */
  ping(): Promise<void>
}
