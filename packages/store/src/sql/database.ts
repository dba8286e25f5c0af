import type { Kysely, Transaction } from 'kysely'
import type { Schema } from './schema.ts'

export type DatabaseKind = 'sqlite' | 'postgresql' | 'mysql'

export type Queries = Kysely<Schema>
export type WriteQueries = Transaction<Schema>

/** A database that is open, whichever it is. */
export interface Database {
  readonly kind: DatabaseKind
  /** For reads outside a transaction. */
  readonly reader: Queries
  /** Runs one transaction at a time; durable when it resolves. */
  write<T>(work: (queries: WriteQueries) => Promise<T>): Promise<T>
  /** Bytes in use, where that is known. */
  sizeBytes(): Promise<number | undefined>
  /** Gives free space back to the file system, a little at a time. */
  vacuum(): Promise<void>
  /** Tells other processes that there is news, at the end of the transaction. */
  notify(queries: WriteQueries): Promise<void>
  /** Calls when another process may have written; never, where the database cannot tell. */
  listen(onNews: () => void): Promise<void>
  /** A number that stays the same as long as nobody else wrote; undefined where there is none. */
  foreignVersion(): number | undefined
  close(): Promise<void>
}
