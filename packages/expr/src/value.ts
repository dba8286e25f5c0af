import { createDataDict, Duration, Instant } from '@tocsin/model'

/** Anything that stands for nil. */
export type Nil = undefined | null
/** An object used as a map from text. */
export type DictValue = Readonly<Record<string, unknown>>

const dictPrototype: unknown = Object.getPrototypeOf(createDataDict())

/** Whether it is a map kept as an object: a dictionary, or an object out of JSON. */
export function isDict(value: unknown): value is DictValue {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === dictPrototype || prototype === Object.prototype || prototype === null
}

export function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

export function isMap(value: unknown): value is ReadonlyMap<unknown, unknown> {
  return value instanceof Map
}

/** What messages and `type()` call a value whose static type is unknown. */
export function kindOf(value: unknown): string {
  if (value === undefined || value === null) return 'nil'
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'boolean':
      return 'bool'
    case 'number':
      return 'float'
    case 'function':
      return 'func'
    default:
  }
  if (isList(value)) return 'array'
  if (value instanceof Instant) return 'time.Time'
  if (value instanceof Duration) return 'time.Duration'
  if (value instanceof Uint8Array) return 'bytes'
  return isDict(value) || isMap(value) ? 'map' : 'object'
}

/** The value of a key that is the map's own; nil when there is none. */
export function dictGet(dict: DictValue, key: string): unknown {
  return Object.hasOwn(dict, key) ? dict[key] : undefined
}

/** The entries of either kind of map; undefined for anything else. */
export function entriesOf(value: unknown): [unknown, unknown][] | undefined {
  if (isMap(value)) return [...value]
  return isDict(value) ? Object.entries(value) : undefined
}

/** How many entries a map has; undefined when it is none. */
export function mapSize(value: unknown): number | undefined {
  if (isMap(value)) return value.size
  return isDict(value) ? Object.keys(value).length : undefined
}
