/** Stands for "no end" among capacities. */
export const unlimited = -1

/**
 * How many events a bucket keeps before the one that is added: `cache_size` when it is set and not
 * larger than the capacity, else the capacity; unlimited ones are cut at `longest`.
 */
export function queueLimit(capacity: number, cacheSize: number, longest: number): number {
  const usesCache = cacheSize > 0 && (capacity === unlimited || cacheSize <= capacity)
  const limit = usesCache ? cacheSize : capacity
  return limit === unlimited ? longest : Math.min(limit, longest)
}

/**
 * What a bucket keeps of its events, oldest first. Most buckets only ever see one, so one item
 * stands alone, without a list around it.
 */
export type Queue<T> = undefined | T | T[]

/** Lists grow by half and sixteen; below this length an exact copy is smaller and as fast. */
const exactLength = 8

/**
 * The queue with one more item, after the oldest were dropped while it held more than `limit`: it
 * holds up to `limit + 1`. The queue given must not be used any more.
 */
export function enqueue<T extends object | string>(
  queue: Queue<T>,
  item: T,
  limit: number,
): Queue<T> {
  if (queue === undefined) return item
  if (!Array.isArray(queue)) return limit < 1 ? item : [queue, item]
  while (queue.length > limit) queue.shift()
  const { length } = queue
  if (length >= exactLength) {
    queue.push(item)
    return queue
  }
  const copy = new Array<T>(length + 1)
  for (let i = 0; i < length; i++) copy[i] = queue[i] as T
  copy[length] = item
  return copy
}

/** The queue as a list, oldest first. */
export function queueItems<T extends object | string>(queue: Queue<T>): readonly T[] {
  if (queue === undefined) return []
  return Array.isArray(queue) ? queue : [queue]
}
