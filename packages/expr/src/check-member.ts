import { suggest } from '@tocsin/diagnostic'
import type { Ast } from './ast.ts'
import { type CheckContext, constant, makeIr, poison } from './check-context.ts'
import { ensure } from './ensure.ts'
import type { Ir } from './ir.ts'
import { naturalMembers } from './time-members.ts'
import type { Member, Type } from './type.ts'
import { formatType, unknownType } from './types.ts'

type MemberAst = Ast & { readonly kind: 'member' }

/** Checks `object.name` and `object[key]`; the object has been checked already. */
export function checkMember(context: CheckContext, node: MemberAst, object: Ir): Ir {
  const { type } = object
  if (object.op === 'environment') return variableByName(context, node, object)
  switch (type.kind) {
    case 'unknown': {
      const key = context.check(node.key)
      return makeIr({ op: 'lookup', object, key }, unknownType, node, true)
    }
    case 'map':
      return mapEntry(context, node, object)
    case 'list':
      return listItem(context, node, object)
    case 'string':
      return context.refuse(
        node,
        'TOC_EXPR_INDEX',
        'a string has no members and cannot be indexed',
        'slice it by bytes: text[0:1]',
      )
    default:
      return field(context, node, object)
  }
}

/** The member of a type with known ones, with "did you mean" when there is none. */
export function findMember(context: CheckContext, node: MemberAst, type: Type): Member | undefined {
  const members = type.kind === 'struct' ? type.members() : naturalMembers(type)
  if (node.key.kind !== 'string') {
    context.refuse(node.key, 'TOC_EXPR_INDEX', `a ${formatType(type)} cannot be indexed`)
    return undefined
  }
  if (!members) {
    context.refuse(node.key, 'TOC_EXPR_MEMBER', `a ${formatType(type)} has no members`)
    return undefined
  }
  const name = node.key.value
  const member = members.get(name)
  if (!member) {
    const meant = suggest(name, members.keys())
    const message = `${formatType(type)} has no member ${name}`
    context.refuse(node.key, 'TOC_EXPR_MEMBER', message, meant && `did you mean ${meant}?`)
  }
  return member
}

function field(context: CheckContext, node: MemberAst, object: Ir): Ir {
  const member = findMember(context, node, object.type)
  if (!member || node.key.kind !== 'string') return poison(node)
  const name = node.key.value
  if (member.kind === 'method') {
    return context.refuse(node, 'TOC_EXPR_METHOD', `${name} is a method`, `call it: ${name}(…)`)
  }
  const shape = { op: 'field', object, name, property: member.property } as const
  return makeIr(shape, member.type, node, canBeNil(member.type))
}

function mapEntry(context: CheckContext, node: MemberAst, object: Ir): Ir {
  if (object.type.kind !== 'map') return poison(node)
  const { element, storage } = object.type
  const key = context.check(node.key)
  if (storage === 'dict' && key.type.kind !== 'string' && key.type.kind !== 'unknown') {
    return context.refuse(
      node.key,
      'TOC_EXPR_INDEX',
      `a key is a string, not ${formatType(key.type)}`,
    )
  }
  const text = storage === 'dict' ? ensure(key, 'string', 'a key') : key
  const isNullable = !['string', 'int', 'float', 'bool'].includes(element.kind)
  return makeIr({ op: 'entry', object, key: text, storage }, element, node, isNullable)
}

function listItem(context: CheckContext, node: MemberAst, object: Ir): Ir {
  if (object.type.kind !== 'list') return poison(node)
  const index = context.check(node.key)
  if (index.type.kind !== 'int' && index.type.kind !== 'unknown') {
    const hint =
      node.key.kind === 'string' ? 'its elements have members, the list has none' : undefined
    const found = formatType(index.type)
    return context.refuse(
      node.key,
      'TOC_EXPR_INDEX',
      `a list is indexed by int, not ${found}`,
      hint,
    )
  }
  const { element } = object.type
  return makeIr({ op: 'item', object, index }, element, node, canBeNil(element))
}

/** `$env.name` is the variable of that name, nil when there is none. */
function variableByName(context: CheckContext, node: MemberAst, object: Ir): Ir {
  if (node.key.kind === 'string') {
    const name = node.key.value
    if (!context.environment.variables.has(name)) return constant(undefined, { kind: 'nil' }, node)
    return context.check({ kind: 'name', name, start: node.start, end: node.end })
  }
  const key = ensure(context.check(node.key), 'string', '$env')
  return makeIr({ op: 'entry', object, key, storage: 'dict' }, unknownType, node, true)
}

/** Whether a value declared so may be nil all the same, as pointers may. */
export function canBeNil(type: Type): boolean {
  return type.kind === 'unknown' || (type.kind === 'struct' && type.isNullable === true)
}
