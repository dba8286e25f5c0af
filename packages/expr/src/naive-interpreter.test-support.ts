import type { Ast } from './ast.ts'
import { createBuiltins } from './builtins.ts'

/**
 * Walks the syntax tree as the language is described, with no thought for speed: the second
 * opinion that compiled expressions are compared with. Structs are plain objects with the names
 * rules use; maps of text are `TextMap`.
 */
export class TextMap extends Map<string, string> {}

interface Scope {
  readonly names: Readonly<Record<string, unknown>>
  readonly element?: unknown
  readonly index?: number
  readonly accumulator?: unknown
}

class Nil extends Error {}
const builtins = createBuiltins()

export function interpret(node: Ast, scope: Scope): unknown {
  const run = (part: Ast): unknown => interpret(part, scope)
  const bool = (part: Ast): boolean => {
    const value = run(part)
    if (typeof value !== 'boolean') throw new Error('not a bool')
    return value
  }
  switch (node.kind) {
    case 'nil':
      return undefined
    case 'bool':
    case 'int':
    case 'float':
    case 'string':
      return node.value
    case 'bytes':
      return Buffer.from(node.value, 'latin1')
    case 'name':
      return scope.names[node.name]
    case 'pointer':
      return scope[node.part]
    case 'chain':
      try {
        return run(node.body)
      } catch (error) {
        if (error instanceof Nil) return undefined
        throw error
      }
    case 'member': {
      const object = run(node.object)
      if (node.isOptional && isNil(object)) throw new Nil()
      return member(object, run(node.key))
    }
    case 'slice': {
      const object = run(node.object)
      const bytes = typeof object === 'string' ? Buffer.from(object) : (object as unknown[])
      if (typeof object !== 'string' && !Array.isArray(object)) throw new Error('no slice')
      const bound = (part: Ast | undefined, absent: number) => {
        if (!part) return absent
        const at = run(part)
        if (!Number.isInteger(at)) throw new Error('no bound')
        return Math.max(0, (at as number) < 0 ? bytes.length + (at as number) : (at as number))
      }
      const [from, to] = [bound(node.from, 0), bound(node.to, bytes.length)]
      const cut = bytes.slice(from, Math.max(from, to))
      return typeof object === 'string' ? cut.toString() : cut
    }
    case 'unary': {
      if (node.operator === '!') return !bool(node.operand)
      const value = run(node.operand)
      if (typeof value !== 'number') throw new Error('not a number')
      return node.operator === '-' ? 0 - value : value
    }
    case 'logical':
      return node.operator === '&&' ? node.operands.every(bool) : node.operands.some(bool)
    case 'conditional':
      return run(bool(node.condition) ? node.whenTrue : node.whenFalse)
    case 'elvis':
      return bool(node.condition) ? true : run(node.whenFalse)
    case 'list':
      return node.items.map(run)
    case 'map':
      return new Map(node.entries.map(({ key, value }) => [run(key), run(value)]))
    case 'sequence':
      return node.items.map(run).at(-1)
    case 'let':
      return interpret(node.body, {
        ...scope,
        names: { ...scope.names, [node.name]: run(node.value) },
      })
    case 'binary':
      return binary(node, run)
    case 'call':
      return call(node, scope)
    case 'closure':
    case 'method':
      throw new Error('not interpreted')
  }
}

function isNil(value: unknown): boolean {
  return value === undefined || value === null
}

function member(object: unknown, key: unknown): unknown {
  if (isNil(object)) throw new Error('member of nil')
  if (object instanceof TextMap) return object.get(String(key)) ?? ''
  if (object instanceof Map) return object.get(key)
  if (Array.isArray(object)) {
    if (!Number.isInteger(key)) throw new Error('no index')
    const at = (key as number) < 0 ? object.length + (key as number) : (key as number)
    if (at < 0 || at >= object.length) throw new Error('out of range')
    return object[at]
  }
  if (typeof object !== 'object' || typeof key !== 'string') throw new Error('no member')
  return Object.hasOwn(object as object, key) ? (object as Record<string, unknown>)[key] : undefined
}

function same(a: unknown, b: unknown): boolean {
  if (isNil(a) || isNil(b)) return isNil(a) && isNil(b)
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, i) => same(value, b[i]))
  }
  if (typeof a === 'object' && typeof b === 'object') {
    const entries = (value: unknown) =>
      Object.entries(value instanceof Map ? Object.fromEntries(value) : (value as object))
    const [x, y] = [entries(a), entries(b)]
    const other = new Map(y)
    return (
      Array.isArray(a) === Array.isArray(b) &&
      x.length === y.length &&
      x.every(([key, value]) => other.has(key) && same(value, other.get(key)))
    )
  }
  return a === b
}

