import {
  dictionaryOf,
  FunctionError,
  type FunctionTable,
  fixed,
  looseText,
  textOf,
  variadic,
} from '../function.ts'
import { type Dictionary, isDictionary, isList, isTrue, type Value } from '../value.ts'

/** `dict`, `get`, `pick`, `merge`…: the dictionary functions of Sprig. */
export const dictionaryFunctions: FunctionTable = {
  dict: variadic(0, (...values) => pairs(values)),
  get: fixed(2, (map, key) =>
    dictionaryOf(map).has(textOf(key)) ? dictionaryOf(map).get(textOf(key)) : '',
  ),
  // These two change the dictionary they are given, as templates in use expect.
  set: fixed(3, (map, key, value) => {
    const changed = dictionaryOf(map) as Map<string, Value>
    return changed.set(textOf(key), value)
  }),
  unset: fixed(2, (map, key) => {
    const changed = dictionaryOf(map) as Map<string, Value>
    changed.delete(textOf(key))
    return changed
  }),
  hasKey: fixed(2, (map, key) => dictionaryOf(map).has(textOf(key))),
  pluck: variadic(1, (key, ...maps) =>
    maps
      .map(dictionaryOf)
      .filter((map) => map.has(textOf(key)))
      .map((map) => map.get(textOf(key))),
  ),
  keys: variadic(0, (...maps) => maps.flatMap((map) => [...dictionaryOf(map).keys()])),
  values: fixed(1, (map) => [...dictionaryOf(map).values()]),
  pick: variadic(1, (map, ...keys) => filtered(map, (key) => keys.includes(key))),
  omit: variadic(1, (map, ...keys) => filtered(map, (key) => !keys.includes(key))),
  merge: variadic(1, (...maps) => merged(maps.toReversed())),
  mergeOverwrite: variadic(1, (...maps) => merged(maps)),
  mustMerge: variadic(1, (...maps) => merged(maps.toReversed())),
  mustMergeOverwrite: variadic(1, (...maps) => merged(maps)),
  deepCopy: fixed(1, copy),
  mustDeepCopy: fixed(1, copy),
  dig: variadic(3, (...values) => dig(values)),
  default: variadic(1, (fallback, value) => (isTrue(value) ? value : fallback), 2),
  empty: fixed(1, (value) => !isTrue(value)),
  coalesce: variadic(0, (...values) => values.find(isTrue) ?? null),
  all: variadic(0, (...values) => values.every(isTrue)),
  any: variadic(0, (...values) => values.some(isTrue)),
  ternary: fixed(3, (whenTrue, whenFalse, test) => {
    if (typeof test !== 'boolean')
      throw new FunctionError('the last argument must be true or false')
    return test ? whenTrue : whenFalse
  }),
  fail: fixed(1, (message) => {
    throw new FunctionError(textOf(message))
  }),
}

function pairs(values: readonly Value[]): Dictionary {
  const map = new Map<string, Value>()
  for (let i = 0; i < values.length; i += 2) {
    map.set(looseText(values[i]), i + 1 < values.length ? values[i + 1] : '')
  }
  return map
}

function filtered(map: Value, isKept: (key: string) => boolean): Dictionary {
  return new Map([...dictionaryOf(map)].filter(([key]) => isKept(key)))
}

/** Later dictionaries win, key by key all the way down; the first one given is changed. */
function merged(maps: readonly Value[]): Dictionary {
  const result = new Map<string, Value>()
  for (const map of maps) mergeInto(result, dictionaryOf(map))
  return result
}

function mergeInto(target: Map<string, Value>, source: Dictionary): void {
  for (const [key, value] of source) {
    const before = target.get(key)
    if (isDictionary(before) && isDictionary(value)) {
      const inner = new Map(before)
      mergeInto(inner, value)
      target.set(key, inner)
    } else if (isTrue(value) || !target.has(key)) {
      target.set(key, value)
    }
  }
}

function copy(value: Value): Value {
  if (isList(value)) return value.map(copy)
  if (isDictionary(value)) return new Map([...value].map(([key, item]) => [key, copy(item)]))
  return value
}

/** `dig "a" "b" fallback map`: the value at a path of keys. */
function dig(values: readonly Value[]): Value {
  const keys = values.slice(0, -2)
  const fallback = values.at(-2)
  let value: Value = values.at(-1)
  for (const key of keys) {
    if (!isDictionary(value) || !value.has(textOf(key))) return fallback
    value = value.get(textOf(key))
  }
  return value
}
