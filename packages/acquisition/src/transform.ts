import { EvaluationError, type Expression } from '@tocsin/expr'
import { Event, type Instant, Line, timeMode } from '@tocsin/model'
import type { Log } from '@tocsin/telemetry'
import type { LineOrigin } from './source.ts'

/** Makes of a line the lines that go on: none drops it. Compiled from the key `transform`. */
export type Transform = (raw: string, origin: LineOrigin, readAt: Instant) => readonly string[]

/** Applies a transform to lines in their order. */
export function transformLines(
  lines: readonly string[],
  transform: Transform | undefined,
  origin: LineOrigin,
  readAt: Instant,
): readonly string[] {
  if (!transform) return lines
  const result: string[] = []
  for (const line of lines) {
    for (const made of transform(line, origin, readAt)) result.push(made)
  }
  return result
}

/**
 * A transform out of an expression over `evt`: a text is the line that goes on, a list of texts the
 * lines. Whatever else it gives, or an error, leaves the line as it is; the log says so the first
 * time and then ever more rarely.
 */
export function createTransform(expression: Expression, log: Log): Transform {
  let failureCount = 0
  const fail = (reason: string) => {
    failureCount++
    if ((failureCount & (failureCount - 1)) !== 0) return
    const fields = { transform: expression.source, reason, failures: failureCount }
    log.error(fields, 'transform failed, lines go on as they are')
  }
  return (raw, origin, readAt) => {
    const line = new Line(raw, origin.name, origin.module, origin.labels, readAt)
    let result: unknown
    try {
      result = expression.evaluate(Event.ofLine(line, timeMode.live))
    } catch (cause) {
      if (!(cause instanceof EvaluationError)) throw cause
      fail(cause.message)
      return [raw]
    }
    if (typeof result === 'string') return [result]
    if (!Array.isArray(result)) {
      fail(`it gives ${describe(result)}, not a text or a list of texts`)
      return [raw]
    }
    return result.map((item: unknown) => {
      if (typeof item === 'string') return item
      fail(`its list holds ${describe(item)}, not only texts`)
      return raw
    })
  }
}

function describe(value: unknown): string {
  return value === null || value === undefined ? 'nothing' : `a ${typeof value}`
}
