import type { AddressRange } from '@tocsin/address'
import type { Expression, ExpressionBuilder, SqlBool } from 'kysely'
import type { AlertFilter } from './alert-store.ts'
import type { Kinds, KnownKind } from './memory/kinds.ts'
import { netBytes, rangeTarget } from './memory/target.ts'
import type { Schema } from './sql/schema.ts'

/** What conditions need to know beside the filter. */
export interface ConditionContext {
  readonly kinds: Kinds
  readonly nowMs: number
  /** The row of the machine of the filter. */
  readonly machine: number | undefined
}

type Builder = ExpressionBuilder<Schema, 'alerts'>
type Condition = Expression<SqlBool>

const communityScope = 'crowdsecurity/community-blocklist'

/** A filter as a condition on `alerts`. */
export function alertConditions(
  filter: AlertFilter,
  context: ConditionContext,
): (of: Builder) => Condition {
  return (of) =>
    of.and([...ownConditions(of, filter, context), ...decisionConditions(of, filter, context)])
}

function ownConditions(of: Builder, filter: AlertFilter, context: ConditionContext): Condition[] {
  const found: Condition[] = []
  if (filter.id !== undefined) found.push(of('id', '=', filter.id))
  if (filter.uuid !== undefined) found.push(of('uuid', '=', filter.uuid))
  if (filter.scope !== undefined) found.push(of('source_scope', '=', filter.scope))
  if (filter.value !== undefined) found.push(of('source_value', '=', filter.value))
  if (filter.kind !== undefined) found.push(of('kind', '=', filter.kind))
  if (context.machine !== undefined) found.push(of('machine', '=', context.machine))
  if (filter.startedFromMs !== undefined) found.push(of('start_ms', '>=', filter.startedFromMs))
  if (filter.startedUntilMs !== undefined) found.push(of('start_ms', '<=', filter.startedUntilMs))
  if (filter.createdFromMs !== undefined) found.push(of('created_ms', '>=', filter.createdFromMs))
  if (filter.createdUntilMs !== undefined) found.push(of('created_ms', '<=', filter.createdUntilMs))
  if (filter.isSimulated !== undefined) {
    found.push(of('simulated', '=', filter.isSimulated ? 1 : 0))
  }
  return found
}

function decisionConditions(
  of: Builder,
  filter: AlertFilter,
  context: ConditionContext,
): Condition[] {
  const { kinds, nowMs } = context
  const found: Condition[] = []
  const { scenario, decisionType, origin, range, hasActiveDecision } = filter
  if (scenario !== undefined) {
    const own = of('scenario', '=', scenario)
    found.push(of.or([own, hasKind(of, kinds, (kind) => kind.scenario === scenario)]))
  }
  if (decisionType !== undefined) {
    found.push(hasKind(of, kinds, (kind) => kind.type === decisionType))
  }
  if (origin !== undefined) found.push(hasKind(of, kinds, (kind) => kind.origin === origin))
  if (range) found.push(hasRange(of, range.unmapped(), filter.rangeMatch ?? 'covering'))
  if (hasActiveDecision === true) {
    found.push(of.exists(decisionsOf(of).where('decisions.until_ms', '>=', nowMs)))
  }
  if (hasActiveDecision === false) found.push(of.not(of.exists(decisionsOf(of))))
  if (filter.includeCapi === false && origin === undefined) {
    const isFromList = (kind: KnownKind) => kind.origin === 'CAPI' || kind.origin === 'lists'
    found.push(of.not(hasKind(of, kinds, isFromList)))
    const isListAlert = of.or([
      of('source_scope', '=', communityScope),
      of('source_scope', 'like', 'lists:%'),
    ])
    found.push(of.not(of.and([isListAlert, of.not(of.exists(decisionsOf(of)))])))
  }
  return found
}

function decisionsOf(of: Builder) {
  return of
    .selectFrom('decisions')
    .select('decisions.id')
    .whereRef('decisions.alert', '=', 'alerts.id')
}

/** Kinds are known here, so SQL only compares numbers. */
function hasKind(of: Builder, kinds: Kinds, isWanted: (kind: KnownKind) => boolean): Condition {
  const ids = kinds.byId.flatMap((kind) => (kind && isWanted(kind) ? [kind.id] : []))
  if (ids.length === 0) return of('alerts.id', '<', 0)
  return of.exists(decisionsOf(of).where('decisions.kind', 'in', ids))
}

/**
 * Ranges sort by first address in the index: what covers a range is found under its few prefixes, what lies
 * within it between its ends.
 */
function hasRange(of: Builder, range: AddressRange, match: 'covering' | 'within'): Condition {
  const ancestors: Uint8Array[] = []
  for (let length = 0; length <= range.prefixLength; length++) {
    const { family, w0, w1, w2, w3 } = range.first.masked(length)
    const net = netBytes({ family, prefix: length, w0, w1, w2, w3, text: undefined })
    if (net) ancestors.push(net)
  }
  const alerts = of.selectFrom('decisions').select('decisions.alert')
  if (match === 'covering') {
    return of('alerts.id', 'in', alerts.where('decisions.net', 'in', ancestors))
  }
  const low = netBytes(rangeTarget(range, undefined)) ?? new Uint8Array()
  const { family, w0, w1, w2, w3 } = range.last
  const high = netBytes({ family, prefix: 255, w0, w1, w2, w3, text: undefined }) ?? low
  return of(
    'alerts.id',
    'in',
    // From its own prefix length on, so wider ranges with the same first address sort before it.
    alerts.where('decisions.net', '>=', low).where('decisions.net', '<=', high),
  )
}
