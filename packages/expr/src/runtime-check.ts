import { Duration, Instant } from '@tocsin/model'
import { fail } from './fail.ts'
import type { Check } from './ir.ts'
import { isDict, isList, isMap, kindOf } from './value.ts'

/**
 * The looks taken at values whose type the checker cannot know. `what` says for what they are
 * needed: `Lower`, `&&`.
 */
export const checks: Readonly<Record<Check, (value: unknown, what: string) => unknown>> = {
  bool: (value, what) => (typeof value === 'boolean' ? value : wrong(value, what, 'bool')),
  string: (value, what) => (typeof value === 'string' ? value : wrong(value, what, 'string')),
  int: (value, what) => (Number.isInteger(value) ? value : wrong(value, what, 'int')),
  number: (value, what) => (typeof value === 'number' ? value : wrong(value, what, 'number')),
  list: (value, what) => (isList(value) ? value : wrong(value, what, 'list')),
  listOrNil: (value, what) => {
    if (isList(value)) return value
    return value === undefined || value === null ? [] : wrong(value, what, 'list')
  },
  textList: (value, what) => {
    if (isTextList(value)) return value
    return value === undefined || value === null ? [] : wrong(value, what, 'list of strings')
  },
  map: (value, what) => (isDict(value) || isMap(value) ? value : wrong(value, what, 'map')),
  dict: (value, what) => (isDict(value) ? value : wrong(value, what, 'map')),
  time: (value, what) => (value instanceof Instant ? value : wrong(value, what, 'time')),
  duration: (value, what) => (value instanceof Duration ? value : wrong(value, what, 'duration')),
  object: (value, what) =>
    value !== undefined && value !== null ? value : wrong(value, what, 'value'),
}

function isTextList(value: unknown): boolean {
  if (!isList(value)) return false
  for (let i = 0; i < value.length; i++) if (typeof value[i] !== 'string') return false
  return true
}

function wrong(value: unknown, what: string, wanted: string): never {
  return fail(`${what} takes a ${wanted}, not ${kindOf(value)}`)
}
