import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { errnoOf } from '../errno.ts'
import { PathGlob } from '../file/path-glob.ts'

/** What discovery may ask of a machine. */
export interface DiscoveryHost {
  /** The paths that are there and match. */
  glob(pattern: string): Promise<readonly string[]>
  access(path: string): Promise<'readable' | 'denied' | 'missing'>
}

/** This machine. */
export const thisMachine: DiscoveryHost = {
  glob: async (pattern) => {
    const visitor = { directory: () => {}, failure: () => {} }
    const paths = await new PathGlob(pattern).expand(visitor)
    const there: string[] = []
    for (const path of paths) if ((await askAccess(path)) !== 'missing') there.push(path)
    return there
  },
  access: askAccess,
}

async function askAccess(path: string): Promise<'readable' | 'denied' | 'missing'> {
  try {
    await access(path, constants.R_OK)
    return 'readable'
  } catch (cause) {
    const errno = errnoOf(cause)
    if (errno === undefined) throw cause
    return errno === 'ENOENT' || errno === 'ENOTDIR' ? 'missing' : 'denied'
  }
}
