import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test } from 'node:test'

// The delivery table of docs/delivery.md comes from this test: it prints its rows.

const seconds = 20
const linesPerSecond = 10_000
/** A hundred rotations a minute. */
const rotationMs = 600
const program = (name: string) => join(import.meta.dirname, 'rotation', `${name}.ts`)
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A way to rotate a log while it is written. */
interface Rotation {
  readonly name: string
  /** What the reader follows; the log when absent. */
  readonly pattern?: string
  /** Whether a file that goes while nobody reads is gone for good: then none may go. */
  readonly destroys?: boolean
  prepare?(log: string): void
  rotate(log: string, generation: number, reopen: () => void): void
}

/** As `dateext` calls them: names sort as the files were made. */
const suffix = (generation: number) => `20260801-${String(generation).padStart(6, '0')}`

const renameAndCreate: Rotation['rotate'] = (log, generation, reopen) => {
  renameSync(log, `${log}-${suffix(generation)}`)
  writeFileSync(log, '')
  reopen()
}
const copyAndTruncate: Rotation['rotate'] = (log, generation) => {
  copyFileSync(log, `${log}-${suffix(generation)}`)
  truncateSync(log)
}

const rotations: readonly Rotation[] = [
  { name: 'rename and create', rotate: renameAndCreate },
  { name: 'rename and create, numbered, a glob over all', pattern: '*', rotate: shiftAndCreate },
  { name: 'copy and truncate', rotate: copyAndTruncate },
  { name: 'copy and truncate, a glob over all', pattern: '*', rotate: copyAndTruncate },
  {
    name: 'remove and create',
    destroys: true,
    rotate: (log, _, reopen) => {
      rmSync(log)
      writeFileSync(log, '')
      reopen()
    },
  },
  {
    name: 'symbolic link to the next file',
    prepare: (log) => {
      writeFileSync(`${log}-${suffix(0)}`, '')
      symlinkSync(`${log}-${suffix(0)}`, log)
    },
    rotate: (log, generation, reopen) => {
      writeFileSync(`${log}-${suffix(generation)}`, '')
      symlinkSync(`${log}-${suffix(generation)}`, `${log}.next`)
      renameSync(`${log}.next`, log)
      reopen()
    },
  },
]

/** `log` becomes `log.1`, which becomes `log.2`…, as logrotate does without dates. */
function shiftAndCreate(log: string, generation: number, reopen: () => void): void {
  for (let old = generation - 1; old >= 1; old--) renameSync(`${log}.${old}`, `${log}.${old + 1}`)
  renameSync(log, `${log}.1`)
  writeFileSync(log, '')
  reopen()
}

suite(
  `${linesPerSecond} lines a second, 100 rotations a minute, kill -9 in the middle`,
  {
    concurrency: true,
  },
  () => {
    for (const rotation of rotations) {
      test(rotation.name, { timeout: 180_000 }, async (t) => {
        const outcome = await run(rotation)
        const { written, gone, lost, twice, repeated, rotationCount, cpuShare } = outcome
        t.diagnostic(
          `| ${rotation.name} | ${written} | ${rotationCount} | ${gone} | ${lost} | ${twice} | ` +
            `${repeated} | ${cpuShare.toFixed(1)} % |`,
        )
        assert.equal(lost, 0, 'lines that were there to be read and were not')
        assert.equal(twice, 0, 'lines counted twice')
        assert.ok(rotationCount >= (seconds * 1000) / rotationMs / 2, 'it did rotate')
      })
    }
  },
)

test('a file cut and written anew to the same size, 200 times, kill -9 in the middle', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-rotation-'))
  const log = join(folder, 'auth.log')
  const counted = join(folder, 'counted')
  const [times, perFile] = [200, 100]
  let reader = startReader(folder, log)
  try {
    for (let time = 0; time < times; time++) {
      const numbers = Array.from({ length: perFile }, (_, i) => time * perFile + i)
      const isKilled = time === times / 2
      // What is cut before it was read, and saved when its reader dies, no reader can get back.
      if (isKilled) await pause(1000)
      writeFileSync(
        log,
        numbers.map((n) => `password for ${String(n).padStart(9, '0')}\n`).join(''),
      )
      if (isKilled) {
        reader.kill('SIGKILL')
        await once(reader, 'exit')
        reader = startReader(folder, log)
      }
      await until(() => countBreaks(counted) >= (time + 1) * perFile)
    }
    reader.kill('SIGTERM')
    await once(reader, 'exit')
    const counts = countLines(counted, times * perFile)
    t.diagnostic(`| cut and written to the same size | ${times * perFile} | ${times} | 0 | 0 | 0 |`)
    assert.deepEqual([...new Set(counts)], [1])
  } finally {
    reader.kill('SIGKILL')
    rmSync(folder, { recursive: true })
  }
})

