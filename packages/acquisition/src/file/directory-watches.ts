import { type FSWatcher, watch } from 'node:fs'
import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { errnoOf } from '../errno.ts'

/** What a watch saw: only a hint to look, for hints may be lost or late. */
export interface Hint {
  readonly directory: string
  /** Undefined when it is not known, as after too many changes. */
  readonly fileName: string | undefined
  /** A name came or went; otherwise something was written. */
  readonly isRename: boolean
}

interface Watch {
  readonly inode: number
  readonly watcher: FSWatcher
}

/** The system has a limit for watches; what has none is polled. */
const mostWatches = 1000

/** Watches directories; a directory that is not there is waited for at the nearest one above it. */
export class DirectoryWatches {
  /** Why some directory has no watch; undefined when all have. */
  failure: string | undefined
  readonly #watches = new Map<string, Watch>()
  readonly #onHint: (hint: Hint) => void
  readonly #isUnwatchable: (directory: string) => Promise<boolean>

  /** @param isUnwatchable Whether a directory gives no notice of changes, as a network one. */
  constructor(
    onHint: (hint: Hint) => void,
    isUnwatchable: (directory: string) => Promise<boolean>,
  ) {
    this.#onHint = onHint
    this.#isUnwatchable = isUnwatchable
  }

  /** Watches these and no others; true when a watch is new, so that something may have been missed. */
  async set(directories: Iterable<string>): Promise<boolean> {
    const wanted = new Map<string, number>()
    this.failure = undefined
    for (const directory of directories) {
      const [path, inode] = await nearest(directory)
      if (wanted.size < mostWatches) wanted.set(path, inode)
      else this.failure = `more than ${mostWatches} directories`
    }
    for (const [path, { inode, watcher }] of this.#watches) {
      // A directory of the same name may be another one by now; its watch is dead then.
      if (wanted.get(path) === inode) continue
      watcher.close()
      this.#watches.delete(path)
    }
    let isNew = false
    for (const [path, inode] of wanted) {
      if (this.#watches.has(path)) continue
      if (await this.#isUnwatchable(path)) {
        this.failure = `${path} is on a file system without notice of changes`
      } else if (this.#watch(path, inode)) isNew = true
    }
    return isNew
  }

  close(): void {
    for (const { watcher } of this.#watches.values()) watcher.close()
    this.#watches.clear()
  }

  #watch(directory: string, inode: number): boolean {
    try {
      const watcher = watch(directory, (kind, fileName) =>
        this.#onHint({ directory, fileName: fileName ?? undefined, isRename: kind === 'rename' }),
      )
      watcher.on('error', (error) => this.#drop(directory, error))
      this.#watches.set(directory, { inode, watcher })
      return true
    } catch (cause) {
      // Out of watches or of permission: polling takes over.
      if (errnoOf(cause) === undefined) throw cause
      this.failure = cause instanceof Error ? cause.message : String(cause)
      return false
    }
  }

  #drop(directory: string, error: Error): void {
    this.failure = error.message
    this.#watches.get(directory)?.watcher.close()
    this.#watches.delete(directory)
  }
}

/** A directory, or the nearest above it that is there, and its inode. */
async function nearest(directory: string): Promise<[string, number]> {
  for (let path = directory; ; path = dirname(path)) {
    try {
      const stats = await stat(path)
      if (stats.isDirectory()) return [path, stats.ino]
    } catch (cause) {
      if (errnoOf(cause) === undefined) throw cause
    }
    if (path === dirname(path)) return [path, 0]
  }
}
