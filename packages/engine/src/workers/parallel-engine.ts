import type { Block } from '@tocsin/acquisition'
import { mostPackers } from '@tocsin/bucket'
import type { Clock, Instant, TimeMode } from '@tocsin/model'
import type { Detection } from '../detection.ts'
import type { Engine, LineSource } from '../engine.ts'
import { BlockPourer } from './block-pourer.ts'
import { Task } from './task.ts'
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
  /** Threads beside this one, 1 or more. */
  readonly workerCount: number
  /** Whether this thread leaves parsing to the workers; it takes its share when left out. */
  readonly onlyPours?: boolean
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
/** Where pouring is most of the work, this thread parses hardly anything. */
const mostOwnDistance = 64

/**
 * Workers parse blocks, the engine of this thread pours them in their order: alerts are the same,
 * byte for byte, with any number of workers. When the next block in order is nobody's, this thread
 * parses and pours it as if there were no workers; which one that will be it tells ahead, so that
 * workers pass it by. So many blocks are under way that every worker has one to go on with; whoever
 * brings more waits.
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
  /** The number of the next block. */
  #nextNumber = 0
  /** The block that this thread keeps for itself. */
  #ownNumber = 0
  /** From one block of this thread to the next: the more, the more is left to the workers. */
  #ownDistance: number
  /** Whether this thread had to wait for workers since its last block. */
  #hasWaited = false
  #starts = 0
  #failedStarts = 0
  #failure: Error | undefined
  /** Told whenever something changed that somebody may wait for. */
  #changed = Promise.withResolvers<void>()

  constructor(options: ParallelOptions) {
    const { engine, detection, clock, mode, workerCount } = options
    this.#options = options
    this.#pourer = new BlockPourer(engine, detection, clock, mode)
    this.#mostBlocks = workerCount * (tasksPerWorker + 1) + 3
    this.#ownDistance = workerCount + 1
    for (let i = 0; i < workerCount; i++) this.#startWorker()
  }

  /** Lines that only this thread could parse. */
  get handedBackCount(): number {
    return this.#pourer.handedBackCount
  }

  /** Waits until every worker has compiled the rules; not needed to submit. */
  async started(): Promise<void> {
    while (![...this.#workers].every((worker) => worker.isReady) && !this.#failure) {
      await this.#changed.promise
    }
    if (this.#failure) throw this.#failure
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
    const task = new Task(this.#nextNumber++, block, source, readAt, this.#pourer.year, recycle)
    this.#order.push(task)
    this.#waiting.push(task)
    await this.#workDownTo(this.#mostBlocks - 1)
  }

  /** Waits until every block is poured. @throws When workers cannot be kept alive. */
  async drain(): Promise<void> {
    await this.#workDownTo(0)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#workers].map((worker) => worker.close()))
  }

  async #workDownTo(blockCount: number): Promise<void> {
    this.#dispatch()
    while (this.#order.length > blockCount && !this.#failure) {
      const head = this.#order[0]
      if (head && this.#isForUs(head)) {
        this.#parseHere(head)
        this.#pourReady()
        // Workers have answered meanwhile: their messages come in between two blocks.
        await new Promise((resolve) => setImmediate(resolve))
      } else {
        this.#hasWaited = true
        await this.#changed.promise
      }
    }
    if (this.#failure) throw this.#failure
  }

  /** Nobody has it, and nobody died of it: what ends a worker must not end this thread. */
  #isForUs(task: Task): boolean {
    return !this.#options.onlyPours && !task.worker && !task.isDone && task.deaths === 0
  }

  #parseHere(task: Task): void {
    this.#order.shift()
    const at = this.#waiting.indexOf(task)
    if (at >= 0) this.#waiting.splice(at, 1)
    this.#chooseOwn(task.number)
    this.#dispatch()
    const { source, block } = task
    this.truncatedCount += this.#pourer.parse(task, 0, (start, end, reason) => {
      const startByte = block.startByte + start
      this.#options.onSetAside({
        ...{ source: source.name, startByte, endByte: block.startByte + end, reason },
      })
    })
    task.recycle()
  }

  /** Keeps a later block for this thread, sooner or later as this thread or the workers had to wait. */
  #chooseOwn(number: number): void {
    const isStarving = [...this.#workers].some((worker) => worker.isReady && worker.taskCount === 0)
    if (this.#hasWaited) this.#ownDistance = Math.max(Math.floor(this.#ownDistance * 0.75), 2)
    else if (isStarving) this.#ownDistance = Math.min(this.#ownDistance * 2, mostOwnDistance)
    this.#hasWaited = false
    const wanted = number + this.#ownDistance
    this.#ownNumber =
      this.#waiting.find((task) => task.number >= wanted)?.number ??
      Math.max(wanted, this.#nextNumber)
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
        onReady: () => {
          this.#dispatch()
          this.#tell()
        },
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

  /** Gives waiting blocks to workers, but not the one that this thread keeps. */
  #dispatch(): void {
    for (let i = 0; i < this.#waiting.length; ) {
      const task = this.#waiting[i] as Task
      if (task.number === this.#ownNumber && this.#isForUs(task)) {
        i++
        continue
      }
      let freest: WorkerHandle<Task> | undefined
      for (const worker of this.#workers) {
        if (worker.isReady && (!freest || worker.taskCount < freest.taskCount)) freest = worker
      }
      if (!freest || freest.taskCount >= tasksPerWorker) return
      this.#waiting.splice(i, 1)
      task.worker = freest
      freest.give(task)
    }
  }

  /** Pours what has come, as far as nothing before it is missing. */
  #pourReady(): void {
    try {
      for (let task = this.#order[0]; task?.isDone; task = this.#order[0]) {
        if (task.result) this.truncatedCount += this.#pourer.pour(task, task.result)
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
    const [culprit] = tasks
    for (const task of tasks) task.worker = undefined
    if (culprit && ++culprit.deaths >= mostDeathsPerBlock) this.#setAside(culprit, reason)
    this.#waiting.unshift(...tasks.filter((task) => !task.isSetAside))
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
