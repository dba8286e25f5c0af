import type { Ast } from './ast.ts'
import { elementOf } from './builtin.ts'
import { type CheckContext, type LoopBinding, makeIr, poison } from './check-context.ts'
import { canBeNil } from './check-member.ts'
import { ensure } from './ensure.ts'
import type { Ir, IrClosure, LoopName } from './ir.ts'
import { predicateBuiltins } from './predicate-builtins.ts'
import type { Type } from './type.ts'
import { boolType, formatType, intType, isNumber, listOf, mapOf, unknownType } from './types.ts'

type CallAst = Ast & { readonly kind: 'call' }

const boolLoops: ReadonlySet<string> = new Set([
  ...['all', 'any', 'none', 'one', 'filter', 'count'],
  ...['find', 'findLast', 'findIndex', 'findLastIndex'],
])

/** Checks a builtin that evaluates its second argument per element. */
export function checkLoop(context: CheckContext, node: CallAst): Ir {
  const name = node.name as LoopName
  const [listNode, closureNode, extraNode] = node.args
  const isOptional = predicateBuiltins.get(name)?.isClosureOptional === true
  if (!listNode || (!closureNode && !isOptional)) {
    const message = `${name} takes a list and a predicate`
    return context.refuse(node, 'TOC_EXPR_ARGUMENT_COUNT', message, `${name}(list, {# == 'x'})`)
  }
  const given = context.check(listNode)
  if (given.type.kind !== 'list' && given.type.kind !== 'unknown') {
    const message = `${name} takes a list, not ${formatType(given.type)}`
    if (closureNode) checkClosure(context, name, unknownType, closureNode)
    return context.refuse(listNode, 'TOC_EXPR_LIST', message)
  }
  const list = ensure(given, 'list', name)
  const element = elementOf(list.type)
  const closure = closureNode && checkClosure(context, name, element, closureNode)
  const extra = extraNode && checkExtra(context, name, extraNode)
  if (closure === null) return poison(node)
  const shape = { op: 'loop', name, list, closure, extra } as const
  const { type, isNullable } = resultOf(name, element, closure)
  return makeIr(shape, type, node, isNullable)
}

/** The closure, or null when its body was wrong. */
function checkClosure(
  context: CheckContext,
  name: LoopName,
  element: Type,
  node: Ast,
): IrClosure | null {
  const binding = (type: Type, isNullable: boolean) => ({
    name: '',
    id: context.newLocal(),
    type,
    isNullable,
  })
  const loop: LoopBinding = {
    name,
    element: binding(element, canBeNil(element)),
    index: binding(intType, false),
    accumulator: binding(unknownType, true),
  }
  const checked = context.checkIn(loop, node.kind === 'closure' ? node.body : node)
  const body = boolLoops.has(name) ? ensureBool(context, checked, name) : checked
  if (name === 'sum' && checked.type.kind !== 'unknown' && !isNumber(checked.type)) {
    const message = `sum adds numbers, not ${formatType(checked.type)}`
    context.refuse(checked, 'TOC_EXPR_PREDICATE', message)
    return null
  }
  const { element: e, index, accumulator } = loop
  return { element: e.id, index: index.id, accumulator: accumulator.id, body }
}

function ensureBool(context: CheckContext, body: Ir, name: string): Ir {
  if (body.type.kind === 'bool' || body.type.kind === 'unknown') {
    return ensure(body, 'bool', `the predicate of ${name}`)
  }
  const message = `the predicate of ${name} is a ${formatType(body.type)}, not a bool`
  return context.refuse(body, 'TOC_EXPR_PREDICATE', message)
}

function checkExtra(context: CheckContext, name: LoopName, node: Ast): Ir {
  const extra = context.check(node)
  if (name !== 'sortBy') return extra
  if (extra.type.kind === 'string' || extra.type.kind === 'unknown') {
    return ensure(extra, 'string', 'sortBy')
  }
  const message = `the order of sortBy is 'asc' or 'desc', not ${formatType(extra.type)}`
  return context.refuse(node, 'TOC_EXPR_ARGUMENT', message)
}

function resultOf(
  name: LoopName,
  element: Type,
  closure: IrClosure | undefined,
): { type: Type; isNullable: boolean } {
  const fact = (type: Type) => ({ type, isNullable: false })
  switch (name) {
    case 'all':
    case 'any':
    case 'none':
    case 'one':
      return fact(boolType)
    case 'count':
    case 'findIndex':
    case 'findLastIndex':
      return fact(intType)
    case 'filter':
    case 'sortBy':
      return fact(listOf(element))
    case 'map': {
      const { body } = closure ?? {}
      return fact(listOf(body && !body.isNullable ? body.type : unknownType))
    }
    case 'find':
    case 'findLast':
      return { type: element, isNullable: true }
    case 'sum': {
      const type = closure ? closure.body.type : element
      return fact(isNumber(type) ? type : unknownType)
    }
    case 'groupBy':
      return fact(mapOf(listOf(element), 'map'))
    case 'reduce':
      return { type: unknownType, isNullable: true }
  }
}
