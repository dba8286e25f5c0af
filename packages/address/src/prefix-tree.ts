import { Address, bitsOf, type Family, maskOf } from './address.ts'
import { AddressRange } from './range.ts'

/** A range and what the tree holds for it: `{ range: 10.0.0.0/8, value: 'office' }`. */
export interface PrefixEntry<V> {
  readonly range: AddressRange
  readonly value: V
}

/**
 * Values by address range, found by the most specific range around an address. Both families.
 * A path-compressed binary tree in flat arrays: n ranges take at most 2n nodes, so at most 48 bytes
 * an entry for IPv4 and 72 for IPv6, values aside (up to 1.5 times that just after growing).
 * Hot path: lookups allocate nothing but the result, see bench/address.bench.ts.
 */
export class PrefixTree<V> {
  readonly #v4 = new Trie<V>(4)
  readonly #v6 = new Trie<V>(6)

  get size(): number {
    return this.#v4.size + this.#v6.size
  }

  /** Sets the value of a range; the value it had before, if any. */
  set(range: AddressRange, value: V): V | undefined {
    return this.#trie(range.first.family).set(range, value)
  }

  /** The value of exactly this range. */
  get(range: AddressRange): V | undefined {
    return this.#trie(range.first.family).get(range)
  }

  /** Removes exactly this range; its value, or undefined when it was not there. */
  delete(range: AddressRange): V | undefined {
    return this.#trie(range.first.family).delete(range)
  }

  /** The value of the most specific range that contains the address. */
  find(address: Address): V | undefined {
    return this.#trie(address.family).find(address)
  }

  /** The values of every range that contains the address, widest first. */
  findAll(address: Address): V[] {
    const values: V[] = []
    this.#trie(address.family).walkDown(address, bitsOf(address.family), (value) => {
      values.push(value)
    })
    return values
  }

  /** Every range, widest first, that covers all of `range`, itself included. */
  covering(range: AddressRange): PrefixEntry<V>[] {
    const entries: PrefixEntry<V>[] = []
    this.#trie(range.first.family).walkDown(range.first, range.prefixLength, (value, length) => {
      entries.push({ range: AddressRange.of(range.first, length), value })
    })
    return entries
  }

  /** Every range that lies in `range`, itself included, in order. */
  within(range: AddressRange): PrefixEntry<V>[] {
    return [...this.#trie(range.first.family).entriesWithin(range)]
  }

  /** All entries in order: IPv4 first, by address, wider ranges before those in them. */
  *entries(): Generator<PrefixEntry<V>> {
    yield* this.#v4.entries()
    yield* this.#v6.entries()
  }

  clear(): void {
    this.#v4.clear()
    this.#v6.clear()
  }

  #trie(family: Family): Trie<V> {
    return family === 4 ? this.#v4 : this.#v6
  }
}

const none = -1
const left = 0
const right = 1
const length = 2
const bits = 3
const firstCapacity = 16

/**
 * The tree of one family. Node `i` stands at `i * stride` of `#nodes`: left, right, prefix length,
 * then one word of bits for IPv4 or four for IPv6. A node with no value only joins two children.
 */
class Trie<V> {
  readonly #family: Family
  readonly #stride: number
  #nodes: Int32Array
  #values: (V | undefined)[] = []
  #isSet: Uint8Array
  #root = none
  #used = 0
  /** Freed nodes, chained through their left child. */
  #free = none
  size = 0

  constructor(family: Family) {
    this.#family = family
    this.#stride = family === 4 ? bits + 1 : bits + 4
    this.#nodes = new Int32Array(firstCapacity * this.#stride)
    this.#isSet = new Uint8Array(firstCapacity)
  }

