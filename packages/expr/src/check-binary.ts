import type { Ast, BinaryOperator } from './ast.ts'
import { type CheckContext, constant, makeIr } from './check-context.ts'
import { ensure } from './ensure.ts'
import type { Ir } from './ir.ts'
import { orderings } from './operator.ts'
import type { Type } from './type.ts'
import {
  areComparable,
  boolType,
  durationType,
  floatType,
  formatType,
  intType,
  isNumber,
  joinTypes,
  listOf,
  timeType,
  unknownType,
} from './types.ts'

type BinaryAst = Ast & { readonly kind: 'binary' }

/** Checks a binary operator, its operands first. */
export function checkBinary(context: CheckContext, node: BinaryAst): Ir {
  const left = context.check(node.left)
  const right = context.check(node.right)
  const { operator } = node
  switch (operator) {
    case '??':
      return coalesce(context, node, left, right)
    case '==':
    case '!=':
      if (areComparable(left.type, right.type)) return binary(node, operator, left, right, boolType)
      return mismatch(context, node, left, right)
    case 'in':
      return membership(context, node, left, right)
    case 'contains':
    case 'startsWith':
    case 'endsWith':
      if (isTextual(left.type) && isTextual(right.type)) {
        return binary(node, operator, left, right, boolType)
      }
      return mismatch(context, node, left, right)
    case 'matches':
      if ((isTextual(left.type) || left.type.kind === 'bytes') && isTextual(right.type)) {
        return binary(node, operator, left, right, boolType)
      }
      return mismatch(context, node, left, right)
    case '..':
      if (fits(left.type, 'int') && fits(right.type, 'int')) {
        const from = ensure(left, 'int', '..')
        const to = ensure(right, 'int', '..')
        return binary(node, operator, from, to, listOf(intType))
      }
      return mismatch(context, node, left, right)
    default: {
      const type = resultType(operator, left.type, right.type)
      return type ? binary(node, operator, left, right, type) : mismatch(context, node, left, right)
    }
  }
}

function binary(
  node: BinaryAst,
  operator: Exclude<BinaryOperator, '??'>,
  left: Ir,
  right: Ir,
  type: Type,
): Ir {
  return makeIr({ op: 'binary', operator, left, right }, type, node)
}

/** What an operator takes beside numbers, when one side is only known while running. */
const openKinds: Readonly<Record<string, readonly Type['kind'][]>> = {
  '<': ['string', 'time', 'duration'],
  '>': ['string', 'time', 'duration'],
  '<=': ['string', 'time', 'duration'],
  '>=': ['string', 'time', 'duration'],
  '+': ['string', 'time', 'duration'],
  '-': ['time', 'duration'],
  '*': ['duration'],
}

/** What an ordering or an arithmetic operator gives; undefined when it takes no such operands. */
function resultType(operator: BinaryOperator, a: Type, b: Type): Type | undefined {
  if (operator === '%') return fits(a, 'int') && fits(b, 'int') ? intType : undefined
  if (operator === '/' || operator === '**') {
    return fitsNumber(a) && fitsNumber(b) ? floatType : undefined
  }
  if (a.kind === 'unknown' || b.kind === 'unknown') {
    return openResultType(operator, a.kind === 'unknown' ? b : a)
  }
  switch (operator) {
    case '+':
      return sumType(a, b)
    case '-':
      return differenceType(a, b)
    case '*':
      return productType(a, b)
    default:
      return fitsOpen(operator, a) && areComparable(a, b) ? boolType : undefined
  }
}

function openResultType(operator: BinaryOperator, known: Type): Type | undefined {
  if (!fitsOpen(operator, known)) return undefined
  if (orderings.has(operator)) return boolType
  // With text on one side of + there can only be text on the other.
  return operator === '+' && known.kind === 'string' ? known : unknownType
}

function fitsOpen(operator: BinaryOperator, type: Type): boolean {
  return fitsNumber(type) || openKinds[operator]?.includes(type.kind) === true
}

function productType(a: Type, b: Type): Type | undefined {
  if (isNumber(a) && isNumber(b)) return numberType(a, b)
  const isScaled = (a.kind === 'duration' && isNumber(b)) || (isNumber(a) && b.kind === 'duration')
  return isScaled ? durationType : undefined
}

function sumType(a: Type, b: Type): Type | undefined {
  if (isNumber(a) && isNumber(b)) return numberType(a, b)
  if (a.kind === 'string' && b.kind === 'string') return a
  if (a.kind === 'duration') return b.kind === 'duration' || b.kind === 'time' ? b : undefined
  return a.kind === 'time' && b.kind === 'duration' ? timeType : undefined
}

