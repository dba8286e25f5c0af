import { EvaluationError } from '@tocsin/expr'
import { createDataDict } from '@tocsin/model'

const dictPrototype: unknown = Object.getPrototypeOf(createDataDict())

/** The member of either kind of map; undefined when there is none, or no map. */
export function getMember(map: unknown, key: string): unknown {
  if (map instanceof Map) return map.get(key)
  return isObject(map) && Object.hasOwn(map, key) ? map[key] : undefined
}

export function hasMember(map: unknown, key: string): boolean {
  if (map instanceof Map) return map.has(key)
  return isObject(map) && Object.hasOwn(map, key)
}

/**
 * Sets a member of either kind of map.
 * @throws {EvaluationError} When it is nil.
 */
export function setMember(map: unknown, key: string, value: unknown, caller: string): void {
  if (map instanceof Map) {
    map.set(key, value)
    return
  }
  if (!isObject(map)) throw new EvaluationError(`${caller} takes a map, not nil`)
  // An object out of JSON has a prototype, whose setter of that name must not run.
  if (key === '__proto__') {
    Object.defineProperty(map, key, { value, writable: true, enumerable: true, configurable: true })
  } else {
    map[key] = value
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/** Whether it is a dictionary or an object out of JSON, not a struct such as an event. */
export function isDict(value: unknown): value is Record<string, unknown> {
  if (!isObject(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === dictPrototype || prototype === Object.prototype || prototype === null
}
