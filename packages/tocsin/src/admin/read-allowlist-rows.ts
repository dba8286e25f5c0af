import { readWireDuration } from '@tocsin/protocol'
import type { NewAllowlistItem } from '@tocsin/store'
import { CommandError } from '../terminal/streams.ts'

/** Reads `value,expiration,comment` with a header; any faulty row refuses all. @throws {CommandError} */
export function readAllowlistRows(text: string, nowMs: number): NewAllowlistItem[] {
  const [header = [], ...rows] = text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map(splitCsvLine)
  const names = header.map((name) => name.trim().toLowerCase())
  if (rows.length === 0) throw new CommandError('no values to import')
  if (!names.includes('value')) throw new CommandError("the header has no column 'value'")
  return rows.map((cells, i) => {
    const cell = (name: string): string => cells[names.indexOf(name)]?.trim() ?? ''
    const value = cell('value')
    if (value === '') throw new CommandError(`row ${i + 1}: missing 'value'`)
    const expiration = cell('expiration')
    const comment = cell('comment')
    return {
      value,
      ...(comment !== '' && { comment }),
      ...(expiration !== '' && { expiresMs: nowMs + expirationMs(expiration, i + 1) }),
    }
  })
}

function expirationMs(text: string, row: number): number {
  const duration = readWireDuration(text)
  if ('nanos' in duration) return duration.nanos / 1e6
  throw new CommandError(`row ${row}: invalid expiration ${JSON.stringify(text)}`)
}

/** The cells of one line; quotes may hold commas, and two of them are one. */
function splitCsvLine(line: string): string[] {
  const cells: string[] = []
  let cell = ''
  let isQuoted = false
  for (let at = 0; at < line.length; at++) {
    const c = line.charAt(at)
    if (c === '"' && isQuoted && line.charAt(at + 1) === '"') {
      cell += '"'
      at++
    } else if (c === '"') {
      isQuoted = !isQuoted
    } else if (c === ',' && !isQuoted) {
      cells.push(cell)
      cell = ''
    } else {
      cell += c
    }
  }
  return [...cells, cell]
}
