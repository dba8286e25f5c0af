import type { Block } from '@tocsin/acquisition'
import { mostPackers } from '@tocsin/bucket'
import type { Clock, Instant, TimeMode } from '@tocsin/model'
import type { Detection } from '../detection.ts'
import type { Engine, LineSource } from '../engine.ts'
import { BlockPourer } from './block-pourer.ts'
import type { BlockResult } from './block-result.ts'
import { WorkerHandle } from './worker-handle.ts'
import type { WorkerSeed } from './worker-seed.ts'

/** A block that no worker could parse: `{ source: '/var/log/x.log', startByte: 0, … }`. */
export interface SetAsideBlock {
  readonly source: string
  readonly startByte: number
  readonly endByte: number
  /** What the last worker died of. */
  readonly reason: string
}

export interface ParallelOptions {
  readonly engine: Engine
  readonly detection: Detection
  readonly clock: Clock
  readonly mode: TimeMode
  readonly seed: WorkerSeed
  readonly workerCount: number
  readonly onSetAside: (block: SetAsideBlock) => void
  /** The first module of a worker's thread; our own when left out. */
  readonly entry?: URL
  /** How long a worker may take for a block; two minutes when left out. */
  readonly blockTimeoutMs?: number
}

/** A worker with nothing to do waits for a message; two blocks keep it busy. */
const tasksPerWorker = 2
/** A block that killed so many workers is set aside. */
const mostDeathsPerBlock = 2
const mostFailedStarts = 3
class Task {
  readonly block: Block
  readonly bytes: Block['bytes']
  readonly source: LineSource
  readonly readAt: Instant
  readonly year: number
  readonly recycle: () => void
  deaths = 0
  result: BlockResult | undefined = undefined
  isSetAside = false

  constructor(
    block: Block,
    source: LineSource,
    readAt: Instant,
    year: number,
    recycle: () => void,
  ) {
    this.block = block
    this.bytes = block.bytes
    this.source = source
    this.readAt = readAt
    this.year = year
    this.recycle = recycle
  }
}

/**
 * Workers parse blocks, the engine of this thread pours them in their order: alerts are the same,
 * byte for byte, with any number of workers. So many blocks are under way that every worker has
 * one to go on with; whoever has more waits.
 */
export class ParallelEngine implements AsyncDisposable {
  /** Lines cut at their limit so far. */
  truncatedCount = 0
  readonly #options: ParallelOptions
  readonly #pourer: BlockPourer
  readonly #workers = new Set<WorkerHandle<Task>>()
  /** Blocks in their order, until they are poured. */
  readonly #order: Task[] = []
  /** Those of them that no worker has. */
  readonly #waiting: Task[] = []
  readonly #mostBlocks: number
  #starts = 0
  #failedStarts = 0
  #failure: Error | undefined
  /** Told whenever something changed that somebody may wait for. */
  #changed = Promise.withResolvers<void>()

  constructor(options: ParallelOptions) {
    const { engine, detection, clock, mode, workerCount } = options
    this.#options = options
    this.#pourer = new BlockPourer(engine, detection, clock, mode)
    this.#mostBlocks = workerCount * (tasksPerWorker + 1)
    for (let i = 0; i < workerCount; i++) this.#startWorker()
  }

  /** Lines that only this thread could parse. */
  get handedBackCount(): number {
    return this.#pourer.handedBackCount
  }

  /** Waits until every worker has compiled the rules; not needed to submit. */
  async started(): Promise<void> {
    await this.#until(() => [...this.#workers].every((worker) => worker.isReady))
  }

  /**
   * Takes the next block of the lines; `recycle` is called when it is not needed any more. Resolves
   * when there is room for another. @throws When workers cannot be kept alive.
   */
  async submit(
    block: Block,
    source: LineSource,
    readAt: Instant,
    recycle: () => void = () => {},
  ): Promise<void> {
    const task = new Task(block, source, readAt, this.#pourer.year, recycle)
    const hasWorker = [...this.#workers].some((worker) => worker.isReady)
    if (!hasWorker && this.#order.length === 0) {
      // Workers take their time to start; until then this thread has nothing else to do.
      this.truncatedCount += this.#pourer.parse(task, 0)
      recycle()
      await new Promise((resolve) => setImmediate(resolve))
    } else {
      this.#order.push(task)
      this.#waiting.push(task)
      this.#dispatch()
      await this.#until(() => this.#order.length < this.#mostBlocks)
    }
    if (this.#failure) throw this.#failure
  }

  /** Waits until every block is poured. @throws When workers cannot be kept alive. */
  async drain(): Promise<void> {
    await this.#until(() => this.#order.length === 0)
    if (this.#failure) throw this.#failure
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.close()))
  }

  async #until(isDone: () => boolean): Promise<void> {
    while (!isDone() && !this.#failure) await this.#changed.promise
  }

  #tell(): void {
    this.#changed.resolve()
    this.#changed = Promise.withResolvers()
  }

  #startWorker(): void {
    const { seed, entry, blockTimeoutMs = 120_000 } = this.#options
    const number = ++this.#starts
    const worker = new WorkerHandle<Task>(
      entry ?? new URL('./worker-main.ts', import.meta.url),
      { seed, number },
      blockTimeoutMs,
      {
        onReady: () => this.#tell(),
        onResult: (task, result) => {
          task.result = result
          this.#dispatch()
          this.#pourReady()
        },
        onDeath: (tasks, wasReady, reason) => {
          this.#workers.delete(worker)
          this.#replace(tasks, wasReady, reason)
        },
      },
    )
    this.#workers.add(worker)
  }

  #dispatch(): void {
    while (this.#waiting.length > 0) {
      let freest: WorkerHandle<Task> | undefined
      for (const worker of this.#workers) {
        if (!freest || worker.taskCount < freest.taskCount) freest = worker
      }
      if (!freest || freest.taskCount >= tasksPerWorker) return
      const task = this.#waiting.shift()
      if (task) freest.give(task)
    }
  }

  /** Pours what has come, as far as nothing before it is missing. */
  #pourReady(): void {
    try {
      for (let task = this.#order[0]; task; task = this.#order[0]) {
        if (task.result) this.truncatedCount += this.#pourer.pour(task, task.result)
        else if (!task.isSetAside) break
        this.#order.shift()
        task.recycle()
      }
    } catch (error) {
      this.#failure = error instanceof Error ? error : new Error(String(error))
    }
    this.#tell()
  }

  /** A worker died: of the block it was at, if it ever was at one. */
  #replace(tasks: readonly Task[], wasReady: boolean, reason: string): void {
    if (!wasReady) this.#failedStarts++
    const [culprit] = wasReady ? tasks : []
    const others = tasks.filter((task) => task !== culprit)
    this.#waiting.unshift(...others)
    if (culprit) {
      culprit.deaths++
      if (culprit.deaths >= mostDeathsPerBlock) this.#setAside(culprit, reason)
      else this.#waiting.unshift(culprit)
    }
    if (this.#failedStarts >= mostFailedStarts || this.#starts >= mostPackers - 1) {
      this.#failure = new Error(`workers cannot be kept alive: ${reason}`)
    } else {
      this.#startWorker()
      this.#dispatch()
    }
    this.#pourReady()
  }

  #setAside(task: Task, reason: string): void {
    task.isSetAside = true
    const { startByte, endByte } = task.block
    this.#options.onSetAside({ source: task.source.name, startByte, endByte, reason })
  }
}