function binary(node: Ast & { kind: 'binary' }, run: (part: Ast) => unknown): unknown {
  const { operator } = node
  const a = run(node.left)
  if (operator === '??') return isNil(a) ? run(node.right) : a
  const b = run(node.right)
  const bothAre = (kind: string) => [a, b].every((value) => typeof value === kind)
  const need = (isRight: boolean) => {
    if (!isRight) throw new Error(`wrong operands of ${operator}`)
  }
  switch (operator) {
    case '==':
      return same(a, b)
    case '!=':
      return !same(a, b)
    case 'contains':
    case 'startsWith':
    case 'endsWith': {
      if (isNil(a) || isNil(b)) return false
      need(bothAre('string'))
      const [text, part] = [String(a), String(b)]
      if (operator === 'contains') return text.indexOf(part) >= 0
      return operator === 'startsWith' ? text.startsWith(part) : text.endsWith(part)
    }
    case 'matches':
      if (isNil(a) || isNil(b)) return false
      need(bothAre('string'))
      return new RegExp(String(b)).test(String(a))
    case 'in':
      return isMember(node.right, a, b)
    case '..':
      return Array.from({ length: Math.max(0, Number(b) - Number(a) + 1) }, (_, i) => Number(a) + i)
    default:
  }
  need(bothAre('number') || (bothAre('string') && ['<', '>', '<=', '>=', '+'].includes(operator)))
  if (typeof a === 'string' && operator !== '+') {
    const difference = Buffer.compare(Buffer.from(a), Buffer.from(String(b)))
    return arithmetic(operator, difference, 0)
  }
  if (typeof a === 'string') return a + String(b)
  return arithmetic(operator, Number(a), Number(b))
}

function arithmetic(operator: string, a: number, b: number): unknown {
  switch (operator) {
    case '<':
      return a < b
    case '>':
      return a > b
    case '<=':
      return a <= b
    case '>=':
      return a >= b
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b + 0
    case '/':
      return a / b
    case '**':
      return a ** b
    case '%':
      if (b === 0 || !Number.isInteger(a) || !Number.isInteger(b)) throw new Error('remainder')
      return (a % b) + 0
    default:
      throw new Error(`no operator ${operator}`)
  }
}

function isMember(place: Ast, a: unknown, b: unknown): boolean {
  if (place.kind === 'list' && place.items.length > 0) {
    if (place.items.every((item) => item.kind === 'string')) {
      if (!isNil(a) && typeof a !== 'string') throw new Error('strict set')
      return place.items.some((item) => item.kind === 'string' && item.value === (a ?? ''))
    }
  }
  if (isNil(b)) return false
  if (Array.isArray(b)) return b.some((value) => same(value, a))
  if (typeof b !== 'object') throw new Error('in what')
  const key = a ?? ''
  if (typeof key !== 'string') throw new Error('no key')
  return b instanceof Map ? b.has(key) : Object.hasOwn(b as object, key)
}

function call(node: Ast & { kind: 'call' }, scope: Scope): unknown {
  const [first, second, third] = node.args
  const list = first ? interpret(first, scope) : undefined
  if (second?.kind !== 'closure') {
    const args = node.args.map((arg) => interpret(arg, scope))
    if (node.name === 'Lower' || node.name === 'Upper') {
      if (typeof list !== 'string') throw new Error('not a text')
      return node.name === 'Lower' ? list.toLowerCase() : list.toUpperCase()
    }
    return builtins.get(node.name)?.call(...args)
  }
  if (!Array.isArray(list)) throw new Error('not a list')
  const { body } = second
  const at = (element: unknown, index: number) => interpret(body, { ...scope, element, index })
  const test = (element: unknown, index: number): boolean => {
    const value = at(element, index)
    if (typeof value !== 'boolean') throw new Error('not a bool')
    return value
  }
  switch (node.name) {
    case 'all':
      return list.every(test)
    case 'any':
      return list.some(test)
    case 'none':
      return !list.some(test)
    case 'one': {
      let count = 0
      for (const [index, element] of list.entries()) {
        if (test(element, index) && ++count === 2) break
      }
      return count === 1
    }
    case 'count':
      return list.filter(test).length
    case 'filter':
      return list.filter(test)
    case 'map':
      return list.map(at)
    case 'find':
      return list.find(test)
    case 'findIndex':
      return list.findIndex(test)
    case 'findLast':
      return list.findLast(test)
    case 'findLastIndex':
      return list.findLastIndex(test)
    case 'reduce': {
      const rest = third ? list : list.slice(1)
      if (!third && list.length === 0) throw new Error('empty')
      let accumulator = third ? interpret(third, scope) : list[0]
      for (const [i, element] of rest.entries()) {
        const index = third ? i : i + 1
        accumulator = interpret(body, { ...scope, element, index, accumulator })
      }
      return accumulator
    }
    default:
      throw new Error(`no loop ${node.name}`)
  }
}