function differenceType(a: Type, b: Type): Type | undefined {
  if (isNumber(a) && isNumber(b)) return numberType(a, b)
  if (a.kind === 'time') {
    return b.kind === 'time' ? durationType : b.kind === 'duration' ? timeType : undefined
  }
  return a.kind === 'duration' && b.kind === 'duration' ? durationType : undefined
}

function numberType(a: Type, b: Type): Type {
  return a.kind === 'int' && b.kind === 'int' ? intType : floatType
}

function coalesce(context: CheckContext, node: BinaryAst, left: Ir, right: Ir): Ir {
  if (left.type.kind === 'string' && !left.isNullable) {
    context.lint(
      node,
      'TOC_EXPR_NEVER_NIL',
      'the left side of ?? is never nil, so the right side is never used',
      "a missing text is '': write x != '' ? x : y",
    )
  }
  const isNullable = right.isNullable || right.type.kind === 'nil'
  const type = joinTypes(left.type, right.type)
  return makeIr({ op: 'coalesce', left, right }, type, node, isNullable)
}

function membership(context: CheckContext, node: BinaryAst, left: Ir, right: Ir): Ir {
  const place = right.type
  switch (place.kind) {
    case 'unknown':
    case 'nil':
      return binary(node, 'in', left, right, boolType)
    case 'list':
      if (areComparable(left.type, place.element)) return binary(node, 'in', left, right, boolType)
      return context.refuse(
        node,
        'TOC_EXPR_IN',
        `a ${formatType(left.type)} is never in a ${formatType(place)}`,
      )
    case 'map':
      if (place.storage === 'map' || isTextual(left.type)) {
        return binary(node, 'in', left, right, boolType)
      }
      return context.refuse(node, 'TOC_EXPR_IN', `a key is a string, not ${formatType(left.type)}`)
    case 'struct':
      return structMembership(context, node, left, right)
    default:
      return context.refuse(
        node,
        'TOC_EXPR_IN',
        `cannot look for a value in a ${formatType(place)}`,
        place.kind === 'string' ? 'write: text contains part' : undefined,
      )
  }
}

/** `'Parsed' in evt`: whether there is such a field. */
function structMembership(context: CheckContext, node: BinaryAst, left: Ir, right: Ir): Ir {
  if (right.type.kind !== 'struct') return context.check(node)
  if (!isTextual(left.type)) {
    return context.refuse(
      node,
      'TOC_EXPR_IN',
      `a field name is a string, not ${formatType(left.type)}`,
    )
  }
  const fields = [...right.type.members()].filter(([, member]) => member.kind === 'field')
  const values = fields.map(([name]) => name)
  const isField = makeIr({ op: 'inSet', operand: left, of: 'text', values }, boolType, node)
  const nothing = constant(undefined, { kind: 'nil' }, node)
  const isThere = makeIr(
    { op: 'binary', operator: '!=', left: right, right: nothing },
    boolType,
    node,
  )
  return makeIr({ op: 'logical', operator: '&&', operands: [isThere, isField] }, boolType, node)
}

function mismatch(context: CheckContext, node: BinaryAst, left: Ir, right: Ir): Ir {
  const { operator } = node
  const verb = operator === '==' || operator === '!=' ? 'compare' : `apply ${operator} to`
  const message = `cannot ${verb} ${formatType(left.type)} and ${formatType(right.type)}`
  return context.refuse(node, 'TOC_EXPR_OPERAND', message, mismatchHint(node, left, right))
}

function mismatchHint(node: BinaryAst, left: Ir, right: Ir): string | undefined {
  if (node.left.kind === 'unary' && node.left.operator === '!') {
    return `not binds tighter than ${node.operator}: put parentheses around what it negates`
  }
  const texts = [left, right].filter((side) => side.type.kind === 'string')
  const numbers = [left, right].filter((side) => isNumber(side.type))
  if (texts.length === 1 && numbers.length === 1) {
    return 'text and numbers do not mix: convert with int(…), float(…) or string(…), or quote the number'
  }
  return undefined
}

function isTextual(type: Type): boolean {
  return type.kind === 'string' || type.kind === 'unknown' || type.kind === 'nil'
}

function fits(type: Type, kind: Type['kind']): boolean {
  return type.kind === kind || type.kind === 'unknown'
}

function fitsNumber(type: Type): boolean {
  return isNumber(type) || type.kind === 'unknown'
}
