import type { Detection, LineSource, ReplayClock, WorkerSeed } from '@tocsin/engine'
import { createTextDict } from '@tocsin/model'
import type { Profile } from '@tocsin/profile'

export interface ReplayOptions {
  readonly detection: Detection
  readonly clock: ReplayClock
  readonly profiles: readonly Profile[]
  /** The type of every log; found out per log when absent. */
  readonly type: string | undefined
  readonly labels: Readonly<Record<string, string>>
  readonly stdin: NodeJS.ReadableStream
  /** How many threads parse; with 1, the one that does everything else too. */
  readonly workerCount: number
  /** What other threads make their rules from. */
  readonly createSeed: () => WorkerSeed
  readonly newUuid: () => string
  /** Milliseconds of a clock that never steps back. */
  readonly stopwatchMs: () => number
  readonly loadSeconds: number
  /** Told after every chunk. */
  readonly onProgress: (doneBytes: number, totalBytes: number | undefined, lines: number) => void
}

/** A log as the engine is told of it. */
export function lineSource(path: string, type: string, { labels }: ReplayOptions): LineSource {
  return {
    name: path === '-' ? 'stdin' : path,
    module: 'file',
    labels: Object.assign(createTextDict(), labels, { type }),
  }
}
