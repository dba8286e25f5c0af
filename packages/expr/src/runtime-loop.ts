import { createDataDict } from '@tocsin/model'
import { directionSign } from './builtins-list.ts'
import { fail } from './fail.ts'
import { maxElements } from './limits.ts'
import { order } from './runtime-operators.ts'
import { kindOf } from './value.ts'

/** What ends an evaluation that creates too many elements. */
export function overBudget(): never {
  return fail(`memory budget exceeded: more than ${maxElements} elements`)
}

/** The whole numbers from `from` to `to`, both included. */
export function range(from: unknown, to: unknown): number[] {
  const first = from as number
  const length = Math.max(0, (to as number) - first + 1)
  if (length > maxElements) return overBudget()
  const numbers: number[] = []
  for (let i = 0; i < length; i++) numbers.push(first + i)
  return numbers
}

/** The list in the order of its keys, equal ones as they were. */
export function sortByKeys(
  list: readonly unknown[],
  keys: readonly unknown[],
  direction: unknown,
): unknown[] {
  const sign = directionSign(direction)
  const places = list.map((_, i) => i)
  places.sort((a, b) => order(keys[a], keys[b], 'sortBy') * sign)
  return places.map((place) => list[place])
}

/** A dictionary out of keys and values in turn. */
export function dictOf(...parts: readonly unknown[]): Readonly<Record<string, unknown>> {
  const dict = createDataDict()
  for (let i = 0; i < parts.length; i += 2) {
    const key = parts[i]
    if (typeof key !== 'string') return fail(`a key must be a string, not ${kindOf(key)}`)
    dict[key] = parts[i + 1]
  }
  return dict
}

/** `reduce` without a start needs a first element. */
export function emptyReduce(): never {
  return fail('reduce of an empty list needs a start')
}

/** Adds an element to the group of its key. */
export function addToGroup(groups: Map<unknown, unknown[]>, key: unknown, element: unknown): void {
  const group = groups.get(key)
  if (group) group.push(element)
  else groups.set(key, [element])
}
