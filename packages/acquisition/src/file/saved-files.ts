import type { SavedPlace } from './file-print.ts'

/** A file and how far it was read, as it is saved. */
export interface SavedFile extends SavedPlace {
  readonly path: string
  readonly realPath: string
  readonly identity: string
  /**
   * `open`: it is read. `finished`: it was rotated away and read to its end. `copy`: it is the copy
   * of a log and not read; its place only tells it from others.
   */
  readonly state: SavedState
}

export type SavedState = 'open' | 'finished' | 'copy'

/** The position of a file source. */
export interface SavedFiles {
  /** When the files were last looked at before this was saved: what is younger came later. */
  readonly lookedAtMs: number
  readonly files: readonly SavedFile[]
}

/** Reads a position that was saved; undefined when it is none: it may come from a damaged file. */
export function readSavedFiles(data: unknown): SavedFiles | undefined {
  if (!isRecord(data) || typeof data.lookedAtMs !== 'number' || !Array.isArray(data.files)) {
    return undefined
  }
  return { lookedAtMs: data.lookedAtMs, files: data.files.filter(isSavedFile) }
}

function isSavedFile(data: unknown): data is SavedFile {
  return (
    isRecord(data) &&
    typeof data.path === 'string' &&
    typeof data.realPath === 'string' &&
    typeof data.identity === 'string' &&
    typeof data.head === 'string' &&
    typeof data.tail === 'string' &&
    (data.state === 'open' || data.state === 'finished' || data.state === 'copy') &&
    Number.isSafeInteger(data.offset) &&
    Number(data.offset) >= 0
  )
}

function isRecord(data: unknown): data is Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null
}
