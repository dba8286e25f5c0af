import type { Problems } from '@tocsin/diagnostic'
import { formatDuration, parseDurationWithDays } from '@tocsin/model'
import { MapReader, type YamlMap } from '@tocsin/yaml'
import type { DecisionTemplate } from './profile.ts'

/** How long a decision holds when its profile does not say. */
const defaultDuration = '4h'

/** Fields of a decision on the wire, which a profile may hold but not set. */
const inertKeys = ['id', 'uuid', 'value', 'scenario', 'until', 'start_ip', 'end_ip'] as const

/** Reads one item of `decisions`; reports and returns undefined when it is unusable. */
export function readDecisionTemplate(
  map: YamlMap,
  hasDurationExpression: boolean,
  problems: Problems,
): DecisionTemplate | undefined {
  const reader = new MapReader(map, problems, 'decision')
  const template = {
    type: reader.text('type') ?? '',
    duration: readDuration(reader, hasDurationExpression, problems),
    scope: reader.text('scope') ?? '',
    origin: reader.text('origin') ?? '',
    isSimulated: reader.boolean('simulated') ?? false,
  }
  for (const key of inertKeys) {
    if (!map.entries.has(key)) continue
    reader.node(key)
    const message = `"${key}" of a decision comes from the alert: it has no effect here`
    problems.warn(reader.keySpan(key), 'TOC_PROFILE_NO_EFFECT', message)
  }
  reader.finish()
  if (template.type !== '') return template
  const message = 'a decision needs a type'
  return problems.error(reader.mapSpan, 'TOC_PROFILE_TYPE', message, 'type: ban')
}

function readDuration(
  reader: MapReader,
  hasDurationExpression: boolean,
  problems: Problems,
): string {
  const text = reader.text('duration') ?? ''
  if (text === '') {
    if (!hasDurationExpression) {
      const message = `the decision has no duration, ${defaultDuration} is used`
      problems.warn(reader.mapSpan, 'TOC_PROFILE_DURATION', message)
    }
    return defaultDuration
  }
  const duration = normalDuration(text)
  if (duration !== undefined) return duration
  const message = `duration must be longer than zero, such as 4h or 1d12h, not "${text}"`
  problems.error(reader.span('duration'), 'TOC_PROFILE_DURATION', message)
  return defaultDuration
}

/**
 * A duration as bouncers can read it: as written, but without days, which Go does not know.
 * Undefined when it is not one, or not longer than zero.
 */
export function normalDuration(text: string): string | undefined {
  const nanos = parseDurationWithDays(text)
  if (nanos === undefined || nanos <= 0) return undefined
  return text.includes('d') ? formatDuration(nanos) : text
}
