import { FunctionError, type FunctionTable, fixed, listOf, variadic, wholeOf } from '../function.ts'
import { isTrue, type Value } from '../value.ts'
import { isEqual } from './equal.ts'

const tables: FunctionTable = {
  list: variadic(0, (...values) => values),
  first: fixed(1, (list) => at(list, 0)),
  last: fixed(1, (list) => at(list, -1)),
  rest: fixed(1, (list) => listOf(list).slice(1)),
  initial: fixed(1, (list) => listOf(list).slice(0, -1)),
  append: fixed(2, (list, value) => [...listOf(list), value]),
  push: fixed(2, (list, value) => [...listOf(list), value]),
  prepend: fixed(2, (list, value) => [value, ...listOf(list)]),
  concat: variadic(0, (...lists) => lists.flatMap((list) => [...listOf(list)])),
  reverse: fixed(1, (list) => listOf(list).toReversed()),
  uniq: fixed(1, (list) => unique(listOf(list))),
  without: variadic(1, (list, ...omitted) =>
    listOf(list).filter((value) => !omitted.some((other) => isEqual(value, other))),
  ),
  has: fixed(2, (value, list) =>
    list === null || list === undefined
      ? false
      : listOf(list).some((other) => isEqual(value, other)),
  ),
  compact: fixed(1, (list) => listOf(list).filter(isTrue)),
  slice: variadic(
    1,
    (list, start = 0, end) =>
      listOf(list).slice(wholeOf(start), end === undefined ? undefined : wholeOf(end)),
    3,
  ),
  chunk: fixed(2, (size, list) => chunks(wholeOf(size), listOf(list))),
}

/** `list`, `first`, `uniq`, `has`…: the list functions of Sprig, and their `must` forms. */
export const listFunctions: FunctionTable = {
  ...tables,
  tuple: variadic(0, (...values) => values),
  ...Object.fromEntries(
    Object.entries(tables)
      .filter(([name]) => name !== 'list' && name !== 'concat')
      .map(([name, call]) => [`must${name[0]?.toUpperCase()}${name.slice(1)}`, call]),
  ),
}

function at(value: Value, index: number): Value {
  if (value === undefined || value === null) return null
  if (typeof value === 'string') throw new FunctionError('expected a list, got a text')
  return listOf(value).at(index) ?? null
}

function unique(values: readonly Value[]): Value[] {
  const kept: Value[] = []
  for (const value of values) {
    if (!kept.some((other) => isEqual(value, other))) kept.push(value)
  }
  return kept
}

function chunks(size: number, values: readonly Value[]): Value[] {
  if (size < 1) throw new FunctionError('the size of a chunk must be at least 1')
  const found: Value[] = []
  for (let i = 0; i < values.length; i += size) found.push(values.slice(i, i + size))
  return found
}