  find(address: Address): V | undefined {
    const nodes = this.#nodes
    const stride = this.#stride
    let found: V | undefined
    let node = this.#root
    while (node !== none) {
      const at = node * stride
      const nodeLength = nodes[at + length] ?? 0
      if (this.#common(node, address, nodeLength) < nodeLength) break
      if (this.#isSet[node] === 1) found = this.#values[node]
      if (nodeLength === (stride === 4 ? 32 : 128)) break
      node = nodes[at + bitAt(address, nodeLength)] ?? none
    }
    return found
  }

  walkDown(address: Address, maxLength: number, visit: (value: V, length: number) => void): void {
    let node = this.#root
    while (node !== none) {
      const nodeLength = this.#at(node, length)
      if (nodeLength > maxLength || this.#common(node, address, nodeLength) < nodeLength) return
      if (this.#isSet[node] === 1) visit(this.#values[node] as V, nodeLength)
      if (nodeLength === maxLength) return
      node = this.#at(node, bitAt(address, nodeLength))
    }
  }

  get(range: AddressRange): V | undefined {
    const node = this.#findNode(range)
    return node === none ? undefined : this.#values[node]
  }

  set(range: AddressRange, value: V): V | undefined {
    const { first, prefixLength } = range
    let parent = none
    let side = left
    let node = this.#root
    while (node !== none) {
      const nodeLength = this.#at(node, length)
      const common = this.#common(node, first, Math.min(nodeLength, prefixLength))
      if (common < nodeLength) {
        if (common === prefixLength) this.#insertAbove(parent, side, node, range, value)
        else this.#split(parent, side, node, common, range, value)
        return undefined
      }
      if (nodeLength === prefixLength) return this.#replace(node, value)
      parent = node
      side = bitAt(first, nodeLength)
      node = this.#at(node, side)
    }
    this.#link(parent, side, this.#create(first, prefixLength, value))
    return undefined
  }

  delete(range: AddressRange): V | undefined {
    const { first, prefixLength } = range
    let grandparent = none
    let grandside = left
    let parent = none
    let side = left
    let node = this.#root
    while (node !== none && this.#at(node, length) < prefixLength) {
      grandparent = parent
      grandside = side
      parent = node
      side = bitAt(first, this.#at(node, length))
      node = this.#at(node, side)
    }
    if (node === none || !this.#isNodeOf(node, range) || this.#isSet[node] === 0) return undefined
    const value = this.#values[node]
    this.#values[node] = undefined
    this.#isSet[node] = 0
    this.size--
    const remaining = this.#soleChild(node)
    // With two children it stays, to join them.
    if (remaining === undefined) return value
    this.#link(parent, side, remaining)
    this.#release(node)
    if (remaining === none && parent !== none && this.#isSet[parent] === 0) {
      // The parent joined two and has one left: that one takes its place.
      this.#link(grandparent, grandside, this.#at(parent, 1 - side))
      this.#release(parent)
    }
    return value
  }

  *entries(): Generator<PrefixEntry<V>> {
    yield* this.#entriesBelow(this.#root)
  }

  *entriesWithin(range: AddressRange): Generator<PrefixEntry<V>> {
    const { first, prefixLength } = range
    let node = this.#root
    while (node !== none && this.#at(node, length) < prefixLength) {
      node = this.#at(node, bitAt(first, this.#at(node, length)))
    }
    if (node === none || this.#common(node, first, prefixLength) < prefixLength) return
    yield* this.#entriesBelow(node)
  }

  clear(): void {
    this.#nodes = new Int32Array(firstCapacity * this.#stride)
    this.#isSet = new Uint8Array(firstCapacity)
    this.#values = []
    this.#root = none
    this.#used = 0
    this.#free = none
    this.size = 0
  }

  *#entriesBelow(start: number): Generator<PrefixEntry<V>> {
    const waiting = [start]
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (node === none) continue
      if (this.#isSet[node] === 1) {
        yield { range: this.#rangeOf(node), value: this.#values[node] as V }
      }
      waiting.push(this.#at(node, right), this.#at(node, left))
    }
  }

  #at(node: number, field: number): number {
    return this.#nodes[node * this.#stride + field] ?? none
  }

  /** How many leading bits node and address share, at most `limit`. */
  #common(node: number, address: Address, limit: number): number {
    const nodes = this.#nodes
    const at = node * this.#stride + bits
    let count = Math.clz32((nodes[at] ?? 0) ^ address.w0)
    if (count === 32 && limit > 32) {
      count += Math.clz32((nodes[at + 1] ?? 0) ^ address.w1)
      if (count === 64 && limit > 64) {
        count += Math.clz32((nodes[at + 2] ?? 0) ^ address.w2)
        if (count === 96 && limit > 96) count += Math.clz32((nodes[at + 3] ?? 0) ^ address.w3)
      }
    }
    return Math.min(count, limit)
  }

  #isNodeOf(node: number, range: AddressRange): boolean {
    const { first, prefixLength } = range
    return (
      this.#at(node, length) === prefixLength &&
      this.#common(node, first, prefixLength) === prefixLength
    )
  }

  #findNode(range: AddressRange): number {
    let node = this.#root
    while (node !== none && this.#at(node, length) < range.prefixLength) {
      node = this.#at(node, bitAt(range.first, this.#at(node, length)))
    }
    return node !== none && this.#isNodeOf(node, range) ? node : none
  }

  #replace(node: number, value: V): V | undefined {
    const before = this.#values[node]
    if (this.#isSet[node] === 0) this.size++
    this.#values[node] = value
    this.#isSet[node] = 1
    return before
  }

  /** Puts a range over a node that lies in it. */
  #insertAbove(parent: number, side: number, node: number, range: AddressRange, value: V): void {
    const { first, prefixLength } = range
    const above = this.#create(first, prefixLength, value)
    this.#link(above, this.#bitOfNode(node, prefixLength), node)
    this.#link(parent, side, above)
  }

  /** Joins a node and a new range, which share their first `common` bits only. */
  #split(
    parent: number,
    side: number,
    node: number,
    common: number,
    range: AddressRange,
    value: V,
  ): void {
    const leaf = this.#create(range.first, range.prefixLength, value)
    const joint = this.#allocate(range.first, common)
    const leafSide = bitAt(range.first, common)
    this.#link(joint, leafSide, leaf)
    this.#link(joint, 1 - leafSide, node)
    this.#link(parent, side, joint)
  }

  #bitOfNode(node: number, index: number): number {
    return ((this.#at(node, bits + (index >> 5)) << (index & 31)) >>> 31) & 1
  }

  /** The one child of a node, `none` when it is a leaf, undefined when it has two. */
  #soleChild(node: number): number | undefined {
    const a = this.#at(node, left)
    const b = this.#at(node, right)
    if (a === none) return b
    return b === none ? a : undefined
  }

  #link(parent: number, side: number, child: number): void {
    if (parent === none) this.#root = child
    else this.#nodes[parent * this.#stride + side] = child
  }

