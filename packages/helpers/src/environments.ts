import type { Environment, Type } from '@tocsin/expr'
import type { Clock } from '@tocsin/model'
import { pure } from './functions/declare.ts'
import type { Functions } from './functions.ts'
import { alertType, overflowType } from './types/alert-type.ts'
import { bucketType, queueType } from './types/bucket-type.ts'
import { absentEventType, eventType } from './types/event-type.ts'
import { requestType } from './types/request-type.ts'
import { bool, dictOf, field, int, listOf, mapOf, string, struct, unknown } from './types/types.ts'

/** Variables: `evt`. Parsers, postoverflows, acquisition, filters and keys of scenarios. */
export function eventEnvironment(functions: Functions, clock?: Clock): Environment {
  return environment(functions, clock, { evt: eventType })
}

/** Variables: `evt`, `queue`, `leaky`. Conditions of scenarios. */
export function conditionEnvironment(functions: Functions, clock?: Clock): Environment {
  return environment(functions, clock, { evt: eventType, queue: queueType, leaky: bucketType })
}

/** Variables: `evt` (always nil), `queue`, `signal`, `leaky`. Overflow filters of scenarios. */
export function overflowFilterEnvironment(functions: Functions, clock?: Clock): Environment {
  return environment(functions, clock, {
    evt: absentEventType,
    queue: queueType,
    signal: overflowType,
    leaky: bucketType,
  })
}

/** Variables: `Alert`. Filters and durations of profiles. */
export function profileEnvironment(functions: Functions, clock?: Clock): Environment {
  return environment(functions, clock, { Alert: alertType })
}

/** Variables: `evt`, `match`, `req`. The alert context; see `emptyRequest`. */
export function contextEnvironment(functions: Functions, clock?: Clock): Environment {
  return environment(functions, clock, { evt: eventType, match: dictOf(unknown), req: requestType })
}

/** One entry of a parser result: `{ Idx: 1, Evt: evt, Success: true }` to assertions. */
export interface ParserResultView {
  readonly index: number
  readonly event: unknown
  readonly isSuccess: boolean
}

const parserResultType = struct('ParserResult', () => ({
  Idx: field('index', int),
  Evt: field('event', eventType),
  Success: field('isSuccess', bool),
}))

/** What `results` holds: per stage and node (both `Map`), or the list of overflow events. */
export type AssertSubject = 'parsers' | 'scenarios'

const resultTypes: Readonly<Record<AssertSubject, Type>> = {
  parsers: mapOf(mapOf(listOf(parserResultType))),
  scenarios: listOf(eventType),
}

/** Variables: `results`; function: `basename`. Assertions of hub tests. */
export function assertEnvironment(
  functions: Functions,
  subject: AssertSubject,
  clock?: Clock,
): Environment {
  const basename = pure('basename', [string], string, lastPathElement)
  return environment(new Map([...functions, [basename.name, basename]]), clock, {
    results: resultTypes[subject],
  })
}

/** As Go's `path.Base`: without trailing slashes; `.` of nothing, `/` of slashes alone. */
function lastPathElement(path: string): string {
  if (path === '') return '.'
  const trimmed = path.replace(/(?<!\/)\/+$/, '')
  if (trimmed === '' || /^\/+$/.test(trimmed)) return '/'
  return trimmed.slice(trimmed.lastIndexOf('/') + 1)
}

/** `clock` is what `now()` reads; the clock of this machine when absent. */
function environment(
  functions: Functions,
  clock: Clock | undefined,
  variables: Readonly<Record<string, Type>>,
): Environment {
  return { variables: new Map(Object.entries(variables)), functions, ...(clock && { clock }) }
}
