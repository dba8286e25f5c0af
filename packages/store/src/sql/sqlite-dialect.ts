import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type QueryResult,
  SqliteAdapter,
  SqliteIntrospector,
  SqliteQueryCompiler,
} from 'kysely'
import { StoreError } from '../store-error.ts'
import { Mutex } from './mutex.ts'

/** As many prepared statements are kept as the store has shapes of queries, with room. */
const maxStatements = 256
const lockPatienceMs = 30_000
const busyCode = 5

/** Kysely over one connection of `node:sqlite`; whoever needs it waits for their turn. */
export function sqliteDialect(database: DatabaseSync): Dialect {
  return {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new SqliteDriver(database),
    createIntrospector: (db) => new SqliteIntrospector(db),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  }
}

class SqliteDriver implements Driver {
  readonly #database: DatabaseSync
  readonly #connection: SqliteConnection
  readonly #mutex = new Mutex()
  #leave: (() => void) | undefined

  constructor(database: DatabaseSync) {
    this.#database = database
    this.#connection = new SqliteConnection(database)
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<DatabaseConnection> {
    this.#leave = await this.#mutex.enter()
    return this.#connection
  }

  async releaseConnection(): Promise<void> {
    this.#leave?.()
  }

  /**
   * Takes the write lock at once, so that no transaction fails half way. Another process may hold it:
   * waiting here, not in SQLite, keeps this process answering.
   */
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const begin = CompiledQuery.raw('BEGIN IMMEDIATE')
    for (
      let waitedMs = 0, delayMs = 1;
      ;
      waitedMs += delayMs, delayMs = Math.min(50, delayMs * 2)
    ) {
      try {
        await connection.executeQuery(begin)
        return
      } catch (cause) {
        if (!isBusy(cause)) throw cause
        if (waitedMs > lockPatienceMs) {
          throw new StoreError(
            'TOC_STORE_LOCKED',
            `another process has held the database for ${lockPatienceMs / 1000} seconds`,
            { cause },
          )
        }
        await sleep(delayMs)
      }
    }
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('COMMIT'))
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    // After some failures, a full disk among them, SQLite has rolled back by itself.
    if (this.#database.isTransaction) await connection.executeQuery(CompiledQuery.raw('ROLLBACK'))
  }

  /** Whoever opened the connection closes it: Kysely forgets to when it was never used. */
  async destroy(): Promise<void> {}
}

class SqliteConnection implements DatabaseConnection {
  readonly #database: DatabaseSync
  readonly #statements = new Map<string, StatementSync>()

  constructor(database: DatabaseSync) {
    this.#database = database
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const statement = this.#prepare(query.sql)
    const parameters = query.parameters as readonly SQLInputValue[]
    if (statement.columns().length > 0) return { rows: statement.all(...parameters) as R[] }
    const { changes, lastInsertRowid } = statement.run(...parameters)
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
  }

  async *streamQuery<R>(query: CompiledQuery): AsyncIterableIterator<QueryResult<R>> {
    // Its own statement: the cached one may be wanted before this is read to the end.
    const statement = this.#database.prepare(query.sql)
    let rows: R[] = []
    for (const row of statement.iterate(...(query.parameters as readonly SQLInputValue[]))) {
      rows.push(row as R)
      if (rows.length === 1_000) {
        yield { rows }
        rows = []
      }
    }
    if (rows.length > 0) yield { rows }
  }

  #prepare(sql: string): StatementSync {
    const known = this.#statements.get(sql)
    if (known) return known
    const oldest = this.#statements.keys().next()
    if (this.#statements.size >= maxStatements && !oldest.done) {
      this.#statements.delete(oldest.value)
    }
    const statement = this.#database.prepare(sql)
    this.#statements.set(sql, statement)
    return statement
  }
}

function isBusy(error: unknown): boolean {
  // The low byte is the error, the rest says which kind of busy.
  return error instanceof Error && 'errcode' in error && (Number(error.errcode) & 0xff) === busyCode
}
