import { join } from 'node:path'
import { isInside } from './index-file.ts'
import { isFile } from './rule-file.ts'

/** One entry below `data:` of a rule. */
export interface DataReference {
  /** The name by which the rule calls it. */
  readonly destFile: string
  /** Where the hub has it; empty when unknown. */
  readonly sourceUrl: string
}

/**
 * Where a data file of a rule is: in the directory by the rule's name for it, else where a mirror of
 * its origin would have it (`https://host/web/bots.txt` as `web/bots.txt` or `bots.txt`).
 */
export function findDataFile(directory: string, data: DataReference): string | undefined {
  const candidates = [data.destFile, ...urlSuffixes(data.sourceUrl)]
  for (const candidate of candidates) {
    if (candidate === '' || !isInside(candidate)) continue
    const path = join(directory, candidate)
    if (isFile(path)) return path
  }
  return undefined
}

/** The path of a URL, then without its first component, and so on. */
function urlSuffixes(url: string): string[] {
  const parsed = URL.parse(url)
  if (!parsed) return []
  const parts = parsed.pathname.split('/').filter((part) => part !== '')
  return parts.map((_, i) => parts.slice(i).join('/'))
}
