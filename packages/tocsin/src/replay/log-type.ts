import type { Detection } from '@tocsin/engine'
import type { Instant } from '@tocsin/model'
import { guessType, knownTypes } from './guess-type.ts'

/** The type of a log, or why it is not known. */
export type LogType = { readonly type: string } | { readonly failure: string }

/** Finds out the type of a log from its first lines. */
export function findLogType(
  detection: Detection,
  sample: readonly string[],
  path: string,
  readAt: Instant,
): LogType {
  if (sample.length === 0) return { failure: 'it has no lines' }
  const type = guessType(detection, sample, path, readAt)
  if (type !== undefined) return { type }
  const known = knownTypes(detection.rules.parsers)
  const shown = known.slice(0, 12).join(', ')
  const rest = known.length > 12 ? ` and ${known.length - 12} more` : ''
  return {
    failure: `no parser takes these lines; give --type if you know better: ${shown}${rest}`,
  }
}
