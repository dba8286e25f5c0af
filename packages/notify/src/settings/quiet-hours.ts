import { zoneOffsetMinutes } from '../zone-offset.ts'

const dayMs = 86_400_000
export const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
export type Weekday = (typeof weekdays)[number]

/** A time of every day during which nobody wants to be told: `22:00` to `07:00` in Europe/Berlin. */
export interface QuietHours {
  readonly fromMinute: number
  /** Before `fromMinute` when it is on the next day. */
  readonly toMinute: number
  readonly zone: string
  /** On which days it begins. */
  readonly days: ReadonlySet<Weekday>
}

/** When the quiet hours end that hold at an instant; undefined when none do. */
export function quietUntilMs(hours: QuietHours, nowMs: number): number | undefined {
  const offsetMs = (zoneOffsetMinutes(hours.zone, nowMs) ?? 0) * 60_000
  const localMs = nowMs + offsetMs
  const dayStart = Math.floor(localMs / dayMs) * dayMs
  // What began yesterday may still last.
  for (const start of [dayStart - dayMs, dayStart]) {
    const weekday = weekdays[new Date(start).getUTCDay()]
    if (weekday === undefined || !hours.days.has(weekday)) continue
    const fromMs = start + hours.fromMinute * 60_000
    const spansMidnight = hours.toMinute <= hours.fromMinute
    const toMs = start + hours.toMinute * 60_000 + (spansMidnight ? dayMs : 0)
    if (localMs >= fromMs && localMs < toMs) return toMs - offsetMs
  }
  return undefined
}

/** Minutes since midnight of `22:00`; undefined for anything else. */
export function readTimeOfDay(text: string): number | undefined {
  const match = /^(\d{1,2}):(\d\d)$/.exec(text.trim())
  if (!match) return undefined
  const minutes = Number(match[1]) * 60 + Number(match[2])
  return Number(match[2]) < 60 && minutes <= 1440 ? minutes : undefined
}
