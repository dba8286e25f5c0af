import { constants } from 'node:fs'
import { open, readdir, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { Clock } from '@tocsin/model'
import type { FileTarget, Rotation } from '../settings/notification.ts'
import type { Channel } from './channel.ts'
import { DeliveryError } from './delivery-error.ts'

const dayMs = 86_400_000
const worldWritable = 0o002

/**
 * A file: the text is added to its end. It is opened anew each time, so a file that was moved away is
 * made again.
 */
export function createFileChannel(target: FileTarget, clock: Clock): Channel {
  const { path, rotation } = target
  return {
    async send(text) {
      try {
        const size = await append(path, text.endsWith('\n') ? text : `${text}\n`)
        if (rotation && size > rotation.maxSizeBytes) await rotate(path, rotation, clock.nowMs())
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error)
        throw new DeliveryError('TOC_NOTIFY_WRITE', `cannot write ${path}: ${reason}`, {
          cause: error,
        })
      }
    },
  }
}

/** The size of the file afterwards. */
async function append(path: string, text: string): Promise<number> {
  const { mode } = await stat(dirname(path))
  // Where anybody can put a link, as in /tmp, one is not followed.
  const noLinks = (mode & worldWritable) !== 0 ? constants.O_NOFOLLOW : 0
  const flags = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | noLinks
  await using file = await open(path, flags, 0o644)
  await file.writeFile(text)
  return (await file.stat()).size
}

async function rotate(path: string, rotation: Rotation, nowMs: number): Promise<void> {
  const stamp = new Date(nowMs).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15)
  const taken = new Set(await readdir(dirname(path)))
  const isTaken = (name: string) => taken.has(name) || taken.has(`${name}.gz`)
  const wanted = `${basename(path)}.${stamp}`
  let name = wanted
  for (let i = 1; isTaken(name); i++) name = `${wanted}-${i}`
  const rotated = join(dirname(path), name)
  await rename(path, rotated)
  if (rotation.compresses) {
    await writeFile(`${rotated}.gz`, await promisify(gzip)(await readFile(rotated)), {
      mode: 0o644,
    })
    await unlink(rotated)
  }
  await prune(path, rotation, nowMs)
}

/** Deletes what is more than there may be, or too old. */
async function prune(
  path: string,
  { maxFiles, maxAgeDays }: Rotation,
  nowMs: number,
): Promise<void> {
  const prefix = `${basename(path)}.`
  const rotated = (await readdir(dirname(path)))
    .filter(
      (name) =>
        name.startsWith(prefix) &&
        /^\d{8}-\d{6}(?:-\d+)?(?:\.gz)?$/.test(name.slice(prefix.length)),
    )
    .sort(byAge)
    .toReversed()
  for (const [i, name] of rotated.entries()) {
    const file = join(dirname(path), name)
    const { mtimeMs } = await stat(file)
    const isOld = maxAgeDays > 0 && nowMs - mtimeMs > maxAgeDays * dayMs
    if (isOld || (maxFiles > 0 && i >= maxFiles)) await unlink(file)
  }
}

/** By time, then by number, which may have more digits. */
function byAge(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