  #create(first: Address, prefixLength: number, value: V): number {
    const node = this.#allocate(first, prefixLength)
    this.#values[node] = value
    this.#isSet[node] = 1
    this.size++
    return node
  }

  #allocate(first: Address, prefixLength: number): number {
    let node = this.#free
    if (node === none) {
      node = this.#used++
      if (node === this.#isSet.length) this.#grow()
      this.#values.push(undefined)
    } else {
      this.#free = this.#at(node, left)
    }
    const nodes = this.#nodes
    const at = node * this.#stride
    nodes[at + left] = none
    nodes[at + right] = none
    nodes[at + length] = prefixLength
    nodes[at + bits] = first.w0 & maskOf(prefixLength)
    if (this.#family === 6) {
      nodes[at + bits + 1] = first.w1 & maskOf(prefixLength - 32)
      nodes[at + bits + 2] = first.w2 & maskOf(prefixLength - 64)
      nodes[at + bits + 3] = first.w3 & maskOf(prefixLength - 96)
    }
    return node
  }

  #release(node: number): void {
    this.#nodes[node * this.#stride + left] = this.#free
    this.#free = node
  }

  #grow(): void {
    const capacity = Math.ceil(this.#isSet.length * 1.5)
    const nodes = new Int32Array(capacity * this.#stride)
    nodes.set(this.#nodes)
    this.#nodes = nodes
    const isSet = new Uint8Array(capacity)
    isSet.set(this.#isSet)
    this.#isSet = isSet
  }

  #rangeOf(node: number): AddressRange {
    const w0 = this.#at(node, bits)
    const address =
      this.#family === 4
        ? Address.ofIpv4(w0)
        : Address.ofIpv6(
            w0,
            this.#at(node, bits + 1),
            this.#at(node, bits + 2),
            this.#at(node, bits + 3),
          )
    return AddressRange.of(address, this.#at(node, length))
  }
}

/** Bit `index` of an address, counted from the most significant. */
function bitAt(address: Address, index: number): number {
  const word =
    index < 32 ? address.w0 : index < 64 ? address.w1 : index < 96 ? address.w2 : address.w3
  return (word >>> (31 - (index & 31))) & 1
}
