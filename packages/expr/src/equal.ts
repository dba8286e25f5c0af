import { Duration, Instant } from '@tocsin/model'
import { dictGet, entriesOf, isDict, isList, isMap, mapSize } from './value.ts'

/**
 * `==` of two values: lists by their elements, maps by their entries, times and durations by
 * value, nil with nil; different kinds are never equal.
 */
export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (a === undefined || a === null) return b === undefined || b === null
  if (typeof a !== 'object' || typeof b !== 'object' || b === null) return false
  if (isList(a)) return isList(b) && equalLists(a, b)
  if (a instanceof Instant) return b instanceof Instant && a.equals(b)
  if (a instanceof Duration) return b instanceof Duration && a.nanos === b.nanos
  if (a instanceof Uint8Array) return b instanceof Uint8Array && Buffer.compare(a, b) === 0
  return equalMaps(a, b)
}

function equalLists(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) {
    if (!equal(a[i], b[i])) return false
  }
  return true
}

function equalMaps(a: unknown, b: unknown): boolean {
  const entries = entriesOf(a)
  if (entries === undefined || mapSize(b) !== entries.length) return false
  for (const [key, value] of entries) {
    if (isMap(b)) {
      if (!b.has(key) || !equal(value, b.get(key))) return false
    } else if (isDict(b)) {
      if (typeof key !== 'string' || !Object.hasOwn(b, key)) return false
      if (!equal(value, dictGet(b, key))) return false
    }
  }
  return true
}
