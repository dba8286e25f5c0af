import { escapeControls } from '@tocsin/diagnostic'
import type { Clock } from '@tocsin/model'
import type { Log, LogFields } from '@tocsin/telemetry'
import type { Output } from '../terminal/streams.ts'

const levels = ['error', 'warn', 'info', 'debug'] as const
type Level = (typeof levels)[number]

/** How a log is written. */
export interface StreamLogOptions {
  /** The least that is written. */
  readonly level: Level
  readonly format: 'text' | 'json'
}

/**
 * A log on a stream, one record a line: `2026-03-01T12:00:00.000Z info machine registered machine=web`.
 * What comes from outside is escaped, so that no record can look like another.
 */
export function streamLog(stream: Output, clock: Clock, options: StreamLogOptions): Log {
  const shown = levels.indexOf(options.level)
  const write = (level: Level, fields: LogFields, sentence: string): void => {
    if (levels.indexOf(level) > shown) return
    const time = new Date(clock.nowMs()).toISOString()
    stream.write(
      options.format === 'json'
        ? `${JSON.stringify({ time, level, msg: sentence, ...fields })}\n`
        : `${time} ${level} ${sentence}${textOf(fields)}\n`,
    )
  }
  return {
    error: (fields, sentence) => write('error', fields, sentence),
    warn: (fields, sentence) => write('warn', fields, sentence),
    info: (fields, sentence) => write('info', fields, sentence),
    debug: (fields, sentence) => write('debug', fields, sentence),
  }
}

function textOf(fields: LogFields): string {
  let text = ''
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined) text += ` ${name}=${valueText(value)}`
  }
  return text
}

function valueText(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  const safe = escapeControls(text)
  return typeof value === 'string' && /[\s"=]/.test(safe) ? JSON.stringify(safe) : safe
}
