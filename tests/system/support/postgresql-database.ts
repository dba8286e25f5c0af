import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import type pg from 'pg'

const host = '127.0.0.1'
const fromStore = createRequire(
  new URL('../../../packages/store/package.json', import.meta.url).pathname,
)

/** A database of its own on the PostgreSQL of this machine, which trusts local users. */
export interface PostgresqlDatabase extends AsyncDisposable {
  /** As `db_config` has it. */
  readonly settings: Readonly<Record<string, string>>
  /** Ends every connection to it, as a restart of the server does; gives how many there were. */
  endConnections(): Promise<number>
  /** Lets nobody in any more, or everybody again. */
  allowConnections(isAllowed: boolean): Promise<void>
}

/** Makes a database, or says why there is none. It goes with all connections when it is disposed. */
export async function createPostgresqlDatabase(): Promise<PostgresqlDatabase | string> {
  const { Pool }: typeof pg = fromStore('pg')
  const pool = new Pool({ host, user: 'postgres', database: 'test', max: 1 })
  const name = `tocsin_test_${randomBytes(6).toString('hex')}`
  try {
    await pool.query(`CREATE DATABASE ${name}`)
  } catch (error) {
    await pool.end()
    return `no PostgreSQL: ${error instanceof Error ? error.message || String(error) : String(error)}`
  }
  return {
    settings: { type: 'postgresql', host, port: '5432', user: 'postgres', db_name: name },
    async endConnections() {
      const ended = await pool.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1',
        [name],
      )
      return ended.rowCount ?? 0
    },
    async allowConnections(isAllowed) {
      // Binds superusers as well: the one way to be away without stopping a server others use.
      await pool.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${isAllowed}`)
    },
    async [Symbol.asyncDispose]() {
      await pool.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      await pool.end()
    },
  }
}
