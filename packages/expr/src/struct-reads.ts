import { type Ir, isTextConstant } from './ir.ts'
import { partsOf } from './ir-children.ts'
import type { Type } from './type.ts'

/** Builtins that hand elements on without looking into them. */
const passing = ['len', 'first', 'last', 'take', 'reverse', 'concat']
/** Loops that do no more with elements than their predicate does. */
const passingLoops = ['all', 'any', 'none', 'one', 'filter', 'map', 'find', 'findLast', 'count']

/**
 * The members that an expression reads of values of a struct type, its variables apart: for
 * `any(queue.Queue, {#.Meta.user == 'root'})` and `Event` it is `[['Meta', 'user']]`. Undefined when
 * that cannot be told, as a value goes somewhere else.
 */
export function structReadsOf(root: Ir, struct: string): string[][] | undefined {
  const paths = new Map<string, string[]>()
  const isKnown = !holds(root.type, struct) && visit(root, struct, paths)
  return isKnown ? [...paths.values()] : undefined
}

/** False when a value goes where it is not known what is read of it. */
function visit(node: Ir, struct: string, paths: Map<string, string[]>): boolean {
  const path = memberOf(node, struct)
  if (path) {
    paths.set(JSON.stringify(path.names), path.names)
    return visit(path.object, struct, paths)
  }
  if (node.op === 'environment') return false
  const parts = partsOf(node)
  // Behind a node of unknown type nobody knows any more what a value is; what is bound keeps its type.
  const keepsType = node.op === 'let' || node.op === 'optional' || !isVague(node.type)
  if (!handsOn(node) || !keepsType) {
    for (const part of parts) {
      if (part.op !== 'variable' && holds(part.type, struct)) return false
    }
  }
  return parts.every((part) => visit(part, struct, paths))
}

/** `#.Meta.user` as `['Meta', 'user']` of `#`, `#.Time` as `['Time']`; undefined for anything else. */
function memberOf(
  node: Ir,
  struct: string,
): { readonly names: string[]; readonly object: Ir } | undefined {
  const isEntry = node.op === 'entry' && isTextConstant(node.key)
  const field = isEntry ? node.object : node
  if (field.op !== 'field' || !isStruct(field.object.type, struct)) return undefined
  if (field.object.op === 'variable') return undefined
  const names = [field.name]
  if (isEntry && isTextConstant(node.key)) names.push(node.key.value)
  return { names, object: field.object }
}

/** Whether a node does nothing with the values in its parts but give them on, types told. */
function handsOn(node: Ir): boolean {
  switch (node.op) {
    case 'loop':
      return passingLoops.includes(node.name)
    case 'call':
      return passing.includes(node.name)
    case 'field':
    case 'slice':
    case 'item':
    case 'let':
    case 'optional':
    case 'ensure':
    case 'conditional':
    case 'sequence':
      return true
    default:
      return false
  }
}

function isStruct(type: Type, struct: string): boolean {
  return type.kind === 'struct' && type.name === struct
}

function holds(type: Type, struct: string): boolean {
  if (type.kind === 'list' || type.kind === 'map') return holds(type.element, struct)
  return isStruct(type, struct)
}

function isVague(type: Type): boolean {
  if (type.kind === 'list' || type.kind === 'map') return isVague(type.element)
  return type.kind === 'unknown'
}
