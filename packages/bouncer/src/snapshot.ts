import { createReadStream } from 'node:fs'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { parseRange } from '@tocsin/address'
import type { HeldDecision } from './decision-table.ts'

const format = 'tocsin-bouncer-snapshot 1'
const chunkLines = 2_000

/** What was decided when the feed was heard last. */
export interface Snapshot {
  readonly heardMs: number
  readonly decisions: readonly HeldDecision[]
}

/** The file is there and cannot be used. */
export class SnapshotError extends Error {
  override readonly name = 'SnapshotError'
  readonly code = 'TOC_BOUNCER_SNAPSHOT'
}

/**
 * Writes what is decided to a file that only its owner can read; whoever reads it meanwhile, or after
 * a crash, finds the one before or this one, never a part.
 */
export async function writeSnapshot(
  path: string,
  heardMs: number,
  decisions: Iterable<HeldDecision>,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const temporary = `${path}.${process.pid}.tmp`
  await rm(temporary, { force: true })
  const file = await open(temporary, 'wx', 0o600)
  try {
    let lines = [header(heardMs)]
    let count = 0
    for (const { id, range, expiresS, origin } of decisions) {
      lines.push(`${id} ${range.toString()} ${expiresS} ${encodeURIComponent(origin)}`)
      count++
      if (lines.length >= chunkLines) {
        await file.write(`${lines.join('\n')}\n`)
        lines = []
      }
    }
    lines.push(`end ${count}`)
    await file.write(`${lines.join('\n')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(temporary, path)
}

/** Notes that the decisions of a snapshot still hold, without writing them all again. */
export async function touchSnapshot(path: string, heardMs: number): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.write(header(heardMs), 0)
  } finally {
    await file.close()
  }
}

/** Of one length, so that it can be written over. */
function header(heardMs: number): string {
  return `${format} ${String(Math.max(0, Math.floor(heardMs))).padStart(16, '0')}`
}

/**
 * Reads a snapshot; undefined when there is none.
 * @throws {SnapshotError} When it is cut short or not a snapshot: half a set is not a set.
 */
export async function readSnapshot(path: string): Promise<Snapshot | undefined> {
  const decisions: HeldDecision[] = []
  let heardMs: number | undefined
  let isEnded = false
  try {
    const input = createReadStream(path, 'utf8')
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (heardMs === undefined) {
        heardMs = line.startsWith(`${format} `) ? Number(line.slice(format.length + 1)) : Number.NaN
        if (!Number.isFinite(heardMs)) throw new SnapshotError(`${path} is not a snapshot`)
      } else if (line.startsWith('end ')) {
        isEnded = Number(line.slice(4)) === decisions.length
      } else {
        decisions.push(readDecision(path, line))
      }
    }
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  if (heardMs === undefined || !isEnded) throw new SnapshotError(`${path} is cut short`)
  return { heardMs, decisions }
}

function readDecision(path: string, line: string): HeldDecision {
  const [id = '', text = '', expires = '', origin] = line.split(' ')
  const range = parseRange(text)
  const expiresS = Number(expires)
  if (!range || !Number.isFinite(expiresS) || !/^-?\d+$/.test(id) || origin === undefined) {
    throw new SnapshotError(`${path} has a line that is no decision`)
  }
  return { id: Number(id), range, expiresS, origin: decodeOrigin(origin) }
}

function decodeOrigin(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // Only a damaged file has such; the label counts drops and decides nothing.
    return 'other'
  }
}
