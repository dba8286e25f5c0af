import { CompiledQuery } from 'kysely'
import type { DatabaseSettings } from '../store.ts'
import { StoreError } from '../store-error.ts'
import type { Database, Queries } from './database.ts'
import { type Migration, migrations } from './migrations.ts'

/**
 * Opens a database and brings its schema up to date.
 * @throws {StoreError} `TOC_STORE_NEWER` when a newer program wrote it, `TOC_STORE_OPEN` otherwise.
 */
export async function openDatabase(
  settings: DatabaseSettings,
  steps: readonly Migration[] = migrations,
): Promise<Database> {
  const database = await connect(settings)
  try {
    await database.write((queries) => migrate(database, queries, steps))
    return database
  } catch (cause) {
    await database.close()
    if (cause instanceof StoreError) throw cause
    const reason = cause instanceof Error ? cause.message || String(cause) : String(cause)
    throw new StoreError('TOC_STORE_OPEN', `cannot prepare the database: ${reason}`, { cause })
  }
}

/** Loads the one driver that is needed: the others would take memory for nothing. */
async function connect(settings: DatabaseSettings): Promise<Database> {
  switch (settings.type) {
    case 'sqlite':
      return (await import('./sqlite-database.ts')).openSqlite(settings)
    case 'postgresql':
      return (await import('./postgresql-database.ts')).openPostgresql(settings)
    case 'mysql':
      return (await import('./mysql-database.ts')).openMysql(settings)
  }
}

/** MySQL commits at each statement of a schema; elsewhere a failed step leaves nothing behind. */
async function migrate(database: Database, queries: Queries, steps: readonly Migration[]) {
  const run = (text: string) => queries.executeQuery<{ version: number }>(CompiledQuery.raw(text))
  const { kind } = database
  // One process at a time; SQLite's transaction is such a lock already.
  if (kind === 'postgresql') await run('SELECT pg_advisory_xact_lock(7461628)')
  if (kind === 'mysql') await run("SELECT GET_LOCK('tocsin_schema', 60)")
  try {
    await run('CREATE TABLE IF NOT EXISTS schema_version (version BIGINT NOT NULL)')
    const { rows } = await run('SELECT version FROM schema_version')
    const version = Number(rows[0]?.version ?? 0)
    if (version > steps.length) {
      throw new StoreError(
        'TOC_STORE_NEWER',
        `the database has schema ${version}, this program knows ${steps.length}: use the newer program that wrote it`,
      )
    }
    if (version === steps.length) return
    for (const step of steps.slice(version)) {
      for (const statement of step(kind)) await run(statement)
    }
    await run('DELETE FROM schema_version')
    await run(`INSERT INTO schema_version VALUES (${steps.length})`)
  } finally {
    if (kind === 'mysql') await run("SELECT RELEASE_LOCK('tocsin_schema')")
  }
}
