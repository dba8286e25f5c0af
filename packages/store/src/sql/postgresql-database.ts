import { setTimeout as sleep } from 'node:timers/promises'
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import type { ServerSettings } from '../store.ts'
import { StoreError } from '../store-error.ts'
import type { Database, Queries, WriteQueries } from './database.ts'
import { Mutex } from './mutex.ts'
import type { Schema } from './schema.ts'

const int8 = 20
const numeric = 1700
const retryMs = 1_000

/** Opens a PostgreSQL database; `schema` is made when missing. */
export async function openPostgresql(settings: ServerSettings<'postgresql'>): Promise<Database> {
  const schema = settings.schema ?? 'public'
  const config: pg.PoolConfig = {
    database: settings.database,
    max: settings.maxConnections ?? 10,
    options: `-c search_path="${schema.replaceAll('"', '')}"`,
    types: { getTypeParser },
    ...pick(settings),
  }
  try {
    const pool = new pg.Pool(config)
    // Without listeners, a connection that the server ends would end the process; whoever uses it
    // is told by the query that fails.
    pool.on('error', () => {})
    pool.on('connect', (client) => client.on('error', () => {}))
    if (schema !== 'public') {
      await pool.query(`CREATE SCHEMA IF NOT EXISTS ${pg.escapeIdentifier(schema)}`)
    }
    return new PostgresqlDatabase(pool, config, `tocsin_${schema}`)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new StoreError('TOC_STORE_OPEN', `cannot open ${settings.database}: ${reason}`, { cause })
  }
}

class PostgresqlDatabase implements Database {
  readonly kind = 'postgresql'
  readonly reader: Queries
  readonly #config: pg.ClientConfig
  readonly #channel: string
  readonly #mutex = new Mutex()
  #listener: pg.Client | undefined
  #isClosed = false

  constructor(pool: pg.Pool, config: pg.ClientConfig, channel: string) {
    this.#config = config
    this.#channel = channel
    this.reader = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  }

  write<T>(work: (queries: WriteQueries) => Promise<T>): Promise<T> {
    return this.#mutex.run(() =>
      this.reader.transaction().setIsolationLevel('read committed').execute(work),
    )
  }

  async sizeBytes(): Promise<undefined> {
    return undefined
  }

  /** The server's autovacuum does it. */
  async vacuum(): Promise<void> {}

  async notify(queries: WriteQueries): Promise<void> {
    await sql`SELECT pg_notify(${this.#channel}, '')`.execute(queries)
  }

  /** Keeps one connection that listens; while it is lost, polling alone must do. */
  async listen(onNews: () => void): Promise<void> {
    while (!this.#isClosed) {
      const client = new pg.Client(this.#config)
      const lost = new Promise<void>((resolve) => {
        client.on('error', () => resolve())
        client.on('end', () => resolve())
      })
      try {
        this.#listener = client
        await client.connect()
        // Closed while it connected: nobody else would end it.
        if (this.#isClosed) return void (await client.end())
        client.on('notification', onNews)
        await client.query(`LISTEN ${pg.escapeIdentifier(this.#channel)}`)
        await lost
      } catch {
        // Tried again below; whoever polls notices that the database is away and says so.
      }
      if (!this.#isClosed) await sleep(retryMs, undefined, { ref: false })
    }
  }

  foreignVersion(): undefined {
    return undefined
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.#listener?.end()
    await this.#mutex.run(() => this.reader.destroy())
  }
}

/** 64-bit numbers come as text unless asked otherwise; ours are times and counts, below 2⁵³. */
function getTypeParser(oid: number, format?: 'text' | 'binary'): (value: string) => unknown {
  if (oid === int8 || oid === numeric) return Number
  return pg.types.getTypeParser(oid, format as 'text')
}

function pick(settings: ServerSettings<'postgresql'>): pg.ClientConfig {
  const { host, port, socketPath, user, password, tls } = settings
  return {
    ...(host || socketPath ? { host: host || (socketPath ?? '') } : {}),
    ...(port ? { port } : {}),
    ...(user ? { user } : {}),
    ...(password ? { password } : {}),
    ...(tls
      ? {
          ssl: {
            rejectUnauthorized: tls.isVerified,
            ...(tls.ca ? { ca: tls.ca } : {}),
            ...(tls.cert ? { cert: tls.cert } : {}),
            ...(tls.key ? { key: tls.key } : {}),
          },
        }
      : {}),
  }
}
