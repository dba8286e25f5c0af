import { setImmediate as nextTurn } from 'node:timers/promises'
import { CompiledQuery } from 'kysely'
import type { DatabaseKind, Queries } from './database.ts'
import type { Schema } from './schema.ts'

type Value = string | number | Uint8Array | null

/** Few enough for every database, many enough that the cost of a statement does not count. */
const maxParameters = 900
/** Rows after which others get their turn of the event loop: some milliseconds. */
const rowsPerTurn = 2_000

/**
 * Inserts many rows; where the id is there, only the columns `updated` change, when any are named. The text of the statement is built by hand:
 * a query builder would cost more than the database.
 */
export async function upsertRows(
  queries: Queries,
  kind: DatabaseKind,
  table: keyof Schema,
  columns: readonly string[],
  rows: readonly (readonly Value[])[],
  updated: readonly string[] = [],
): Promise<void> {
  const perStatement = Math.floor(maxParameters / columns.length)
  for (let at = 0; at < rows.length; ) {
    // Powers of two, so that few different statements are prepared.
    const left = rows.length - at
    const count = left >= perStatement ? perStatement : 2 ** Math.floor(Math.log2(left))
    const parameters: Value[] = []
    for (let i = at; i < at + count; i++) parameters.push(...(rows[i] ?? []))
    const text = insertText(kind, table, columns, count, updated)
    await queries.executeQuery(CompiledQuery.raw(text, parameters))
    if (Math.floor((at + count) / rowsPerTurn) > Math.floor(at / rowsPerTurn)) await nextTurn()
    at += count
  }
}

function insertText(
  kind: DatabaseKind,
  table: string,
  columns: readonly string[],
  count: number,
  updated: readonly string[],
): string {
  let next = 1
  const rows: string[] = []
  for (let row = 0; row < count; row++) {
    const marks = columns.map(() => (kind === 'postgresql' ? `$${next++}` : '?'))
    rows.push(`(${marks.join(',')})`)
  }
  const insert = `INSERT INTO ${table} (${columns.join(',')}) VALUES ${rows.join(',')}`
  if (updated.length === 0) return insert
  return kind === 'mysql'
    ? `${insert} ON DUPLICATE KEY UPDATE ${updated.map((c) => `${c}=VALUES(${c})`).join(',')}`
    : `${insert} ON CONFLICT (id) DO UPDATE SET ${updated.map((c) => `${c}=excluded.${c}`).join(',')}`
}

/** Cuts a list so that each part fits in one statement. */
export function* partsOf<T>(items: readonly T[], size = 500): Generator<T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size)
}
