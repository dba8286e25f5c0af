import { statSync } from 'node:fs'

/** From here on workers save more time than they take to start. */
const worthwhileBytes = 16 * 2 ** 20
/** The thread that pours has its limits too. */
const mostByDefault = 8

/**
 * How many threads shall parse, when nobody says so: one for small logs, else one for each core.
 * @param sizes Of the logs, in bytes; undefined where nobody knows.
 */
export function chooseWorkerCount(sizes: readonly (number | undefined)[], cores: number): number {
  const known = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0)
  return known < worthwhileBytes ? 1 : Math.min(cores, mostByDefault)
}

/** The size of a file; undefined for what is none, or cannot be read, which reading it will tell. */
export function sizeOfLog(path: string): number | undefined {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats?.isFile() ? stats.size : undefined
}
