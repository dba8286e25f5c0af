import { randomBytes } from 'node:crypto'
import { createRequire } from 'node:module'
import type { DatabaseSettings } from '@tocsin/store'
import type pg from 'pg'

/** A database server of this machine where tests may make and drop their own. */
export interface DatabaseServer {
  readonly name: string
  /** Why it cannot be used; undefined when it can. */
  readonly skip: string | undefined
  /** Makes an empty database under a name that nobody uses. */
  create(): Promise<DatabaseSettings>
  /** Drops all that `create` made. */
  drop(): Promise<void>
}

const host = '127.0.0.1'
const fromStore = createRequire(
  new URL('../../../packages/store/package.json', import.meta.url).pathname,
)

/** PostgreSQL on the standard port, which trusts local users. */
export async function postgresqlServer(): Promise<DatabaseServer> {
  const { Pool }: typeof pg = fromStore('pg')
  const pool = new Pool({ host, user: 'postgres', database: 'test', max: 2 })
  const skip = await reasonOf(pool.query('SELECT 1'))
  const made: string[] = []
  return {
    name: 'PostgreSQL',
    skip,
    async create() {
      const schema = newName()
      made.push(schema)
      return { type: 'postgresql', host, user: 'postgres', database: 'test', schema }
    },
    async drop() {
      for (const schema of made) await pool.query(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)
      await pool.end()
    },
  }
}

/** MariaDB on the standard port, whose root needs no password. */
export async function mariadbServer(): Promise<DatabaseServer> {
  const { createPool }: typeof import('mysql2/promise') = fromStore('mysql2/promise')
  const pool = createPool({ host, user: 'root', connectionLimit: 2 })
  const skip = await reasonOf(pool.query('SELECT 1'))
  const made: string[] = []
  return {
    name: 'MariaDB',
    skip,
    async create() {
      const database = newName()
      made.push(database)
      await pool.query(`CREATE DATABASE ${database}`)
      return { type: 'mysql', host, user: 'root', database }
    },
    async drop() {
      for (const database of made) await pool.query(`DROP DATABASE ${database}`)
      await pool.end()
    },
  }
}

function newName(): string {
  return `tocsin_test_${randomBytes(6).toString('hex')}`
}

async function reasonOf(attempt: Promise<unknown>): Promise<string | undefined> {
  try {
    await attempt
    return undefined
  } catch (error) {
    return `no server: ${error instanceof Error ? error.message || String(error) : String(error)}`
  }
}
