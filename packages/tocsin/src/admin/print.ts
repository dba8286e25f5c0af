import { escapeControls } from '@tocsin/diagnostic'
import { encodeJson } from '@tocsin/protocol'
import { writeText } from '../terminal/streams.ts'
import { type Column, formatTable } from '../terminal/table.ts'
import type { AdminContext } from './admin-command.ts'

/** The three ways to show a list. */
export interface Listing {
  readonly columns: readonly Column[]
  readonly rows: readonly (readonly string[])[]
  /** Below the table; instead of it when there are no rows. */
  readonly summary: string
  readonly rawHeader: readonly string[]
  readonly rawRows: readonly (readonly string[])[]
  readonly json: readonly unknown[]
}

/** Prints a list in the format that was asked for. */
export async function printListing(listing: Listing, context: AdminContext): Promise<void> {
  const { stdout } = context.streams
  switch (context.output) {
    case 'json':
      return writeText(stdout, `${encodeJson(listing.json)}\n`)
    case 'raw':
      return writeText(stdout, csv([listing.rawHeader, ...listing.rawRows]))
    case 'human': {
      const rows = listing.rows.map((row) => row.map(escapeControls))
      const table = rows.length === 0 ? [] : formatTable(listing.columns, rows)
      return writeText(stdout, `${[...table, listing.summary].join('\n')}\n`)
    }
  }
}

/** Comma-separated values, quoted where they must be. */
export function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(quote).join(',')}\n`).join('')
}

function quote(cell: string): string {
  // A leading blank is quoted, too: readers would drop it.
  return /[",\r\n]|^\s/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell
}

/** `2026-03-01T12:00:00Z`, or nothing. */
export function isoTime(ms: number | undefined): string {
  return ms === undefined ? '' : `${new Date(ms).toISOString().slice(0, 19)}Z`
}

/** `1 machine`, `2 machines`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
