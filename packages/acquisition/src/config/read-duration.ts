import type { Problems } from '@tocsin/diagnostic'
import { parseDuration } from '@tocsin/model'
import type { MapReader } from '@tocsin/yaml'

/** Reads a duration such as `30s` as milliseconds; one that is not positive is reported. */
export function readDurationMs(
  reader: MapReader,
  key: string,
  problems: Problems,
): number | undefined {
  const text = reader.text(key)
  if (text === undefined || text === '') return undefined
  const nanos = parseDuration(text)
  if (nanos !== undefined && nanos > 0) return nanos / 1e6
  const message = `${key} must be a duration longer than zero, not "${text}"`
  return problems.error(
    reader.span(key),
    'TOC_ACQUIS_DURATION',
    message,
    'write it as 30s or 1h30m',
  )
}
