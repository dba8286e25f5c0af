import type { TroubleKind } from './health/stream-health.ts'

/** The code of a failed system call: `ENOENT`; undefined for any other error. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  return typeof error.code === 'string' && /^E[A-Z0-9]+$/.test(error.code) ? error.code : undefined
}

/** What a failed system call means for a source. */
export function troubleOf(error: unknown): TroubleKind {
  switch (errnoOf(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'missing'
    case 'EACCES':
    case 'EPERM':
      return 'permission-denied'
    default:
      return 'unreadable'
  }
}
