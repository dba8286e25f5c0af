import { EvaluationError, type FunctionDeclaration } from '@tocsin/expr'
import { type Clock, Duration, Instant } from '@tocsin/model'
import { duration, listOf, string, unknown } from '../types/types.ts'
import { pure, reading } from './declare.ts'

/** The last instant JavaScript has, in seconds. */
const maxSeconds = 8.64e12

/** `TimeNow`, `ParseUnix`, `AverageInterval`, `MedianInterval`. */
export function timeFunctions(
  clock: Clock,
  offsetMinutesAt: (epochMs: number) => number,
): readonly FunctionDeclaration[] {
  const times = [listOf(unknown)]
  const parseUnix = (text: string): string => {
    const whole = text.split('.', 1)[0] ?? ''
    const seconds = /^\+?\d+$/.test(whole) ? Number(whole) : 0
    if (seconds <= 0 || seconds > maxSeconds) return ''
    return new Instant(seconds * 1000, 0, offsetMinutesAt(seconds * 1000)).toString()
  }
  return [
    reading('TimeNow', [], string, () =>
      new Instant(Math.floor(clock.nowMs() / 1000) * 1000).toString(),
    ),
    pure('ParseUnix', [string], string, parseUnix),
    pure('AverageInterval', times, duration, (list: unknown) => {
      const all = intervals(list, 'AverageInterval')
      return new Duration(Math.trunc(all.reduce((sum, nanos) => sum + nanos, 0) / all.length))
    }),
    pure('MedianInterval', times, duration, (list: unknown) => {
      const all = intervals(list, 'MedianInterval').sort((a, b) => a - b)
      const middle = all.length >> 1
      const upper = all[middle] ?? 0
      const lower = all.length % 2 === 1 ? upper : (all[middle - 1] ?? 0)
      return new Duration(Math.trunc((lower + upper) / 2))
    }),
  ]
}

/** Nanoseconds between consecutive times, earliest first. */
function intervals(list: unknown, caller: string): number[] {
  const times: readonly unknown[] = Array.isArray(list) ? list : []
  if (times.length < 2) throw new EvaluationError(`${caller} takes at least two times`)
  if (!times.every((time) => time instanceof Instant)) {
    throw new EvaluationError(`${caller} takes a list of times`)
  }
  const sorted = times.toSorted((a, b) => a.nanosSince(b))
  return sorted.slice(1).map((time, index) => time.nanosSince(sorted[index] ?? time))
}
