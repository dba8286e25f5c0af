import { type Builtin, builtin, elementOf, firstIsOneOf } from './builtin.ts'
import { equal } from './equal.ts'
import { fail } from './fail.ts'
import { get } from './runtime-access.ts'
import { order } from './runtime-operators.ts'
import { codePointCount } from './text-bytes.ts'
import type { Type } from './type.ts'
import { functionOf, intType, joinTypes, listOf, mapOf, stringType, unknownType } from './types.ts'
import { entriesOf, isList, kindOf, mapSize } from './value.ts'

const anyList = listOf(unknownType)
const listToOne = functionOf([anyList], unknownType)
const listToList = functionOf([anyList], anyList)
const ofElement = ([list]: readonly Type[]) => elementOf(list)
const sameList = ([list]: readonly Type[]) => listOf(elementOf(list))

/** Builtins about lists and maps that take no predicate. */
export const listBuiltins: readonly Builtin[] = [
  builtin('len', functionOf([unknownType], intType), lengthOf, {
    refuse: firstIsOneOf('string', 'list', 'map', 'bytes'),
  }),
  builtin('first', listToOne, (list: readonly unknown[]) => list[0], {
    resultOf: ofElement,
    isNullable: true,
  }),
  builtin('last', listToOne, (list: readonly unknown[]) => list.at(-1), {
    resultOf: ofElement,
    isNullable: true,
  }),
  builtin(
    'take',
    functionOf([anyList, intType], anyList),
    (list: readonly unknown[], count: number) =>
      count < 0 ? fail('take needs a count of at least 0') : list.slice(0, count),
    { resultOf: sameList },
  ),
  builtin('reverse', listToList, (list: readonly unknown[]) => list.toReversed(), {
    resultOf: sameList,
  }),
  builtin('uniq', listToList, uniq, { resultOf: sameList }),
  builtin(
    'concat',
    functionOf([anyList], anyList, { rest: anyList }),
    (...lists: (readonly unknown[])[]) => lists.flat(),
    { resultOf: (args) => listOf(args.map(elementOf).reduce(joinTypes)) },
  ),
  builtin(
    'flatten',
    listToList,
    (list: readonly unknown[]) => list.flat(Number.POSITIVE_INFINITY),
    {
      resultOf: ([list]) => listOf(innermost(list)),
    },
  ),
  builtin('sort', functionOf([anyList, stringType], anyList, { required: 1 }), sortList, {
    resultOf: sameList,
  }),
  builtin('get', functionOf([unknownType, unknownType], unknownType), get, {
    refuse: firstIsOneOf('list', 'map', 'nil'),
    resultOf: ofElement,
    isNullable: true,
  }),
  builtin(
    'keys',
    functionOf([unknownType], anyList),
    (map: unknown) => pairs(map).map(([k]) => k),
    {
      refuse: firstIsOneOf('map'),
      resultOf: ([map]) =>
        listOf(map?.kind === 'map' && map.storage === 'dict' ? stringType : unknownType),
    },
  ),
  builtin(
    'values',
    functionOf([unknownType], anyList),
    (map: unknown) => pairs(map).map(([, v]) => v),
    {
      refuse: firstIsOneOf('map'),
      resultOf: sameList,
    },
  ),
  builtin('toPairs', functionOf([unknownType], listOf(anyList)), pairs, {
    refuse: firstIsOneOf('map'),
  }),
  builtin('fromPairs', functionOf([anyList], mapOf(unknownType, 'map')), fromPairs),
]

function lengthOf(value: unknown): number {
  if (typeof value === 'string') return codePointCount(value)
  if (isList(value) || value instanceof Uint8Array) return value.length
  return mapSize(value) ?? fail(`len takes a string, list or map, not ${kindOf(value)}`)
}

function innermost(type: Type | undefined): Type {
  const element = elementOf(type)
  return element.kind === 'list' ? innermost(element) : element
}

function uniq(list: readonly unknown[]): unknown[] {
  const seen = new Set<unknown>()
  const kept: unknown[] = []
  const objects: unknown[] = []
  for (const value of list) {
    if (typeof value === 'object' && value !== null) {
      if (objects.some((other) => equal(other, value))) continue
      objects.push(value)
    } else if (seen.has(value)) continue
    else seen.add(value)
    kept.push(value)
  }
  return kept
}

/** Sorts by `order`, which is `asc` or `desc`; elements of different kinds have no order. */
export function sortList(list: readonly unknown[], direction = 'asc'): unknown[] {
  const sign = directionSign(direction)
  return list.toSorted((a, b) => order(a, b, 'sort') * sign)
}

/** 1 for `asc`, -1 for `desc`. */
export function directionSign(direction: unknown): 1 | -1 {
  if (direction === 'asc') return 1
  if (direction === 'desc') return -1
  return fail(`the order is asc or desc, not ${JSON.stringify(direction)}`)
}

function pairs(map: unknown): [unknown, unknown][] {
  return entriesOf(map) ?? fail(`a map is needed, not ${kindOf(map)}`)
}

function fromPairs(list: readonly unknown[]): Map<unknown, unknown> {
  const map = new Map<unknown, unknown>()
  for (const pair of list) {
    if (!isList(pair) || pair.length !== 2) return fail('fromPairs takes a list of pairs')
    map.set(pair[0], pair[1])
  }
  return map
}
