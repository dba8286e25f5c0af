import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What a measuring process may print, as far as rows ask for it. */
export interface Measured {
  readonly lines: number
  readonly seconds: number
  readonly threadSeconds: number
  readonly startSeconds: number
  readonly residentBytes: number | readonly number[]
  readonly alertsSha1: string
}

/** Runs a measuring script of a checkout in a process of its own. */
export async function measure(
  root: string,
  script: string,
  task: object,
): Promise<Partial<Measured>> {
  const path = `${root}/packages/tocsin/bench/engine/${script}`
  const { stdout } = await run(process.execPath, [path, JSON.stringify(task)], { cwd: root })
  return JSON.parse(stdout) as Partial<Measured>
}

/** Milliseconds that a command of a checkout takes, its start included. */
export async function timeCommand(root: string, args: readonly string[]): Promise<number> {
  const startedMs = performance.now()
  await run(process.execPath, [`${root}/packages/tocsin/src/main.ts`, ...args], { cwd: root })
  return performance.now() - startedMs
}

/** The middle of the values, and how far they lie apart: `{ median: 3, least: 1, most: 9 }`. */
export interface Spread {
  readonly median: number
  readonly least: number
  readonly most: number
}

/** @param values One or more. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (index: number) => sorted[index] ?? Number.NaN
  const middle = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? at(middle) : (at(middle - 1) + at(middle)) / 2
  return { median, least: at(0), most: at(sorted.length - 1) }
}
