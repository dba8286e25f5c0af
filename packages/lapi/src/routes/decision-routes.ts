import type { Clock } from '@tocsin/model'
import { encodeText, formatRemaining } from '@tocsin/protocol'
import type { DecisionFilter, DecisionRow, Store } from '@tocsin/store'
import {
  readDecisionFilter,
  readDecisionPage,
  readDeletionFilter,
} from '../filters/decision-filter.ts'
import { type Answer, json, probe, rawJson, refusal } from '../http/answer.ts'
import type { Call } from '../http/call.ts'
import type { LapiMetrics } from '../metrics.ts'
import { readId } from './alert-routes.ts'
import { bouncerOf, type Handlers, type Identity } from './handler.ts'

interface DecisionRoutesDeps {
  readonly store: Store
  readonly clock: Clock
  readonly metrics: LapiMetrics
  /** Told of the uuids of decisions that somebody ended. */
  readonly onDeleted?: (uuids: readonly string[]) => void
}

/** Decisions: asking for one, following all, ending them. */
export function decisionRoutes(deps: DecisionRoutesDeps): Handlers {
  const { store, onDeleted } = deps
  return {
    decisions: (call, identity) => listDecisions(call, identity, deps),
    probeDecisions: (call, identity) => listDecisions(call, identity, deps),
    deleteDecisions: async (call) => {
      const { count, uuids } = await store.decisions.expire(readDeletionFilter(call.query))
      onDeleted?.(uuids)
      return json(200, { nbDeleted: String(count) })
    },
    deleteDecision: async (call) => {
      const id = readId(call, 'decision_id')
      const expired = await store.decisions.expireById(id)
      if (!expired) {
        throw refusal(404, `decision with id '${id}' doesn't exist: unable to delete`)
      }
      onDeleted?.(expired.uuids)
      return json(200, { nbDeleted: '1' })
    },
    stream: (call, identity) => openStream(call, identity, store),
    probeStream: () => probe(200),
  }
}

/** Hot path: asked for every visitor of a site whose bouncer keeps no list; bench/live-query.bench.ts. */
function listDecisions(
  call: Call,
  identity: Identity,
  { store, clock, metrics }: DecisionRoutesDeps,
): Answer {
  const { name } = bouncerOf(identity)
  const rows = store.decisions.query(readDecisionFilter(call.query), readDecisionPage(call.query))
  metrics.countDecisionQuery(name, rows.length > 0)
  if (call.isHead) return probe(200)
  store.bouncers.touchPull(name)
  if (rows.length === 0) return rawJson(200, 'null')
  return rawJson(200, formatDecisions(rows, clock.nowMs()))
}

function formatDecisions(rows: readonly DecisionRow[], nowMs: number): string {
  let body = '['
  for (const row of rows) {
    if (body.length > 1) body += ','
    body += `{"duration":"${formatRemaining(row.untilMs - nowMs)}","id":${row.id}`
    body += `,"origin":${encodeText(row.origin)},"scenario":${encodeText(row.scenario)}`
    body += `,"scope":${encodeText(row.scope)},"type":${encodeText(row.type)}`
    body += `,"value":${encodeText(row.value)}}`
  }
  return `${body}]`
}

const addressScopes = ['Ip', 'Range'] as const

function openStream(call: Call, identity: Identity, store: Store): Answer {
  const bouncer = bouncerOf(identity)
  const isStartup = call.query.text('startup') === 'true'
  const since = isStartup ? undefined : bouncer.position
  const { chunks, position } = store.decisions.stream.open({
    filter: readStreamFilter(call),
    isDeduplicated: call.query.text('dedup') !== 'false',
    ...(since && { since }),
  })
  return {
    status: 200,
    contentType: 'application/json',
    chunks,
    // Not before: a bouncer that lost the connection must be told again.
    onSent: () => store.bouncers.setPosition(bouncer.name, position),
  }
}

/** Without `scopes` only addresses and ranges are streamed, also when `scope` asks for others. */
function readStreamFilter(call: Call): DecisionFilter {
  const filter = readDecisionFilter(call.query)
  if (call.query.text('scopes') !== undefined) return filter
  const asked = filter.scopes
  const scopes = asked ? addressScopes.filter((scope) => asked.includes(scope)) : addressScopes
  return { ...filter, scopes }
}
