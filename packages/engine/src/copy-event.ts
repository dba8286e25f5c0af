import {
  copyTextDict,
  createDataDict,
  Event,
  type EventKind,
  type TextDict,
  type TimeMode,
} from '@tocsin/model'

/**
 * An independent copy of an event as it is now, for dumps and explanations. Lines and overflows are
 * shared: the stages do not change a line, and an overflow shall be seen as it ends.
 */
export function copyEvent(event: Event): Event {
  const copy = new Event(event.kind as EventKind, event.mode as TimeMode, event.line, event.time)
  copy.stage = event.stage
  copy.isProcessed = event.isProcessed
  copy.isWhitelisted = event.isWhitelisted
  copy.whitelistReason = event.whitelistReason
  copy.parsed = copyTextDict(event.parsed)
  copy.meta = copyTextDict(event.meta)
  copy.enriched = copyTextDict(event.enriched)
  copy.unmarshaled = copyDict(event.unmarshaled)
  copy.strTime = event.strTime
  copy.strTimeFormat = event.strTimeFormat
  copy.marshaledTime = event.marshaledTime
  copy.overflow = event.overflow
  return copy
}

function copyDict(from: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const copy = createDataDict()
  for (const key of Object.keys(from)) copy[key] = copyData(from[key])
  return copy
}

function copyData(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copyData)
  if (typeof value !== 'object' || value === null) return value
  return copyDict(value as Record<string, unknown>)
}

/** What two versions of an event differ in: `evt.Meta.user: '' → 'root'`. */
export interface EventChange {
  /** As rules write it: `evt.Meta.user`. */
  readonly path: string
  readonly before: string | undefined
  readonly after: string | undefined
}

/** The changes from one version of an event to a later one, in order of their paths. */
export function diffEvents(before: Event, after: Event): EventChange[] {
  const changes: EventChange[] = []
  const compare = (path: string, a: string | undefined, b: string | undefined) => {
    if (a !== b) changes.push({ path, before: a, after: b })
  }
  const dicts: [name: string, before: TextDict, after: TextDict][] = [
    ['Parsed', before.parsed, after.parsed],
    ['Meta', before.meta, after.meta],
    ['Enriched', before.enriched, after.enriched],
    ['Unmarshaled', flatten(before.unmarshaled), flatten(after.unmarshaled)],
  ]
  for (const [name, a, b] of dicts) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)])
    for (const key of [...keys].sort()) compare(`evt.${name}.${key}`, a[key], b[key])
  }
  compare('evt.Stage', before.stage, after.stage)
  compare('evt.StrTime', before.strTime, after.strTime)
  compare('evt.StrTimeFormat', before.strTimeFormat, after.strTimeFormat)
  compare('evt.MarshaledTime', before.marshaledTime, after.marshaledTime)
  compare('evt.WhitelistReason', before.whitelistReason, after.whitelistReason)
  return changes
}

function flatten(data: Readonly<Record<string, unknown>>): TextDict {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, JSON.stringify(value) ?? 'nil']),
  )
}
