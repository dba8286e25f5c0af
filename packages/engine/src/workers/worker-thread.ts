import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { copyTextDict, Instant } from '@tocsin/model'
import type { LineSource } from '../engine.ts'
import { BlockParser } from './block-parser.ts'
import type { BlockResult, BlockTask } from './block-result.ts'
import { LineFailures } from './line-failures.ts'
import { LineWatch } from './line-watch.ts'
import { growDetection, type WorkerSeed } from './worker-seed.ts'

/** What a worker is started with. */
export interface WorkerStart {
  readonly seed: WorkerSeed
  /** 1 or more; no two workers of a run share one, not even one after the other. */
  readonly number: number
}

/** What a worker says: it can take blocks, or what came of one, in the order they were given. */
export type WorkerReply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'parsed'; readonly result: BlockResult }

/** Answers tasks until its thread ends. `beforeBlock` may throw: for tests of what happens then. */
export function answerTasks(
  port: MessagePort,
  { seed, number }: WorkerStart,
  beforeBlock: (bytes: Buffer) => void = () => {},
): void {
  const watch = new LineWatch()
  const failures = new LineFailures()
  const detection = growDetection(seed, watch, failures)
  const parser = new BlockParser({ detection, watch, failures, mode: seed.mode, number })
  port.on('message', (task: BlockTask) => {
    const { buffer, byteOffset, byteLength } = task.bytes
    const bytes = Buffer.from(buffer, byteOffset, byteLength)
    beforeBlock(bytes)
    const { epochMs, nanos, offsetMinutes } = task.readAt
    const readAt = new Instant(epochMs, nanos, offsetMinutes)
    const source: LineSource = { ...task.source, labels: copyTextDict(task.source.labels) }
    const result = parser.parse(bytes, source, readAt, task.year)
    const reply: WorkerReply = { kind: 'parsed', result }
    port.postMessage(reply, [result.codes.buffer, result.times.buffer, result.taken.buffer])
  })
  const ready: WorkerReply = { kind: 'ready' }
  port.postMessage(ready)
}

/** Whether this thread was started to be a worker of an engine. */
export function isWorkerStart(data: unknown): data is WorkerStart {
  return typeof data === 'object' && data !== null && 'seed' in data && 'number' in data
}

/** The task of this thread, if it is one. */
export function runWorkerThread(beforeBlock?: (bytes: Buffer) => void): void {
  const start: unknown = workerData
  if (!parentPort || !isWorkerStart(start)) throw new Error('this module is the start of a worker')
  answerTasks(parentPort, start, beforeBlock)
}
