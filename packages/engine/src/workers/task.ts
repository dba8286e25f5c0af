import type { Block } from '@tocsin/acquisition'
import type { Instant } from '@tocsin/model'
import type { LineSource } from '../engine.ts'
import type { BlockResult } from './block-result.ts'
import type { WorkerHandle } from './worker-handle.ts'

/** A block on its way through the workers, and what became of it so far. */
export class Task {
  /** Counts the blocks, in their order. */
  readonly number: number
  readonly block: Block
  readonly bytes: Block['bytes']
  readonly source: LineSource
  readonly readAt: Instant
  readonly year: number
  readonly recycle: () => void
  /** Who has it. */
  worker: WorkerHandle<Task> | undefined = undefined
  /** How many workers died of it. */
  deaths = 0
  result: BlockResult | undefined = undefined
  isSetAside = false

  constructor(
    number: number,
    block: Block,
    source: LineSource,
    readAt: Instant,
    year: number,
    recycle: () => void,
  ) {
    this.number = number
    this.block = block
    this.bytes = block.bytes
    this.source = source
    this.readAt = readAt
    this.year = year
    this.recycle = recycle
  }

  /** Whether it can be poured, or left out. */
  get isDone(): boolean {
    return this.result !== undefined || this.isSetAside
  }
}
