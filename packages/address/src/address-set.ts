import { type Address, bitsOf } from './address.ts'
import { HostTable } from './host-table.ts'
import { PrefixTree } from './prefix-tree.ts'
import type { AddressRange } from './range.ts'

/**
 * Addresses and ranges, to ask whether an address is among them. Single addresses stand in a hash
 * table (12 bytes or less on average for IPv4, 48 for IPv6), ranges in a prefix tree.
 * Hot path: `has` allocates nothing, see bench/address.bench.ts.
 */
export class AddressSet {
  readonly #v4 = new HostTable(1)
  readonly #v6 = new HostTable(4)
  readonly #ranges = new PrefixTree<true>()

  /** How many addresses and ranges were added, not how many addresses they cover. */
  get size(): number {
    return this.#v4.size + this.#v6.size + this.#ranges.size
  }

  /** Adds a range; false when exactly it was there. */
  add(range: AddressRange): boolean {
    if (range.isSingle) return this.addAddress(range.first)
    return this.#ranges.set(range, true) === undefined
  }

  /** Adds one address; false when exactly it was there. */
  addAddress(address: Address): boolean {
    return this.#hosts(address).add(address.w0, address.w1, address.w2, address.w3)
  }

  /** Removes exactly this range; the addresses and ranges in it stay. False when it was not there. */
  delete(range: AddressRange): boolean {
    if (!range.isSingle) return this.#ranges.delete(range) !== undefined
    const { first } = range
    return this.#hosts(first).delete(first.w0, first.w1, first.w2, first.w3)
  }

  /** Whether the address was added or lies in a range that was. */
  has(address: Address): boolean {
    return (
      this.#hosts(address).has(address.w0, address.w1, address.w2, address.w3) ||
      (this.#ranges.size > 0 && this.#ranges.find(address) === true)
    )
  }

  #hosts(address: Address): HostTable {
    return bitsOf(address.family) === 32 ? this.#v4 : this.#v6
  }
}
