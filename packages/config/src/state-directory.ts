import { join, resolve } from 'node:path'
import type { Variables } from './expand-variables.ts'

/**
 * Where everything is kept when nobody says: `/var/lib/tocsin` for root, `$XDG_STATE_HOME/tocsin`
 * where that is set, `tocsin-data` in the working directory otherwise.
 */
export function defaultStateDirectory(user: {
  readonly isRoot: boolean
  readonly variables: Variables
  readonly workingDirectory: string
}): string {
  if (user.isRoot) return '/var/lib/tocsin'
  const stateHome = user.variables.XDG_STATE_HOME
  if (stateHome?.startsWith('/')) return join(stateHome, 'tocsin')
  return resolve(user.workingDirectory, 'tocsin-data')
}
