/** Fields of a log record: `{ source: '/var/log/auth.log' }`. Never a secret. */
export type LogFields = Readonly<Record<string, unknown>>

/** Where roles write what they did: a constant sentence with fields. */
export interface Log {
  error(fields: LogFields, sentence: string): void
  warn(fields: LogFields, sentence: string): void
  info(fields: LogFields, sentence: string): void
  debug(fields: LogFields, sentence: string): void
}

/** Drops every record; for parts that run alone. */
export const silentLog: Log = {
  error() {},
  warn() {},
  info() {},
  debug() {},
}
