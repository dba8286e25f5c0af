import { Duration, Instant } from '@tocsin/model'
import { isDictionary, isList, Struct, type Value } from './value.ts'

/** A value of decoded JSON as templates have it: objects are dictionaries. */
export function fromData(data: unknown): Value {
  if (Array.isArray(data)) return data.map(fromData)
  if (typeof data === 'object' && data !== null) {
    return new Map(Object.entries(data).map(([key, value]) => [key, fromData(value)]))
  }
  if (typeof data === 'string' || typeof data === 'number' || typeof data === 'boolean') return data
  return null
}

/** A value as JSON can be written of it. */
export function toPlain(value: Value): unknown {
  if (value === undefined || value === null) return null
  if (isList(value)) return value.map(toPlain)
  if (isDictionary(value)) {
    // No inherited names: a key may be `__proto__`.
    const plain: Record<string, unknown> = Object.create(null)
    for (const [key, item] of value) plain[key] = toPlain(item)
    return plain
  }
  if (value instanceof Struct) return value.toJSON()
  if (value instanceof Duration) return value.nanos
  return value instanceof Instant ? value.toString() : value
}
