import { Duration, Instant } from '@tocsin/model'
import { isDictionary, isList, Struct, type Value } from '../value.ts'

/** Whether two values are the same all the way down. */
export function isEqual(a: Value, b: Value): boolean {
  if (a === b) return true
  if (a === undefined || a === null) return b === undefined || b === null
  if (isList(a)) {
    return isList(b) && a.length === b.length && a.every((item, i) => isEqual(item, b[i]))
  }
  if (isDictionary(a)) {
    if (!isDictionary(b) || a.size !== b.size) return false
    return [...a].every(([key, value]) => b.has(key) && isEqual(value, b.get(key)))
  }
  if (a instanceof Instant) return b instanceof Instant && a.equals(b)
  if (a instanceof Duration) return b instanceof Duration && a.nanos === b.nanos
  return a instanceof Struct && b instanceof Struct && a.source === b.source
}
