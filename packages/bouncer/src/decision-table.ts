import type { AddressRange } from '@tocsin/address'
import { fitColumn } from './column.ts'
import { RangeIndex } from './range-index.ts'
import { WordList } from './word-list.ts'

const none = -1
/** One value repeated without end must not make its own chain slow. */
const maxPerRange = 256

/** What all decisions about one range come to. */
export interface Strongest {
  readonly expiresS: number
  /** Of the decision that lasts longest. */
  readonly origin: string
  /** The lowest, that is the most important, of all of them. */
  readonly priority: number
}

/** A decision as it is held. */
export interface HeldDecision {
  readonly id: number
  readonly range: AddressRange
  readonly expiresS: number
  readonly origin: string
}

/**
 * Every decision by itself, so that ending one leaves the others about the same range. In columns:
 * about 55 bytes each, their range included.
 */
export class DecisionTable {
  readonly #index = new RangeIndex()
  readonly #origins = new WordList()
  readonly #priorityOf: (origin: string) => number
  /** By range index: its first row. */
  #head = new Int32Array(16).fill(none)
  /** By row. */
  #id = new Float64Array(16)
  #expiresS = new Float64Array(16)
  #origin = new Uint16Array(16)
  #next = new Int32Array(16)
  #owner = new Int32Array(16).fill(none)
  #freeRow = none
  #rowEnd = 0
  size = 0

  constructor(priorityOf: (origin: string) => number) {
    this.#priorityOf = priorityOf
  }

  /** Adds a decision, or gives the one with its id another end. */
  put(decision: HeldDecision): void {
    const owner = this.#index.intern(decision.range)
    if (owner >= this.#head.length) {
      const before = this.#head.length
      this.#head = fitColumn(this.#head, owner + 1)
      this.#head.fill(none, before)
    }
    const origin = this.#origins.numberOf(decision.origin)
    let length = 0
    let shortest = none
    for (let row = this.#head[owner] ?? none; row !== none; row = this.#next[row] ?? none) {
      if (this.#id[row] === decision.id && this.#origin[row] === origin) {
        this.#expiresS[row] = decision.expiresS
        return
      }
      length++
      if (shortest === none || this.#expires(row) < this.#expires(shortest)) shortest = row
    }
    if (length >= maxPerRange) this.#unlink(owner, shortest)
    const row = this.#takeRow()
    this.#id[row] = decision.id
    this.#expiresS[row] = decision.expiresS
    this.#origin[row] = origin
    this.#owner[row] = owner
    this.#next[row] = this.#head[owner] ?? none
    this.#head[owner] = row
    this.size++
  }

  /** Ends one decision; false when it is not held. */
  remove(id: number, range: AddressRange, origin: string): boolean {
    const owner = this.#index.find(range)
    if (owner < 0) return false
    const originNumber = this.#origins.numberOf(origin)
    for (let row = this.#head[owner] ?? none; row !== none; row = this.#next[row] ?? none) {
      if (this.#id[row] !== id || this.#origin[row] !== originNumber) continue
      this.#unlink(owner, row)
      this.#releaseIfEmpty(owner)
      return true
    }
    return false
  }

  /** What holds for a range now; undefined when nothing does. */
  strongest(range: AddressRange): Strongest | undefined {
    const owner = this.#index.find(range)
    return owner < 0 ? undefined : this.#strongestOf(owner)
  }

  /** Drops what is over and tells the ranges that this concerned. */
  sweep(nowS: number, onRange: (range: AddressRange) => void): void {
    for (let row = 0; row < this.#rowEnd; row++) {
      const owner = this.#owner[row] ?? none
      if (owner === none || this.#expires(row) > nowS) continue
      const range = this.#index.rangeAt(owner)
      this.#unlink(owner, row)
      this.#releaseIfEmpty(owner)
      onRange(range)
    }
  }

  /** Every range with what holds for it. */
  forEachRange(visit: (range: AddressRange, strongest: Strongest) => void): void {
    for (let owner = 0; owner < this.#index.end; owner++) {
      if (!this.#index.has(owner)) continue
      const strongest = this.#strongestOf(owner)
      if (strongest) visit(this.#index.rangeAt(owner), strongest)
    }
  }

  *decisions(): Generator<HeldDecision> {
    for (let row = 0; row < this.#rowEnd; row++) {
      const owner = this.#owner[row] ?? none
      if (owner === none) continue
      yield {
        id: this.#id[row] ?? 0,
        range: this.#index.rangeAt(owner),
        expiresS: this.#expires(row),
        origin: this.#origins.wordOf(this.#origin[row] ?? 0),
      }
    }
  }

  #strongestOf(owner: number): Strongest | undefined {
    let longest = none
    let priority = Number.POSITIVE_INFINITY
    for (let row = this.#head[owner] ?? none; row !== none; row = this.#next[row] ?? none) {
      if (longest === none || this.#expires(row) > this.#expires(longest)) longest = row
      priority = Math.min(priority, this.#priorityOf(this.#originText(row)))
    }
    if (longest === none) return undefined
    return { expiresS: this.#expires(longest), origin: this.#originText(longest), priority }
  }

  #expires(row: number): number {
    return this.#expiresS[row] ?? 0
  }

  #originText(row: number): string {
    return this.#origins.wordOf(this.#origin[row] ?? 0)
  }

  #unlink(owner: number, row: number): void {
    const next = this.#next[row] ?? none
    if (this.#head[owner] === row) this.#head[owner] = next
    else {
      let before = this.#head[owner] ?? none
      while (before !== none && this.#next[before] !== row) before = this.#next[before] ?? none
      if (before !== none) this.#next[before] = next
    }
    this.#owner[row] = none
    this.#next[row] = this.#freeRow
    this.#freeRow = row
    this.size--
  }

  #releaseIfEmpty(owner: number): void {
    if (this.#head[owner] === none) this.#index.release(owner)
  }

  #takeRow(): number {
    const free = this.#freeRow
    if (free !== none) {
      this.#freeRow = this.#next[free] ?? none
      return free
    }
    const row = this.#rowEnd++
    this.#id = fitColumn(this.#id, this.#rowEnd)
    this.#expiresS = fitColumn(this.#expiresS, this.#rowEnd)
    this.#origin = fitColumn(this.#origin, this.#rowEnd)
    this.#next = fitColumn(this.#next, this.#rowEnd)
    this.#owner = fitColumn(this.#owner, this.#rowEnd)
    return row
  }
}
