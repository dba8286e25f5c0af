import { type Address, type AddressRange, AddressSet, PrefixTree } from '@tocsin/address'
import type { Clock } from '@tocsin/model'
import { BanTable } from './ban-table.ts'
import {
  type Change,
  type Drops,
  type Enforcer,
  EnforcerError,
  type Held,
  type HeldPart,
} from './enforcer.ts'

export interface MemoryEnforcerOptions {
  readonly clock: Clock
  /** How many bans it takes. */
  readonly room?: number
}

/** Keeps bans in memory and answers from there: for programs that ask, and to test with. */
export class MemoryEnforcer implements Enforcer {
  readonly name = 'memory'
  readonly needsDisjoint = false
  readonly endsByItself = true
  readonly parts = 1
  readonly #options: MemoryEnforcerOptions
  #bans = new BanTable()
  /** Of each ban its end. */
  #tree = new PrefixTree<number>()
  #allow: readonly AddressRange[] = []
  #allowed = new AddressSet()
  #isWhole = false
  #isClosed = false

  constructor(options: MemoryEnforcerOptions) {
    this.#options = options
  }

  standsAlone(): boolean {
    return true
  }

  async isWhole(): Promise<boolean> {
    return this.#isWhole
  }

  async read(): Promise<Held> {
    return {
      isWhole: this.#isWhole,
      bans: BanTable.of(this.#bans.bans()),
      allow: this.#allow,
      isClosed: this.#isClosed,
    }
  }

  partOf(): number {
    return 0
  }

  async readPart(): Promise<HeldPart> {
    return { bans: BanTable.of(this.#bans.bans()), isClean: true }
  }

  async apply(change: Change): Promise<void> {
    const kept = change.rebuild ? 0 : this.#bans.size - change.remove.size
    if (kept + change.add.size > (this.#options.room ?? Number.POSITIVE_INFINITY)) {
      throw new EnforcerError('TOC_BOUNCER_FULL', `no room for ${change.add.size} bans more`)
    }
    if (change.rebuild) this.forget()
    this.#isWhole = true
    for (const { range } of change.remove.bans()) {
      this.#bans.delete(range)
      this.#tree.delete(range)
    }
    for (const table of [change.update, change.add]) {
      for (const { range, expiresS, origin } of table.bans()) {
        this.#bans.set(range, expiresS, origin)
        this.#tree.set(range, expiresS)
      }
    }
    if (change.allow) {
      this.#allow = change.allow
      this.#allowed = new AddressSet()
      for (const range of change.allow) this.#allowed.add(range)
    }
    this.#isClosed = change.closed ?? this.#isClosed
  }

  async blocks(addresses: readonly Address[]): Promise<boolean[]> {
    return addresses.map((address) => this.has(address))
  }

  /** Whether an address is kept out now. */
  has(address: Address): boolean {
    if (this.#allowed.has(address)) return false
    if (this.#isClosed) return true
    const nowS = this.#options.clock.nowMs() / 1000
    return this.#tree.findAll(address).some((expiresS) => expiresS > nowS)
  }

  async readDrops(): Promise<readonly Drops[]> {
    return []
  }

  async removeAll(): Promise<void> {
    this.forget()
  }

  /** Loses everything, as a kernel does when someone flushes its rules. */
  forget(): void {
    this.#bans = new BanTable()
    this.#tree = new PrefixTree()
    this.#allow = []
    this.#allowed = new AddressSet()
    this.#isWhole = false
    this.#isClosed = false
  }

  /** Loses one ban behind everybody's back. */
  forgetBan(range: AddressRange): void {
    this.#bans.delete(range)
    this.#tree.delete(range)
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
