import { formatLayout, Instant } from '@tocsin/model'
import type { Value } from './value.ts'

type TimeMethod = (time: Instant, ...values: readonly Value[]) => Value

const names = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August']
const monthNames = [...names, 'September', 'October', 'November', 'December']
const weekdays = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
/** The wall clock of the offset the instant carries. */
const local = (time: Instant) => new Date(time.epochMs + time.offsetMinutes * 60_000)

/** What templates may call on a time: `now.Format "15:04"`. */
export const timeMethods: ReadonlyMap<string, readonly [argumentCount: number, TimeMethod]> =
  new Map<string, readonly [number, TimeMethod]>([
    ['Format', [1, (time, layout) => formatLayout(time, String(layout))]],
    ['Unix', [0, (time) => Math.floor(time.epochMs / 1000)]],
    ['UnixMilli', [0, (time) => time.epochMs]],
    ['UTC', [0, (time) => new Instant(time.epochMs, time.nanos)]],
    ['String', [0, (time) => formatLayout(time, '2006-01-02 15:04:05.999999999 -0700 MST')]],
    ['Year', [0, (time) => local(time).getUTCFullYear()]],
    ['Month', [0, (time) => monthNames[local(time).getUTCMonth()]]],
    ['Day', [0, (time) => local(time).getUTCDate()]],
    ['Weekday', [0, (time) => weekdays[local(time).getUTCDay()]]],
    ['Hour', [0, (time) => local(time).getUTCHours()]],
    ['Minute', [0, (time) => local(time).getUTCMinutes()]],
    ['Second', [0, (time) => local(time).getUTCSeconds()]],
  ])
