import { Worker } from 'node:worker_threads'
import type { BlockResult, BlockTask } from './block-result.ts'
import type { WorkerReply, WorkerStart } from './worker-thread.ts'

/** What a worker tells its keeper; of a task, by the task that was given. */
export interface WorkerEvents<Task> {
  onReady(): void
  onResult(task: Task, result: BlockResult): void
  /** It ended and will say no more; `tasks` are those it left, the one it died of first. */
  onDeath(tasks: readonly Task[], wasReady: boolean, reason: string): void
}

/** One worker thread and the tasks it has not answered yet. */
export class WorkerHandle<Task extends BlockTask> {
  isReady = false
  readonly #worker: Worker
  readonly #events: WorkerEvents<Task>
  readonly #tasks: Task[] = []
  readonly #timeoutMs: number
  #timer: NodeJS.Timeout | undefined
  #reason = 'its thread ended'
  #isClosing = false

  constructor(entry: URL, start: WorkerStart, timeoutMs: number, events: WorkerEvents<Task>) {
    this.#events = events
    this.#timeoutMs = timeoutMs
    this.#worker = new Worker(entry, { workerData: start, name: `tocsin-${start.number}` })
    this.#worker.on('message', (reply: WorkerReply) => this.#take(reply))
    this.#worker.on('error', (error: unknown) => {
      this.#reason = error instanceof Error ? error.message : String(error)
    })
    // After the last message, and after `error`.
    this.#worker.on('exit', () => this.#exit())
  }

  get taskCount(): number {
    return this.#tasks.length
  }

  give(task: Task): void {
    this.#tasks.push(task)
    const { bytes, source, readAt, year } = task
    this.#worker.postMessage({ bytes, source, readAt, year } satisfies BlockTask)
    if (this.#tasks.length === 1) this.#watch()
  }

  async close(): Promise<void> {
    this.#isClosing = true
    clearTimeout(this.#timer)
    await this.#worker.terminate()
  }

  #take(reply: WorkerReply): void {
    if (reply.kind === 'ready') {
      this.isReady = true
      this.#events.onReady()
    } else {
      const task = this.#tasks.shift()
      if (task) this.#events.onResult(task, reply.result)
    }
    this.#watch()
  }

  #exit(): void {
    clearTimeout(this.#timer)
    if (!this.#isClosing) this.#events.onDeath(this.#tasks, this.isReady, this.#reason)
  }

  /** Ends the thread when the first of its tasks takes too long. */
  #watch(): void {
    clearTimeout(this.#timer)
    if (this.#tasks.length === 0 || this.#isClosing) return
    this.#timer = setTimeout(() => {
      this.#reason = `no answer within ${this.#timeoutMs / 1000} s`
      void this.#worker.terminate()
    }, this.#timeoutMs)
  }
}
