import { chmodSync, closeSync, existsSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Kysely } from 'kysely'
import { StoreError } from '../store-error.ts'
import type { Database, Queries, WriteQueries } from './database.ts'
import { Mutex } from './mutex.ts'
import type { Schema } from './schema.ts'
import { sqliteDialect } from './sqlite-dialect.ts'

const inMemory = ':memory:'
/** Pages given back in one go: some milliseconds. */
const vacuumPages = 256

export interface SqliteSettings {
  readonly path: string
  readonly durability?: 'power' | 'process'
}

/**
 * Opens or makes a database file, private to its user. One connection writes, another reads: with the
 * write-ahead log neither waits for the other.
 */
export function openSqlite(settings: SqliteSettings): Database {
  try {
    return new SqliteDatabase(settings)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new StoreError('TOC_STORE_OPEN', `cannot open ${settings.path}: ${reason}`, { cause })
  }
}

class SqliteDatabase implements Database {
  readonly kind = 'sqlite'
  readonly reader: Queries
  readonly #writer: Queries
  readonly #raw: DatabaseSync
  readonly #rawReader: DatabaseSync | undefined
  readonly #mutex = new Mutex()

  constructor(settings: SqliteSettings) {
    const { path } = settings
    if (path !== inMemory) makePrivate(path)
    const raw = new DatabaseSync(path)
    this.#raw = raw
    raw.exec('PRAGMA busy_timeout = 0')
    // Only a file without tables can still be made to give pages back by itself.
    raw.exec('PRAGMA auto_vacuum = INCREMENTAL')
    // Two processes that open a new file at once meet here.
    raw.exec('PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 0')
    raw.exec(`PRAGMA synchronous = ${settings.durability === 'process' ? 'NORMAL' : 'FULL'}`)
    raw.exec('PRAGMA journal_size_limit = 33554432; PRAGMA cache_size = -8192')
    raw.exec('PRAGMA temp_store = MEMORY')
    this.#writer = new Kysely<Schema>({ dialect: sqliteDialect(raw) })
    this.#rawReader = path === inMemory ? undefined : openReader(path)
    this.reader = this.#rawReader
      ? new Kysely<Schema>({ dialect: sqliteDialect(this.#rawReader) })
      : this.#writer
  }

  write<T>(work: (queries: WriteQueries) => Promise<T>): Promise<T> {
    return this.#mutex.run(() => this.#writer.transaction().execute(work))
  }

  async sizeBytes(): Promise<number> {
    const used = this.#pragma('page_count') - this.#pragma('freelist_count')
    return used * this.#pragma('page_size')
  }

  async vacuum(): Promise<void> {
    for (;;) {
      const before = this.#pragma('freelist_count')
      if (before === 0) return
      await this.#mutex.run(async () => {
        this.#raw.exec(`PRAGMA incremental_vacuum(${vacuumPages})`)
      })
      // Less than nothing gained: the file was made without incremental vacuum.
      if (this.#pragma('freelist_count') >= before) return
      await nextTurn()
    }
  }

  async notify(): Promise<void> {}

  async listen(): Promise<void> {}

  foreignVersion(): number {
    return this.#pragma('data_version')
  }

  async close(): Promise<void> {
    await this.#mutex.run(async () => {
      await this.reader.destroy()
      await this.#writer.destroy()
      this.#rawReader?.close()
      // Last, because the last one puts the log into the file.
      this.#raw.close()
    })
  }

  #pragma(name: string): number {
    const row = this.#raw.prepare(`PRAGMA ${name}`).get()
    return Number(Object.values(row ?? {})[0] ?? 0)
  }
}

function openReader(path: string): DatabaseSync {
  const raw = new DatabaseSync(path)
  raw.exec('PRAGMA query_only = ON; PRAGMA busy_timeout = 5000; PRAGMA cache_size = -8192')
  return raw
}

/** SQLite gives its other files the mode of this one. */
function makePrivate(path: string): void {
  if (existsSync(path)) chmodSync(path, 0o600)
  else closeSync(openSync(path, 'a', 0o600))
}
