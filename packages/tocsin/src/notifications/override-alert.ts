import { formatProblem, Problems, SourceText } from '@tocsin/diagnostic'
import type { NotifiedAlert } from '@tocsin/notify'
import { AlertBody, alertFromBody, bodyOfAlert, decodeBody } from '@tocsin/protocol'
import { readYaml, toData } from '@tocsin/yaml'
import { CommandError } from '../terminal/streams.ts'

/**
 * An alert with some of its fields replaced, in the words of the API: `{"source": {"value": "192.0.2.7"}}`,
 * JSON or YAML. @throws {CommandError} When the text is no such thing.
 */
export function overrideAlert(notified: NotifiedAlert, text: string, nowMs: number): NotifiedAlert {
  const problems = new Problems()
  const [document] = readYaml(new SourceText('--alert', text), problems)
  if (problems.errorCount > 0) {
    throw new CommandError(problems.list.map(formatProblem).join('\n'))
  }
  if (document?.root?.kind !== 'map') {
    throw new CommandError(
      '--alert must be a map of fields, such as {"source": {"value": "192.0.2.7"}}',
    )
  }
  const body = merge(bodyOfAlert(notified.alert), toData(document.root))
  const decoded = decodeBody(AlertBody, JSON.stringify(body))
  if (decoded.kind !== 'value') throw new CommandError(`--alert: ${decoded.message}`)
  return { ...notified, alert: alertFromBody(decoded.value, nowMs).alert }
}

/** Maps are merged, everything else is replaced. */
function merge(base: unknown, over: unknown): unknown {
  if (!isRecord(base) || !isRecord(over)) return over
  const result: Record<string, unknown> = { ...base }
  for (const [key, value] of Object.entries(over)) result[key] = merge(base[key], value)
  return result
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
