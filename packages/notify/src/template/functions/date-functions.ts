import {
  Duration,
  formatDuration,
  formatLayout,
  Instant,
  parseDuration,
  parseLayout,
  readInstant,
} from '@tocsin/model'
import { zoneOffsetMinutes } from '../../zone-offset.ts'
import {
  FunctionError,
  type FunctionTable,
  fixed,
  looseWhole,
  type TemplateFunction,
  textOf,
  variadic,
} from '../function.ts'
import type { Value } from '../value.ts'

/** What date functions take from outside. */
export interface DateServices {
  readonly nowMs: () => number
  /** Minutes east of UTC of this machine's zone at an instant. */
  readonly offsetMinutesAt: (epochMs: number) => number
}

const htmlLayout = '2006-01-02'

/** `now`, `date`, `dateModify`, `duration`…: the date functions of Sprig. */
export function dateFunctions({ nowMs, offsetMinutesAt }: DateServices): FunctionTable {
  const local = (ms: number, nanos = 0) => new Instant(ms, nanos, offsetMinutesAt(ms))
  const timeOf = (value: Value): Instant => {
    if (value instanceof Instant) return value
    if (typeof value === 'number') return local(value * 1000)
    // A text that is a time is that time, where others take the present.
    const read = typeof value === 'string' ? readInstant(value) : undefined
    return read ?? local(nowMs())
  }
  const date = (layout: Value, value: Value) => {
    const time = timeOf(value)
    return formatLayout(local(time.epochMs, time.nanos), textOf(layout))
  }
  const inZone = (layout: Value, value: Value, zone: Value) => {
    const time = timeOf(value)
    const offset = zoneOffsetMinutes(textOf(zone), time.epochMs) ?? 0
    return formatLayout(new Instant(time.epochMs, time.nanos, offset), textOf(layout))
  }
  const modify = fixed(2, (length, value) => {
    const nanos = parseDuration(textOf(length))
    if (nanos === undefined) throw new FunctionError(`"${textOf(length)}" is not a duration`)
    const time = timeOf(value)
    return local(time.epochMs + Math.floor(nanos / 1e6), time.nanos)
  })
  return {
    now: fixed(0, () => local(nowMs())),
    date: fixed(2, date),
    dateInZone: fixed(3, inZone),
    date_in_zone: fixed(3, inZone),
    htmlDate: fixed(1, (value) => date(htmlLayout, value)),
    htmlDateInZone: fixed(2, (value, zone) => inZone(htmlLayout, value, zone)),
    dateModify: modify,
    date_modify: modify,
    mustDateModify: modify,
    ago: fixed(1, (value) =>
      formatDuration(Math.round((nowMs() - timeOf(value).epochMs) / 1000) * 1e9),
    ),
    duration: fixed(1, (seconds) => formatDuration(looseWhole(seconds) * 1e9)),
    durationRound: fixed(1, roundDuration),
    unixEpoch: fixed(1, (value) => String(Math.floor(timeOf(value).epochMs / 1000))),
    toDate: readDate(),
    mustToDate: readDate(),
  }
}

function readDate(): TemplateFunction {
  return variadic(
    2,
    (layout, text) => {
      const time = parseLayout(textOf(text), textOf(layout))
      if (time) return time
      throw new FunctionError(`"${textOf(text)}" does not follow "${textOf(layout)}"`)
    },
    2,
  )
}

/** `2h5m` is `2h`: the largest unit alone. */
function roundDuration(value: Value): string {
  const nanos = value instanceof Duration ? value.nanos : (parseDuration(String(value)) ?? 0)
  const seconds = Math.floor(Math.abs(nanos) / 1e9)
  const units: readonly (readonly [number, string])[] = [
    [31_536_000, 'y'],
    [2_592_000, 'mo'],
    [86_400, 'd'],
    [3600, 'h'],
    [60, 'm'],
    [1, 's'],
  ]
  for (const [size, unit] of units) {
    if (seconds >= size) return `${Math.floor(seconds / size)}${unit}`
  }
  return '0s'
}
