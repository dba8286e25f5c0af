import { Instant } from '@tocsin/model'
import { defaultMaxLineBytes } from './line-splitter.ts'

/** An entry of the journal as a line, and where the journal goes on after it. */
export interface JournalEntry {
  readonly cursor: string
  /** Empty when the entry has no message. */
  readonly line: string
  readonly isTruncated: boolean
}

/**
 * Reads an entry as `journalctl --output=json` writes it and gives it the form of a syslog line, with
 * a full time: `2026-08-01T12:00:00.5Z host sshd[12]: message`. Undefined when the text is none.
 */
export function readJournalEntry(json: string): JournalEntry | undefined {
  const fields = parse(json)
  if (!fields) return undefined
  const cursor = textOf(fields.__CURSOR)
  if (cursor === '') return undefined
  const message = flatten(textOf(fields.MESSAGE))
  if (message === '') return { cursor, line: '', isTruncated: false }
  const time = timeOf(fields)
  const host = textOf(fields._HOSTNAME) || 'localhost'
  const program = flatten(textOf(fields.SYSLOG_IDENTIFIER) || textOf(fields._COMM)) || 'unknown'
  const pid = textOf(fields._PID) || textOf(fields.SYSLOG_PID)
  const tag = /^\d+$/.test(pid) ? `${program}[${pid}]` : program
  const line = `${time} ${host} ${tag}: ${message}`
  const isTruncated = line.length > defaultMaxLineBytes
  return { cursor, line: isTruncated ? line.slice(0, defaultMaxLineBytes) : line, isTruncated }
}

type Fields = Readonly<Record<string, unknown>>

function parse(json: string): Fields | undefined {
  try {
    const data: unknown = JSON.parse(json)
    return typeof data === 'object' && data !== null ? (data as Fields) : undefined
  } catch (cause) {
    if (cause instanceof SyntaxError) return undefined
    throw cause
  }
}

/** A field is a text, a list of bytes when it is no UTF-8, or a list of either when it occurs twice. */
function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return ''
  if (value.every((item) => typeof item === 'number')) return Buffer.from(value).toString('utf8')
  return textOf(value[0])
}

/** One line: whoever writes messages must not be able to write further lines. */
function flatten(text: string): string {
  return /[\r\n]/.test(text) ? text.replace(/[\r\n]+/g, ' ').trim() : text
}

function timeOf(fields: Fields): string {
  const micros = Number(
    textOf(fields._SOURCE_REALTIME_TIMESTAMP) || textOf(fields.__REALTIME_TIMESTAMP),
  )
  const epochMs = Math.floor(micros / 1000)
  return new Instant(epochMs, (micros - epochMs * 1000) * 1000).toString()
}
