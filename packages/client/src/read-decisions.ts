import type { DecisionReply } from '@tocsin/protocol'
import { ClientError } from './client-error.ts'

/**
 * Reads a list of decisions; null, as servers answer for none, is the empty list.
 * @throws {ClientError} `TOC_CLIENT_REPLY` when a decision lacks what every enforcer needs.
 */
export function readDecisions(json: unknown, server: string): DecisionReply[] {
  if (json === null || json === undefined) return []
  if (!Array.isArray(json)) throw notDecisions(server)
  for (const item of json) {
    if (!isDecision(item)) throw notDecisions(server)
  }
  return json
}

/** Hot path: a startup has a million of them. */
function isDecision(item: unknown): item is DecisionReply {
  if (item === null || typeof item !== 'object') return false
  const decision = item as Partial<Record<keyof DecisionReply, unknown>>
  return (
    typeof decision.value === 'string' &&
    typeof decision.scope === 'string' &&
    typeof decision.type === 'string' &&
    typeof decision.duration === 'string' &&
    typeof decision.origin === 'string' &&
    typeof decision.scenario === 'string'
  )
}

function notDecisions(server: string): ClientError {
  return new ClientError('TOC_CLIENT_REPLY', `${server}: the answer is no list of decisions`)
}
