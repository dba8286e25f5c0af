import { Kysely, MysqlDialect } from 'kysely'
import { createPool, type PoolOptions } from 'mysql2'
import type { ServerSettings } from '../store.ts'
import type { Database, Queries, WriteQueries } from './database.ts'
import { Mutex } from './mutex.ts'
import type { Schema } from './schema.ts'

/** Opens a MySQL or MariaDB database, which must exist. */
export function openMysql(settings: ServerSettings<'mysql'>): Database {
  return new MysqlDatabase(settings)
}

class MysqlDatabase implements Database {
  readonly kind = 'mysql'
  readonly reader: Queries
  readonly #mutex = new Mutex()

  constructor(settings: ServerSettings<'mysql'>) {
    const pool = createPool({
      database: settings.database,
      connectionLimit: settings.maxConnections ?? 10,
      charset: 'utf8mb4_bin',
      supportBigNumbers: true,
      // Affected rows as other databases count them: those found, changed or not.
      flags: ['+FOUND_ROWS'],
      ...pick(settings),
    })
    this.reader = new Kysely<Schema>({ dialect: new MysqlDialect({ pool }) })
  }

  write<T>(work: (queries: WriteQueries) => Promise<T>): Promise<T> {
    return this.#mutex.run(() =>
      this.reader.transaction().setIsolationLevel('read committed').execute(work),
    )
  }

  async sizeBytes(): Promise<undefined> {
    return undefined
  }

  async vacuum(): Promise<void> {}

  async notify(): Promise<void> {}

  async listen(): Promise<void> {}

  foreignVersion(): undefined {
    return undefined
  }

  async close(): Promise<void> {
    await this.#mutex.run(() => this.reader.destroy())
  }
}

function pick(settings: ServerSettings<'mysql'>): PoolOptions {
  const { host, port, socketPath, user, password, tls } = settings
  return {
    ...(host ? { host } : {}),
    ...(port ? { port } : {}),
    ...(!host && socketPath ? { socketPath } : {}),
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
