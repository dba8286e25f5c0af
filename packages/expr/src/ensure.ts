import { makeIr } from './check-context.ts'
import type { Check, Ir } from './ir.ts'
import type { Type } from './type.ts'
import {
  boolType,
  durationType,
  floatType,
  intType,
  listOf,
  mapOf,
  stringType,
  timeType,
  unknownType,
} from './types.ts'

const checkedTypes: Readonly<Record<Check, Type>> = {
  bool: boolType,
  string: stringType,
  int: intType,
  number: floatType,
  list: listOf(unknownType),
  listOrNil: listOf(unknownType),
  textList: listOf(stringType),
  map: mapOf(unknownType, 'map'),
  dict: mapOf(unknownType),
  time: timeType,
  duration: durationType,
  object: unknownType,
}

/** The node itself when its type is a fact, else a look at it while running; `what` needs it. */
export function ensure(node: Ir, check: Check, what: string): Ir {
  if (node.type.kind !== 'unknown' && !node.isNullable) return node
  const type = node.type.kind === 'unknown' ? checkedTypes[check] : node.type
  return makeIr({ op: 'ensure', operand: node, check, what }, type, node)
}

/** An argument for a parameter of that type, which it is known not to contradict. */
export function ensureParameter(node: Ir, parameter: Type, what: string): Ir {
  const isKnown = node.type.kind !== 'unknown'
  switch (parameter.kind) {
    case 'unknown':
    case 'nil':
      return node
    case 'bool':
    case 'string':
    case 'int':
    case 'time':
    case 'duration':
      return ensure(node, parameter.kind, what)
    case 'float':
      return ensure(node, 'number', what)
    case 'list':
      return ensureListParameter(node, parameter.element, what)
    case 'map':
      return isKnown ? node : ensure(node, parameter.storage === 'dict' ? 'dict' : 'map', what)
    case 'struct':
      return isKnown && parameter.isNullable === true ? node : ensure(node, 'object', what)
    case 'bytes':
    case 'function':
      return ensure(node, 'object', what)
  }
}

/** Functions see an empty list for nil, and only texts in a list of texts. */
function ensureListParameter(node: Ir, element: Type, what: string): Ir {
  const isTyped = node.type.kind === 'list' && node.type.element.kind !== 'unknown'
  if (element.kind === 'string' && !isTyped) {
    const type = listOf(stringType)
    return makeIr({ op: 'ensure', operand: node, check: 'textList', what }, type, node)
  }
  if (node.type.kind === 'list' && !node.isNullable) return node
  const type = node.type.kind === 'list' ? node.type : listOf(unknownType)
  return makeIr({ op: 'ensure', operand: node, check: 'listOrNil', what }, type, node)
}
