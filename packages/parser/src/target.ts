import type { Environment, Member, StructType, Type } from '@tocsin/expr'
import { type Event, Line } from '@tocsin/model'
import type { StaticDestination, StaticWriter } from './statics.ts'

/** Why a `target:` path leads nowhere. */
export interface TargetError {
  readonly message: string
  readonly known: readonly string[]
  readonly segment: string
}

/**
 * Compiles the path of a `target:` static (`evt.StrTime`, `Meta.user`, `Overflow.Alert.Source.Value`).
 * The path is walked through the members rules see; at the first map the next segment is its key.
 */
export function compileTarget(
  path: string,
  environment: Environment,
): StaticDestination | TargetError {
  const segments = path.split('.')
  if (segments[0] === 'evt') segments.shift()
  let type: Type | undefined = environment.variables.get('evt')
  const properties: string[] = []
  for (const [index, segment] of segments.entries()) {
    if (type?.kind !== 'struct') return fail(segment, [], 'is not inside an object')
    const member: Member | undefined = type.members().get(segment)
    if (member?.kind !== 'field') return fail(segment, fieldNames(type), 'is unknown')
    properties.push(member.property)
    type = member.type
    const key = segments[index + 1]
    if (type.kind === 'map' && key !== undefined) return destination(path, properties, key)
  }
  if (type?.kind !== 'string') return fail(segments.at(-1) ?? '', [], 'is not a text')
  return destination(path, properties.slice(0, -1), properties.at(-1) ?? '')
}

function fail(segment: string, known: readonly string[], what: string): TargetError {
  return { message: `"${segment}" ${what}`, known, segment }
}

function fieldNames(type: StructType): string[] {
  return [...type.members()].filter(([, member]) => member.kind === 'field').map(([name]) => name)
}

const ownDicts: readonly string[] = ['parsed', 'meta', 'enriched', 'unmarshaled']

/** What is the event's own is always there; the rest has to be walked to. */
function destination(
  name: string,
  parents: readonly string[],
  property: string,
): StaticDestination {
  const [dict = '', ...deeper] = parents
  if (parents.length === 0 || (ownDicts.includes(dict) && deeper.length === 0)) {
    return { kind: 'store', name, properties: [...parents, property] }
  }
  return { kind: 'write', name, write: writer(parents, property) }
}

function writer(parents: readonly string[], property: string): StaticWriter {
  return (event, text) => {
    const parent = walk(event, parents)
    if (parent === undefined) return false
    parent[property] = text
    return true
  }
}

function walk(event: Event, properties: readonly string[]): Record<string, unknown> | undefined {
  // Lines and labels are shared by every event of a source: what is written must stay here.
  if (properties[0] === 'line') event.line = ownLine(event.line)
  let at: unknown = event
  for (const property of properties) {
    at = (at as Record<string, unknown>)[property]
    if (typeof at !== 'object' || at === null) return undefined
  }
  return at as Record<string, unknown>
}

function ownLine(line: Line): Line {
  const labels = Object.assign(Object.create(Object.getPrototypeOf(line.labels)), line.labels)
  return new Line(line.raw, line.source, line.module, labels, line.readAt)
}
