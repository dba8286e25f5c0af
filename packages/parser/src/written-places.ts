import type { Expression } from '@tocsin/expr'
import type { ParserNode } from './node.ts'
import type { Static } from './statics.ts'

/** Places of an event: `meta.service`, or a whole dictionary by its name alone, `enriched`. */
export type Places = ReadonlySet<string>

/**
 * The places of an event that a node may write, its children included; undefined when that cannot
 * be told, because an expression writes.
 */
export function writtenPlaces(node: ParserNode): Places | undefined {
  const places = new Set<string>()
  return addNode(node, places) ? places : undefined
}

/** Whether writing these places may change the text at `place`, such as `meta.service`. */
export function mayChange(written: Places | undefined, place: string): boolean {
  if (!written) return true
  const dot = place.indexOf('.')
  return written.has(place) || written.has(dot < 0 ? place : place.slice(0, dot))
}

/** False when something may write anything. */
function addNode(node: ParserNode, places: Set<string>): boolean {
  const { filter, grok, stashes, whitelist, statics, children } = node
  const expressions = [filter, ...(whitelist?.expressions ?? [])]
  for (const stash of stashes) expressions.push(stash.key, stash.value)
  if (grok) {
    if (grok.input.kind === 'expression') expressions.push(grok.input.expression)
    for (const name of grok.grok.names) places.add(`parsed.${name}`)
    if (!grok.statics.every((entry) => addStatic(entry, places))) return false
  }
  return (
    expressions.every(changesNothing) &&
    statics.every((entry) => addStatic(entry, places)) &&
    children.every((child) => addNode(child, places))
  )
}

function addStatic({ destination, expression }: Static, places: Set<string>): boolean {
  if (destination.kind === 'store') {
    places.add(destination.properties.join('.'))
  } else if (destination.kind === 'method') {
    // What enrichers find goes there; a JSON line is decoded into the one that no index asks for.
    for (const dict of ['enriched', 'unmarshaled']) places.add(dict)
  } else {
    return false
  }
  return changesNothing(expression)
}

function changesNothing(expression: Expression | undefined): boolean {
  return expression === undefined || !expression.hasSideEffects
}
