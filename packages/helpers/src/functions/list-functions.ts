import { EvaluationError, type FunctionDeclaration } from '@tocsin/expr'
import { Duration, Instant } from '@tocsin/model'
import { bool, dictOf, int, listOf, string, strings, unknown } from '../types/types.ts'
import { pure, reading } from './declare.ts'
import { hasMember, isDict } from './map-member.ts'

/** `Get`, `KeyExists`, `Distinct`, `Flatten`, `FlattenDistinct`. */
export function listFunctions(): readonly FunctionDeclaration[] {
  const list = listOf(unknown)
  return [
    pure('Get', [strings, int], string, getText),
    // A map may be filled between two calls, so what it holds is not a matter of arguments.
    reading('KeyExists', [string, dictOf(unknown)], bool, (key: string, map: unknown) =>
      hasMember(map, key),
    ),
    pure('Distinct', [unknown], list, (value: unknown) =>
      Array.isArray(value) ? distinct(value) : undefined,
    ),
    pure('Flatten', [], list, (...values: unknown[]) => flatten(values), { rest: unknown }),
    pure('FlattenDistinct', [], list, (...values: unknown[]) => distinct(flatten(values)), {
      rest: unknown,
    }),
  ]
}

function getText(list: readonly string[] | undefined, index: number): string {
  if (index < 0) throw new EvaluationError(`Get takes an index from 0 on, not ${index}`)
  return list?.[index] ?? ''
}

function distinct(list: readonly unknown[]): unknown[] {
  const seen = new Set<unknown>()
  const first: unknown[] = []
  for (const element of list) {
    const key = keyOf(element)
    if (seen.has(key)) continue
    seen.add(key)
    first.push(element)
  }
  return first
}

/** What two equal elements share. */
function keyOf(element: unknown): unknown {
  if (typeof element === 'string') return `text ${element}`
  if (typeof element !== 'object' || element === null) return element ?? undefined
  if (element instanceof Instant) return `time ${element.epochMs} ${element.nanos}`
  if (element instanceof Duration) return `duration ${element.nanos}`
  if (Array.isArray(element) || element instanceof Map || isDict(element)) {
    throw new EvaluationError('Distinct takes no lists or maps as elements')
  }
  return element
}

/** Walks with a stack of its own, so that depth costs no call stack. */
function flatten(values: readonly unknown[]): unknown[] {
  const flat: unknown[] = []
  const stack: { readonly list: readonly unknown[]; next: number }[] = [{ list: values, next: 0 }]
  for (let top = stack.at(-1); top; top = stack.at(-1)) {
    if (top.next === top.list.length) {
      stack.pop()
      continue
    }
    const element = top.list[top.next++]
    if (Array.isArray(element)) stack.push({ list: element, next: 0 })
    else flat.push(element)
  }
  return flat
}
