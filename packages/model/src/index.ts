export type { Alert, AlertEvent, MetaItem, Source } from './alert.ts'
export { type AppsecFindings, noAppsecFindings } from './appsec.ts'
export { daysInMonth, epochMsOfDate, isLeapYear } from './calendar.ts'
export { type Clock, systemClock } from './clock.ts'
export type { Decision } from './decision.ts'
export { detached } from './detached.ts'
export {
  copyTextDict,
  createDataDict,
  createTextDict,
  type DataDict,
  type TextDict,
} from './dict.ts'
export { Duration, formatDuration, parseDuration, parseDurationWithDays } from './duration.ts'
export { Event, type EventKind, eventKind, type TimeMode, timeMode } from './event.ts'
export { formatOffset, Instant, readInstant } from './instant.ts'
export { compileLayout, formatLayout, Layout, parseLayout } from './layout.ts'
export { Line } from './line.ts'
export type { Overflow } from './overflow.ts'
