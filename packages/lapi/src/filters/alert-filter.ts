import { parseAddressOrRange } from '@tocsin/address'
import { normalScope, operations, readWireDuration } from '@tocsin/protocol'
import type { AlertFilter, AlertPage } from '@tocsin/store'
import { refusal } from '../http/answer.ts'
import type { Query } from '../http/query.ts'

const parameters = new Set(operations.alerts.query)
const defaultLimit = 100

/** Reads the filter of alerts. @throws {Refusal} 400. */
export function readAlertFilter(query: Query, nowMs: number): AlertFilter {
  for (const name of query.names()) {
    if (parameters.has(name)) continue
    const value = query.text(name) ?? ''
    throw refusal(400, `filter parameter '${name}' is unknown (=${value}): invalid filter`)
  }
  const origin = query.text('origin')
  return {
    ...equalities(query),
    ...readRange(query),
    ...times(query, nowMs),
    ...(origin !== undefined && { origin }),
    ...(query.boolean('simulated') === false && { isSimulated: false }),
    // Who asks for an origin wants it, whatever else is said.
    ...(origin === undefined && query.text('include_capi') === 'false' && { includeCapi: false }),
    ...activity(query),
  }
}

function equalities(query: Query): AlertFilter {
  const scope = query.text('scope')
  const value = query.text('value')
  const scenario = query.text('scenario')
  const kind = query.text('kind')
  const decisionType = query.text('decision_type')
  return {
    ...(scope !== undefined && { scope: normalScope(scope) }),
    ...(value !== undefined && { value }),
    ...(scenario !== undefined && { scenario }),
    ...(kind !== undefined && { kind }),
    ...(decisionType !== undefined && { decisionType }),
  }
}

function readRange(query: Query): AlertFilter {
  const contains = query.boolean('contains') ?? true
  const rangeMatch = contains ? 'covering' : 'within'
  const ip = query.text('ip')
  const range = query.text('range')
  const text = ip ?? range
  if (text === undefined) return {}
  const found = parseAddressOrRange(text)?.unmapped()
  if (found) return { range: found, rangeMatch }
  throw refusal(
    400,
    ip === undefined
      ? `invalid ip range '${text}': invalid CIDR address: ${text}`
      : `invalid ip address '${text}'`,
  )
}

function times(query: Query, nowMs: number): AlertFilter {
  const since = durationMs(query, 'since')
  const until = durationMs(query, 'until')
  const before = durationMs(query, 'created_before')
  return {
    ...(since !== undefined && { startedFromMs: nowMs - since }),
    ...(until !== undefined && { startedUntilMs: nowMs - until }),
    ...(before !== undefined && { createdUntilMs: nowMs - before }),
  }
}

function durationMs(query: Query, name: string): number | undefined {
  const text = query.text(name)
  if (text === undefined) return undefined
  const duration = readWireDuration(text)
  if ('nanos' in duration) return duration.nanos / 1e6
  throw refusal(400, `while parsing duration: ${duration.message}`)
}

function activity(query: Query): AlertFilter {
  const hasActiveDecision = query.boolean('has_active_decision')
  return hasActiveDecision === undefined ? {} : { hasActiveDecision }
}

/** Reads `limit`, `sort` and `with_decisions`. @throws {Refusal} 400. */
export function readAlertPage(query: Query): AlertPage {
  const text = query.text('limit')
  const limit = text === undefined ? defaultLimit : Number(text)
  if (text === '' || !Number.isSafeInteger(limit) || limit < 0) {
    throw refusal(400, `bad limit in parameters: [${text}]: unable to query`)
  }
  return {
    limit,
    order: query.text('sort') === 'ASC' ? 'oldest' : 'newest',
    withDecisions: query.boolean('with_decisions') ?? true,
  }
}
