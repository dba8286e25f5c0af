import type { AddressRange, Family } from '@tocsin/address'
import { fitColumn } from './column.ts'
import { RangeIndex } from './range-index.ts'
import { WordList } from './word-list.ts'

/** One ban: `{ range: 192.0.2.7/32, expiresS: 1767225600, origin: 'crowdsec' }`. */
export interface Ban {
  readonly range: AddressRange
  /** Seconds since 1970-01-01 UTC. */
  readonly expiresS: number
  /** Whom its drops are counted for. */
  readonly origin: string
}

/**
 * Bans by range, in columns: about 35 bytes each. What should stand is one such table, what stands
 * is another. Hot path: reconciling walks a million entries by index, without an object for each.
 */
export class BanTable {
  readonly #index = new RangeIndex()
  readonly #origins = new WordList()
  #expiresS = new Float64Array(16)
  #origin = new Uint16Array(16)

  static of(bans: Iterable<Ban>): BanTable {
    const table = new BanTable()
    for (const { range, expiresS, origin } of bans) table.set(range, expiresS, origin)
    return table
  }

  get size(): number {
    return this.#index.size
  }

  /** One above the highest index in use. */
  get end(): number {
    return this.#index.end
  }

  set(range: AddressRange, expiresS: number, origin: string): void {
    const index = this.#index.intern(range)
    this.#expiresS = fitColumn(this.#expiresS, this.#index.end)
    this.#origin = fitColumn(this.#origin, this.#index.end)
    this.#expiresS[index] = expiresS
    this.#origin[index] = this.#origins.numberOf(origin)
  }

  get(range: AddressRange): Ban | undefined {
    const index = this.#index.find(range)
    return index < 0 ? undefined : this.banAt(index)
  }

  /** The index of exactly this range, or -1. */
  find(range: AddressRange): number {
    return this.#index.find(range)
  }

  /** The index here of the range that has `index` in another table, or -1; makes no object. */
  findSame(other: BanTable, index: number): number {
    return this.#index.findSame(other.#index, index)
  }

  familyAt(index: number): Family {
    return this.#index.familyAt(index)
  }

  prefixLengthAt(index: number): number {
    return this.#index.prefixLengthAt(index)
  }

  /** Whether a ban has this index. */
  has(index: number): boolean {
    return this.#index.has(index)
  }

  rangeAt(index: number): AddressRange {
    return this.#index.rangeAt(index)
  }

  expiresAt(index: number): number {
    return this.#expiresS[index] ?? 0
  }

  originAt(index: number): string {
    return this.#origins.wordOf(this.#origin[index] ?? 0)
  }

  banAt(index: number): Ban {
    return {
      range: this.rangeAt(index),
      expiresS: this.expiresAt(index),
      origin: this.originAt(index),
    }
  }

  /** False when it was not there. */
  delete(range: AddressRange): boolean {
    const index = this.#index.find(range)
    if (index < 0) return false
    this.#index.release(index)
    return true
  }

  /** Every origin that a ban has or had. */
  origins(): readonly string[] {
    return this.#origins.words
  }

  *bans(): Generator<Ban> {
    for (let index = 0; index < this.end; index++) {
      if (this.has(index)) yield this.banAt(index)
    }
  }
}
