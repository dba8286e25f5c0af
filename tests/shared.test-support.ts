import { existsSync } from 'node:fs'
import { join } from 'node:path'

/** Where the community hub and the workload generator are, when they are on this machine. */
export const sharedDirectory = join(
  import.meta.dirname,
  '..',
  process.env.TOCSIN_SHARED ?? '../shared',
)

/** Why a test that needs them cannot run; false when it can. */
export function missingShared(path: string): string | false {
  const full = join(sharedDirectory, path)
  return existsSync(full) ? false : `${full} is not on this machine (set TOCSIN_SHARED)`
}