async function until(holds: () => boolean): Promise<void> {
  for (let waits = 0; !holds(); waits++) {
    assert.ok(waits < 2000, 'waited for too long')
    await pause(5)
  }
}

function countBreaks(path: string): number {
  return existsSync(path) ? readFileSync(path, 'latin1').split('\n').length - 1 : 0
}

async function run(rotation: Rotation) {
  const folder = mkdtempSync(join(tmpdir(), 'tocsin-rotation-'))
  const logs = mkdtempSync(join(tmpdir(), 'tocsin-rotation-logs-'))
  const log = join(logs, 'auth.log')
  try {
    if (rotation.prepare) rotation.prepare(log)
    else writeFileSync(log, '')
    const pattern = join(logs, rotation.pattern === undefined ? 'auth.log' : 'auth.log*')
    let reader = startReader(folder, pattern)
    const reading = once(reader, 'message')
    const writer = fork(program('writer'), [log, String(linesPerSecond)])
    await reading
    let rotationCount = 0
    let mayRotate = true
    const timer = setInterval(() => {
      if (mayRotate) rotation.rotate(log, ++rotationCount, () => writer.send('reopen'))
    }, rotationMs)

    await pause((seconds * 1000) / 2)
    mayRotate = rotation.destroys !== true
    if (!mayRotate) await pause(rotationMs / 2)
    reader.kill('SIGKILL')
    await once(reader, 'exit')
    // Long enough for two files to come and go.
    await pause(2 * rotationMs + 100)
    reader = startReader(folder, pattern)
    await once(reader, 'message')
    mayRotate = true
    await pause((seconds * 1000) / 2)

    clearInterval(timer)
    writer.send('stop')
    const [written] = (await once(writer, 'message')) as [number]
    await settle(join(folder, 'counted'))
    reader.kill('SIGTERM')
    const [cpuMs] = (await once(reader, 'message')) as [number]
    return {
      ...compare(folder, logs, rotation, written),
      rotationCount,
      cpuShare: cpuMs / (seconds * 5),
    }
  } finally {
    rmSync(folder, { recursive: true })
    rmSync(logs, { recursive: true })
  }
}

function startReader(folder: string, pattern: string): ChildProcess {
  return fork(program('reader'), [folder, pattern])
}

/** Waits until a file has not grown for a while. */
async function settle(path: string): Promise<void> {
  let size = -1
  for (let quiet = 0; quiet < 10; quiet++) {
    const now = statSync(path).size
    if (now !== size) quiet = 0
    size = now
    await pause(100)
  }
}

function compare(folder: string, logs: string, rotation: Rotation, written: number) {
  const counts = countLines(join(folder, 'counted'), written)
  const told = countLines(join(folder, 'told'), written)
  const isThere = new Uint8Array(written)
  for (const path of globSync(join(logs, '*'))) {
    for (const [, number] of readFileSync(path, 'latin1').matchAll(/password for (\d+)/g)) {
      isThere[Number(number)] = 1
    }
  }
  let gone = 0
  let lost = 0
  let twice = 0
  let repeated = 0
  for (let number = 0; number < written; number++) {
    const count = counts[number] ?? 0
    // Written after the copy and cut away: no file has it. Removed files are another matter.
    if (count === 0 && !isThere[number] && !rotation.destroys) gone++
    else if (count === 0) lost++
    if (count > 1) twice++
    if ((told[number] ?? 0) > 1) repeated++
  }
  return { written, gone, lost, twice, repeated }
}

function countLines(path: string, written: number): Uint32Array {
  const counts = new Uint32Array(written)
  for (const text of readFileSync(path, 'latin1').split('\n')) {
    if (text === '') continue
    const number = Number(text)
    assert.ok(number < written, `a line that nobody wrote: ${text}`)
    counts[number] = (counts[number] ?? 0) + 1
  }
  return counts
}
