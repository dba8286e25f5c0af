import { detached } from '@tocsin/model'

/** Below this many a list is searched, which costs less memory than a set. */
const smallLength = 8

/** The values a bucket has seen: none, one alone, a few, or many; oldest first. */
export type DistinctValues = undefined | string | string[] | Set<string>

/**
 * The values with one more; undefined when it was among them. What was given must not be used any
 * more. At most `limit` are kept: past it the oldest is forgotten, so that a bucket kept alive for
 * ever cannot grow for ever. Hot path.
 */
export function addDistinct(values: DistinctValues, value: string, limit: number): DistinctValues {
  if (values === undefined) return detached(value)
  if (typeof values === 'string') {
    if (values === value) return undefined
    return limit < 2 ? detached(value) : [values, detached(value)]
  }
  if (Array.isArray(values)) {
    if (values.includes(value)) return undefined
    if (values.length < Math.min(smallLength, limit)) {
      values.push(detached(value))
      return values
    }
    return addToSet(new Set(values), value, limit)
  }
  return values.has(value) ? undefined : addToSet(values, value, limit)
}

function addToSet(values: Set<string>, value: string, limit: number): Set<string> {
  if (values.size >= limit) {
    for (const oldest of values) {
      values.delete(oldest)
      break
    }
  }
  return values.add(detached(value))
}

/** They as a list, oldest first; undefined when there are none. */
export function listDistinct(values: DistinctValues): readonly string[] | undefined {
  return typeof values === 'string' ? [values] : values && [...values]
}
