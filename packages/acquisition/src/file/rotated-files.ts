import type { BigIntStats } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { errnoOf } from '../errno.ts'

/** A file beside a log that may be an earlier generation of it. */
export interface Sibling {
  readonly path: string
  readonly stats: BigIntStats
  /** When it was made; undefined where the file system does not know. */
  readonly bornMs: number | undefined
}

/** What compressors call their files; lines of these are never followed. */
const compressedSuffix = /\.(?:gz|zst|xz|bz2|lz4|zip|Z)$/

export function isCompressedName(path: string): boolean {
  return compressedSuffix.test(path)
}

const gzipMagic = 0x1f8b
const zstdMagic = 0x28b52ffd

/** Whether a file begins as gzip and zstd files do. */
export function isCompressedHead(head: Buffer): boolean {
  if (head.length < 4) return false
  return head.readUInt16BE(0) === gzipMagic || head.readUInt32BE(0) === zstdMagic
}

/**
 * Files that stand beside a log, or beside what its link leads to, and whose names begin as its own:
 * `auth.log.1`, `auth.log-20260801`, `access-2026-08-01.log` for `access.log`. The oldest first.
 */
export async function listSiblings(path: string, realPath: string): Promise<Sibling[]> {
  const found = new Map<string, Sibling>()
  for (const place of new Set([path, realPath])) {
    const directory = dirname(place)
    const base = basename(place)
    const stem = stemOf(base)
    for (const name of await listNames(directory)) {
      if (name === base || !name.startsWith(stem) || isCompressedName(name)) continue
      const siblingPath = join(directory, name)
      const stats = await statFile(siblingPath)
      if (!stats) continue
      found.set(siblingPath, { path: siblingPath, stats, bornMs: birthOf(stats) })
    }
  }
  return [...found.values()].sort((a, b) => Number(a.stats.birthtimeNs - b.stats.birthtimeNs))
}

/** When a file was made; undefined where the file system does not know, as over NFS. */
export function birthOf({ birthtimeNs }: BigIntStats): number | undefined {
  return birthtimeNs === 0n ? undefined : Number(birthtimeNs) / 1e6
}

/** Whether a name is that of a generation of a log: a number or a date is all that was added. */
export function isGenerationName(path: string, logPath: string): boolean {
  const name = basename(path)
  const base = basename(logPath)
  const stem = stemOf(base)
  const extension = base.slice(stem.length)
  if (!name.startsWith(stem)) return false
  let added = name.slice(stem.length)
  if (extension !== '' && added.startsWith(extension)) added = added.slice(extension.length)
  else if (extension !== '' && added.endsWith(extension)) added = added.slice(0, -extension.length)
  return /^[._-](?=.*\d)[\dT:.+Z_-]+$/.test(added)
}

function stemOf(base: string): string {
  return base.slice(0, base.length - extname(base).length)
}

async function listNames(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (cause) {
    // What may not be listed is simply not searched: the log itself may still be readable.
    if (errnoOf(cause) !== undefined) return []
    throw cause
  }
}

/** The stats of a regular file; undefined when there is none or it may not be seen. */
async function statFile(path: string): Promise<BigIntStats | undefined> {
  try {
    const stats = await stat(path, { bigint: true })
    return stats.isFile() ? stats : undefined
  } catch (cause) {
    // It went away since it was listed.
    if (errnoOf(cause) !== undefined) return undefined
    throw cause
  }
}
