import type { Log } from '@tocsin/telemetry'

/** The levels of the key `log_level`, the quietest first; `panic` says nothing about the level. */
export const logLevels = [
  'panic',
  'fatal',
  'error',
  'warn',
  'warning',
  'info',
  'debug',
  'trace',
] as const
export type LogLevel = (typeof logLevels)[number]

export function isLogLevel(text: string): text is LogLevel {
  return (logLevels as readonly string[]).includes(text)
}

/** A log that drops what is below a level. */
export function limitLog(log: Log, level: LogLevel | undefined): Log {
  if (level === undefined || level === 'panic') return log
  const rank = logLevels.indexOf(level)
  const drop = () => {}
  return {
    error: rank >= logLevels.indexOf('error') ? log.error.bind(log) : drop,
    warn: rank >= logLevels.indexOf('warn') ? log.warn.bind(log) : drop,
    info: rank >= logLevels.indexOf('info') ? log.info.bind(log) : drop,
    debug: rank >= logLevels.indexOf('debug') ? log.debug.bind(log) : drop,
  }
}
