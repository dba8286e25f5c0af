import { suggest } from '@tocsin/diagnostic'
import type { Ast, Place } from './ast.ts'
import type { Builtin } from './builtin.ts'
import { builtinNames } from './builtins.ts'
import { type CheckContext, makeIr, poison } from './check-context.ts'
import { checkLoop } from './check-loop.ts'
import { canBeNil, findMember } from './check-member.ts'
import { ensure, ensureParameter } from './ensure.ts'
import type { AnyFunction, Effect, Ir } from './ir.ts'
import { predicateBuiltins } from './predicate-builtins.ts'
import type { FunctionDeclaration, FunctionType, Type } from './type.ts'
import { acceptance, formatType, unknownType } from './types.ts'

type CallAst = Ast & { readonly kind: 'call' }
type MethodAst = Ast & { readonly kind: 'method' }

/** Checks `name(…)`: a function of the environment, a variable that is one, or a builtin. */
export function checkCall(context: CheckContext, node: CallAst): Ir {
  const { name, isForced } = node
  if (!isForced) {
    const declared = context.environment.functions.get(name)
    if (declared) return callDeclared(context, node, declared)
    const variable = context.findLocal(name)?.type ?? context.environment.variables.get(name)
    if (variable) return callVariable(context, node, variable)
  }
  if (predicateBuiltins.has(name)) return checkLoop(context, node)
  const found = context.builtins.get(name)
  if (found) return callBuiltin(context, node, found)
  for (const arg of node.args) context.check(arg)
  return unknownFunction(context, node)
}

/** Checks `object.name(…)`. */
export function checkMethod(context: CheckContext, node: MethodAst, object: Ir): Ir {
  const { callee } = node
  if (callee.kind !== 'member' || callee.key.kind !== 'string') return poison(node)
  const name = callee.key.value
  if (object.type.kind === 'unknown') {
    const args = node.args.map((arg) => context.check(arg))
    return makeIr({ op: 'send', object, name, args }, unknownType, node, true)
  }
  const member = findMember(context, callee, object.type)
  if (!member) {
    for (const arg of node.args) context.check(arg)
    return poison(node)
  }
  if (member.type.kind !== 'function') {
    return context.refuse(callee.key, 'TOC_EXPR_METHOD', `${name} is a field, not a method`)
  }
  const args = checkArguments(context, { node, name }, member.type, node.args)
  if (!args) return poison(node)
  const { result } = member.type
  if (member.kind === 'field') {
    const shape = { op: 'field', object, name, property: member.property } as const
    const field = makeIr(shape, member.type, callee)
    return makeIr({ op: 'invoke', callee: field, args }, result, node, canResultBeNil(result))
  }
  const receiver = ensure(object, 'object', `.${name}`)
  const effect: Effect = member.isPure === true ? 'pure' : 'writes'
  const shape = { op: 'call', name, callee: member.call as AnyFunction, effect } as const
  const all = [receiver, ...args]
  return makeIr({ ...shape, args: all }, result, node, canResultBeNil(result))
}

function callDeclared(context: CheckContext, node: CallAst, declared: FunctionDeclaration): Ir {
  const { name, type, isPure, isReadOnly, revision } = declared
  const args = checkArguments(context, { node, name }, type, node.args)
  if (!args) return poison(node)
  const effect: Effect = isPure ? 'pure' : isReadOnly === true ? 'reads' : 'writes'
  const callee = declared.call as AnyFunction
  const shape = { op: 'call', name, callee, args, effect, ...(revision && { revision }) } as const
  return makeIr(shape, type.result, node, canResultBeNil(type.result))
}

function callVariable(context: CheckContext, node: CallAst, type: Type): Ir {
  const { name } = node
  const place = { start: node.nameStart, end: node.nameEnd }
  if (type.kind !== 'function') {
    for (const arg of node.args) context.check(arg)
    return context.refuse(
      place,
      'TOC_EXPR_CALL',
      `${name} is a ${formatType(type)}, not a function`,
    )
  }
  const args = checkArguments(context, { node, name }, type, node.args)
  if (!args) return poison(node)
  const callee = context.check({ kind: 'name', name, ...place })
  const { result } = type
  return makeIr({ op: 'invoke', callee, args }, result, node, canResultBeNil(result))
}

function callBuiltin(context: CheckContext, node: CallAst, found: Builtin): Ir {
  const { name } = found
  const args = checkArguments(context, { node, name }, found.type, node.args)
  if (!args) return poison(node)
  const types = args.map((arg) => arg.type)
  const wanted = found.refuse?.(types)
  if (wanted !== undefined) {
    const message = `${name} takes ${wanted}, not ${formatType(types[0] ?? unknownType)}`
    return context.refuse(args[0] ?? node, 'TOC_EXPR_ARGUMENT', message)
  }
  const callee = found.bind?.(types) ?? found.call
  const type = found.resultOf?.(types) ?? found.type.result
  const shape = { op: 'call', name, callee, args, effect: found.effect } as const
  return makeIr(shape, type, node, found.isNullable)
}

/** The arguments, each made to fit its parameter; undefined when something was wrong. */
function checkArguments(
  context: CheckContext,
  { node, name }: { readonly node: Place; readonly name: string },
  type: FunctionType,
  given: readonly Ast[],
): Ir[] | undefined {
  const { parameters, rest } = type
  const required = type.required ?? parameters.length
  const args = given.map((arg) => context.check(arg))
  if (args.length < required || (args.length > parameters.length && !rest)) {
    context.refuse(node, 'TOC_EXPR_ARGUMENT_COUNT', countMessage(name, type, args.length))
    return undefined
  }
  let isRight = true
  const fitted = args.map((arg, i) => {
    const parameter = parameters[i] ?? rest ?? unknownType
    if (acceptance(parameter, arg.type) !== 'no') return ensureParameter(arg, parameter, name)
    const message = `argument ${i + 1} of ${name} is a ${formatType(parameter)}, not ${formatType(arg.type)}`
    context.refuse(arg, 'TOC_EXPR_ARGUMENT', message)
    isRight = false
    return arg
  })
  return isRight ? fitted : undefined
}

function countMessage(name: string, type: FunctionType, given: number): string {
  const most = type.parameters.length
  const least = type.required ?? most
  const wanted = type.rest
    ? `at least ${least}`
    : least === most
      ? `${least}`
      : `${least} to ${most}`
  return `${name} takes ${wanted} argument${wanted === '1' ? '' : 's'}, not ${given}`
}

function unknownFunction(context: CheckContext, node: CallAst): Ir {
  const names = [...context.environment.functions.keys(), ...builtinNames]
  const meant = suggest(node.name, node.isForced ? builtinNames : names)
  const place = { start: node.nameStart, end: node.nameEnd }
  const message = `there is no function ${node.name}`
  return context.refuse(place, 'TOC_EXPR_FUNCTION', message, meant && `did you mean ${meant}?`)
}

/** Functions may give nil for lists, maps and whatever is a pointer of the peer. */
function canResultBeNil(type: Type): boolean {
  return canBeNil(type) || type.kind === 'list' || type.kind === 'map'
}
