import { type AddressRange, parseAddressOrRange } from '@tocsin/address'
import { normalScope } from '@tocsin/protocol'
import type { DecisionFilter, DecisionPage } from '@tocsin/store'
import { refusal } from '../http/answer.ts'
import type { Query } from '../http/query.ts'

/**
 * Reads the filter of `GET /v1/decisions` and of the stream; parameters nobody knows are ignored, as
 * clients in use send some. @throws {Refusal} 400.
 */
export function readDecisionFilter(query: Query): DecisionFilter {
  const range = readRangeFilter(query)
  const value = query.text('value')
  const type = query.text('type')
  const scopes = readScopes(query)
  const simulated = query.text('simulated')
  return {
    ...range,
    ...(scopes && { scopes }),
    ...(value !== undefined && { value }),
    ...(type !== undefined && { types: [type] }),
    ...lists(query),
    includeSimulated: simulated !== undefined && simulated !== 'false',
  }
}

function lists(query: Query): Partial<DecisionFilter> {
  const origins = query.list('origins')
  const scenariosContaining = query.list('scenarios_containing')
  const scenariosNotContaining = query.list('scenarios_not_containing')
  return {
    ...(origins && { origins }),
    ...(scenariosContaining && { scenariosContaining }),
    ...(scenariosNotContaining && { scenariosNotContaining }),
  }
}

/** `scope` and `scopes` are two lists; with both, both must hold. */
function readScopes(query: Query): readonly string[] | undefined {
  const scope = query.list('scope')?.map(normalScope)
  const scopes = query.list('scopes')?.map(normalScope)
  return scope && scopes ? scope.filter((name) => scopes.includes(name)) : (scope ?? scopes)
}

/** Reads `limit`, `offset` and `id_gt`. @throws {Refusal} 400. */
export function readDecisionPage(query: Query): DecisionPage {
  const limit = query.integer('limit')
  const offset = query.integer('offset')
  const afterId = query.integer('id_gt')
  return {
    ...(limit !== undefined && limit > 0 && { limit }),
    ...(offset !== undefined && offset > 0 && { offset }),
    ...(afterId !== undefined && { afterId }),
  }
}

/** Reads `ip`, `range` and `contains`. @throws {Refusal} 400. */
export function readRangeFilter(query: Query): Pick<DecisionFilter, 'range' | 'rangeMatch'> {
  const contains = query.boolean('contains') ?? true
  const text = query.text('ip') ?? query.text('range')
  if (text === undefined) return {}
  return { range: readRange(text), rangeMatch: contains ? 'covering' : 'within' }
}

function readRange(text: string): AddressRange {
  const range = parseAddressOrRange(text)?.unmapped()
  if (range) return range
  throw refusal(
    400,
    `unable to convert '${text}' to int: invalid ip address '${text}': invalid ip address / range`,
  )
}

const deletionParameters = new Set([
  'ip',
  'range',
  'contains',
  'scope',
  'scopes',
  'value',
  'type',
  'origin',
  'scenario',
  'uuid',
])

/** Reads the filter of `DELETE /v1/decisions`; an unknown parameter must not delete too much. @throws {Refusal} 400. */
export function readDeletionFilter(query: Query): DecisionFilter {
  for (const name of query.names()) {
    if (!deletionParameters.has(name)) throw refusal(400, `'${name}' doesn't exist: invalid filter`)
  }
  const scopes = readScopes(query)
  const [value, type] = [query.text('value'), query.text('type')]
  const [origin, scenario] = [query.text('origin'), query.text('scenario')]
  const uuids = query.texts('uuid')
  return {
    ...readRangeFilter(query),
    ...(scopes && { scopes }),
    ...(value !== undefined && { value }),
    ...(type !== undefined && { types: [type] }),
    ...(origin !== undefined && { origins: [origin] }),
    ...(scenario !== undefined && { scenarios: [scenario] }),
    ...(uuids.length > 0 && { uuids }),
    includeSimulated: true,
  }
}
