import { EvaluationError, type FunctionDeclaration } from '@tocsin/expr'
import { type Clock, Duration, parseDurationWithDays } from '@tocsin/model'
import type { Log } from '@tocsin/telemetry'
import type { DecisionCounts } from '../dependencies.ts'
import { duration, int, string } from '../types/types.ts'
import { reading } from './declare.ts'

/** `GetDecisionsCount`, `GetActiveDecisionsTimeLeft`… */
export function decisionFunctions(
  decisions: DecisionCounts | undefined,
  clock: Clock,
  log: Log,
): readonly FunctionDeclaration[] {
  const ask = <Answer>(
    question: (decisions: DecisionCounts) => Answer,
    without: Answer,
  ): Answer => {
    if (decisions) return question(decisions)
    log.error({}, 'an expression asked for decisions, which this role does not have')
    return without
  }
  const countSince = (value: string, since: string): number => {
    const nanos = parseDurationWithDays(since)
    if (nanos !== undefined) {
      return ask((store) => store.countSince(value, clock.nowMs() - nanos / 1e6), 0)
    }
    log.error({ since }, 'GetDecisionsSinceCount was given text that is not a duration')
    return 0
  }
  return [
    reading('GetDecisionsCount', [string], int, (value: string) =>
      ask((store) => store.count(value), 0),
    ),
    reading('GetDecisionsSinceCount', [string, string], int, countSince),
    reading('GetActiveDecisionsCount', [string], int, (value: string) =>
      ask((store) => failing(() => store.countActive(value)), 0),
    ),
    reading('GetActiveDecisionsTimeLeft', [string], duration, (value: string) => {
      const untilMs = ask((store) => failing(() => store.activeUntilMs(value)), undefined)
      return new Duration(untilMs === undefined ? 0 : Math.max(0, untilMs - clock.nowMs()) * 1e6)
    }),
  ]
}

/** A failure of the store is one of the expression. */
function failing<Answer>(ask: () => Answer): Answer {
  try {
    return ask()
  } catch (cause) {
    throw new EvaluationError('decisions could not be counted', { cause })
  }
}
