import { createHash } from 'node:crypto'

/** How many bytes at the beginning and before the position tell one file from another. */
export const printBytes = 256
/** Fewer bytes than this are too likely to be alike by chance. */
const leastTellingBytes = 32

/** A place in a file's content: that of the same content in another file is the same place. */
export interface FilePlace {
  readonly offset: number
  /** The first bytes, at most `printBytes`, none beyond the offset. */
  readonly head: Buffer
  /** The last bytes before the offset, at most `printBytes`. */
  readonly tail: Buffer
}

export const startOfFile: FilePlace = { offset: 0, head: Buffer.alloc(0), tail: Buffer.alloc(0) }

/** A place as it is saved: hashes stand for the bytes, for logs hold what others may not read. */
export interface SavedPlace {
  readonly offset: number
  readonly head: string
  readonly tail: string
}

export function savePlace({ offset, head, tail }: FilePlace): SavedPlace {
  return { offset, head: hash(head), tail: hash(tail) }
}

/** Whether a saved place is this one. */
export function isSamePlace(place: FilePlace, saved: SavedPlace): boolean {
  return (
    place.offset === saved.offset &&
    hash(place.head) === saved.head &&
    hash(place.tail) === saved.tail
  )
}

/** Whether enough bytes came before the place to tell that another file has the same content. */
export function isTelling(place: { readonly offset: number }): boolean {
  return place.offset >= leastTellingBytes
}

/** Reads at a position of a file; as `FileHandle.read`. */
export interface ReadAt {
  read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
  ): Promise<{ readonly bytesRead: number }>
}

/** The place at an offset of a file; undefined when the file is shorter. */
export async function readPlace(file: ReadAt, offset: number): Promise<FilePlace | undefined> {
  const length = Math.min(offset, printBytes)
  const head = await readExactly(file, length, 0)
  const tail = await readExactly(file, length, offset - length)
  return head && tail ? { offset, head, tail } : undefined
}

async function readExactly(
  file: ReadAt,
  length: number,
  position: number,
): Promise<Buffer | undefined> {
  const buffer = Buffer.alloc(length)
  if (length === 0) return buffer
  const { bytesRead } = await file.read(buffer, 0, length, position)
  return bytesRead === length ? buffer : undefined
}

function hash(bytes: Buffer): string {
  if (bytes.length === 0) return ''
  return createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
}
