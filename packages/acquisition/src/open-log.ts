import { createReadStream, type Stats } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'

/** A log that cannot be read; `code` says why, the message names the file. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
  readonly code:
    | 'TOC_SOURCE_MISSING'
    | 'TOC_SOURCE_DIRECTORY'
    | 'TOC_SOURCE_PERMISSION'
    | 'TOC_SOURCE_UNREADABLE'
    | 'TOC_SOURCE_COMPRESSION'

  constructor(code: SourceError['code'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

/** A log opened for reading once, decompressed. */
export interface OpenLog {
  readonly stream: Readable
  /** Bytes on disk, for a progress bar; undefined for standard input. */
  readonly sizeBytes: number | undefined
  /** Bytes taken from disk so far. */
  readBytes(): number
}

const gzipMagic = Buffer.from([0x1f, 0x8b])
const zstdMagic = Buffer.from([0x28, 0xb5, 0x2f, 0xfd])
const chunkBytes = 1 << 20

/**
 * Opens a log file; gzip and zstd are recognised by their first bytes, not by the name.
 * @throws {SourceError} When it is missing, a directory, or not readable.
 */
export async function openLog(path: string): Promise<OpenLog> {
  const stats = await statLog(path)
  const head = await readHead(path)
  const raw = createReadStream(path, { highWaterMark: chunkBytes })
  const sizeBytes = stats.isFile() ? stats.size : undefined
  return { stream: decompress(raw, head, path), sizeBytes, readBytes: () => raw.bytesRead }
}

async function statLog(path: string): Promise<Stats> {
  let stats: Stats
  try {
    stats = await stat(path)
  } catch (cause) {
    throw sourceError(path, cause)
  }
  if (stats.isDirectory()) {
    throw new SourceError('TOC_SOURCE_DIRECTORY', `${path} is a directory, not a log file`)
  }
  return stats
}

async function readHead(path: string): Promise<Buffer> {
  const head = Buffer.alloc(4)
  try {
    const file = await open(path)
    try {
      const { bytesRead } = await file.read(head, 0, head.length, 0)
      return head.subarray(0, bytesRead)
    } finally {
      await file.close()
    }
  } catch (cause) {
    // A pipe cannot be read at a position; it is then taken as plain text.
    if (isErrno(cause, 'ESPIPE')) return head.subarray(0, 0)
    throw sourceError(path, cause)
  }
}

function decompress(raw: Readable, head: Buffer, path: string): Readable {
  const decoder = head.subarray(0, 2).equals(gzipMagic)
    ? createGunzip({ chunkSize: chunkBytes })
    : head.equals(zstdMagic)
      ? createZstdDecompress({ chunkSize: chunkBytes })
      : undefined
  if (!decoder) return raw
  raw.on('error', (error) => decoder.destroy(sourceError(path, error)))
  return raw.pipe(decoder)
}

/** Says what went wrong with a source in our own words, keeping the cause. */
export function sourceError(path: string, cause: unknown): SourceError {
  if (cause instanceof SourceError) return cause
  if (isErrno(cause, 'ENOENT')) {
    return new SourceError('TOC_SOURCE_MISSING', `${path} does not exist`, { cause })
  }
  if (isErrno(cause, 'EACCES') || isErrno(cause, 'EPERM')) {
    return new SourceError('TOC_SOURCE_PERMISSION', `${path} may not be read by this user`, {
      cause,
    })
  }
  const reason = cause instanceof Error ? cause.message : String(cause)
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  if (code.startsWith('Z_') || code.startsWith('ZSTD_')) {
    return new SourceError(
      'TOC_SOURCE_COMPRESSION',
      `${path} is cut or damaged: ${reason}; what came before was read`,
      { cause },
    )
  }
  return new SourceError('TOC_SOURCE_UNREADABLE', `${path} cannot be read: ${reason}`, { cause })
}

function isErrno(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
