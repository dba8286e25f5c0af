import { isTelling, savePlace } from './file-print.ts'
import type { FileReader } from './file-reader.ts'
import { isGenerationName } from './rotated-files.ts'
import type { SavedFile, SavedState } from './saved-files.ts'

/** Files no longer read that are remembered, should they turn up again, perhaps by another name. */
const mostClosed = 256
/** Files that were not found again and are remembered in case their file system comes back. */
const mostLost = 1000

/** Places in files that are not open: those of an earlier run, and those of files that were closed. */
export class RememberedFiles {
  #files: SavedFile[]

  constructor(files: readonly SavedFile[]) {
    this.#files = [...files]
  }

  get files(): readonly SavedFile[] {
    return this.#files
  }

  /** Files that were read when the earlier run ended and have not turned up again. */
  get lost(): readonly SavedFile[] {
    return this.#files.filter((file) => file.state === 'open')
  }

  forget(file: SavedFile): void {
    this.#files = this.#files.filter((other) => other !== file)
  }

  /** Forgets the oldest of what is lost, so that it cannot grow for ever. */
  limitLost(): void {
    for (const file of this.lost.slice(0, -mostLost)) this.forget(file)
  }

  /** Remembers where a file that is closed now was read to. */
  add(reader: FileReader, state: SavedState): void {
    this.#files.push(saveReader(reader, state))
    const closed = this.#files.filter((file) => file.state !== 'open')
    const oldest = closed.length > mostClosed ? closed[0] : undefined
    if (oldest) this.forget(oldest)
  }

  /** Moves a file to where it was read to, if it is one of these, by its identity or its content. */
  async resume(reader: FileReader): Promise<boolean> {
    for (const saved of this.#files) {
      if (saved.state === 'copy') continue
      // A log that was replaced by a copy of itself, or the copy that was made to cut it.
      const isSameName = saved.path === reader.path || isGenerationName(reader.path, saved.path)
      const isSameContent = isSameName && isTelling(saved)
      if (!isSameInode(saved, reader) && !isSameContent) continue
      if (!(await reader.resume(saved))) continue
      this.forget(saved)
      return true
    }
    return false
  }

  /** Whether a file is one that was closed; inodes are used again, so its content has to agree. */
  async isClosed(reader: FileReader, states: readonly SavedState[]): Promise<boolean> {
    for (const saved of this.#files) {
      if (!states.includes(saved.state) || !isSameInode(saved, reader)) continue
      if (await reader.has(saved)) return true
    }
    return false
  }
}

/** A file and how far it was read, to be saved. */
export function saveReader(reader: FileReader, state: SavedState): SavedFile {
  const { path, realPath, identity, place } = reader
  return { path, realPath, identity, state, ...savePlace(place) }
}

export function isSameInode(saved: SavedFile, reader: FileReader): boolean {
  return inodeOf(saved.identity) === inodeOf(reader.identity)
}

/** Device numbers change from boot to boot; the content tells the rest. */
export function inodeOf(identity: string): string {
  return identity.slice(identity.indexOf(':') + 1)
}
