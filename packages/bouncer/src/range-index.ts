import { Address, AddressRange, type Family } from '@tocsin/address'

const firstCapacity = 16
/** Marks an index that no range has; lengths of IPv4 are 0 … 32, of IPv6 this many more. */
const unused = 255
const ipv6Offset = 64

/**
 * Gives each range a small number that stays the same while the range is held, so that whoever knows
 * something of ranges keeps it in flat columns. About 25 bytes a range.
 * Hot path: a startup interns a million ranges, see bench/desired-set.bench.ts.
 */
export class RangeIndex {
  /** Index + 1 of the range that hashes here; 0 is free. */
  #slots = new Int32Array(firstCapacity * 2)
  #words = new Int32Array(firstCapacity * 4)
  #lengths = new Uint8Array(firstCapacity).fill(unused)
  #released: number[] = []
  #end = 0
  size = 0

  /** One above the highest index ever given: the length that columns need. */
  get end(): number {
    return this.#end
  }

  /** The index of exactly this range, or -1. */
  find({ first, prefixLength }: AddressRange): number {
    const { w0, w1, w2, w3 } = first
    const slot = this.#slotOf(w0, w1, w2, w3, lengthCode(first.family, prefixLength))
    return slot < 0 ? -1 : (this.#slots[slot] ?? 0) - 1
  }

  /** The index here of the range that has `index` in another: as `find`, without an object. */
  findSame(other: RangeIndex, index: number): number {
    const words = other.#words
    const at = index * 4
    const slot = this.#slotOf(
      words[at] ?? 0,
      words[at + 1] ?? 0,
      words[at + 2] ?? 0,
      words[at + 3] ?? 0,
      other.#lengths[index] ?? unused,
    )
    return slot < 0 ? -1 : (this.#slots[slot] ?? 0) - 1
  }

  familyAt(index: number): Family {
    return (this.#lengths[index] ?? 0) < ipv6Offset ? 4 : 6
  }

  prefixLengthAt(index: number): number {
    const code = this.#lengths[index] ?? 0
    return code < ipv6Offset ? code : code - ipv6Offset
  }

  /** The index of this range, which from now on is held. */
  intern(range: AddressRange): number {
    const { w0, w1, w2, w3, family } = range.first
    const code = lengthCode(family, range.prefixLength)
    const slot = this.#slotOf(w0, w1, w2, w3, code)
    if (slot >= 0) return (this.#slots[slot] ?? 0) - 1
    const index = this.#released.pop() ?? this.#end++
    if (index >= this.#lengths.length) this.#growColumns()
    this.#words[index * 4] = w0
    this.#words[index * 4 + 1] = w1
    this.#words[index * 4 + 2] = w2
    this.#words[index * 4 + 3] = w3
    this.#lengths[index] = code
    this.#slots[~slot] = index + 1
    this.size++
    if (this.size * 3 > this.#slots.length * 2) this.#growSlots()
    return index
  }

  /** Lets go of an index; it may be given to another range afterwards. */
  release(index: number): void {
    if (!this.has(index)) return
    this.#closeSlot(this.#slotOfIndex(index))
    this.#lengths[index] = unused
    this.#released.push(index)
    this.size--
  }

  /** Whether a range has this index. */
  has(index: number): boolean {
    return (this.#lengths[index] ?? unused) !== unused
  }

  rangeAt(index: number): AddressRange {
    const code = this.#lengths[index] ?? unused
    if (code === unused) throw new Error(`no range has index ${index}`)
    const at = index * 4
    const words = this.#words
    if (code < ipv6Offset) return AddressRange.of(Address.ofIpv4(words[at] ?? 0), code)
    const address = Address.ofIpv6(
      words[at] ?? 0,
      words[at + 1] ?? 0,
      words[at + 2] ?? 0,
      words[at + 3] ?? 0,
    )
    return AddressRange.of(address, code - ipv6Offset)
  }

  clear(): void {
    this.#slots = new Int32Array(firstCapacity * 2)
    this.#words = new Int32Array(firstCapacity * 4)
    this.#lengths = new Uint8Array(firstCapacity).fill(unused)
    this.#released = []
    this.#end = 0
    this.size = 0
  }

  /** The slot that holds the range, or `~slot` of the free one where it belongs. */
  #slotOf(w0: number, w1: number, w2: number, w3: number, code: number): number {
    const mask = this.#slots.length - 1
    const words = this.#words
    let slot = hash(w0, w1, w2, w3, code) & mask
    for (;;) {
      const held = this.#slots[slot] ?? 0
      if (held === 0) return ~slot
      const at = (held - 1) * 4
      if (
        words[at] === w0 &&
        words[at + 1] === w1 &&
        words[at + 2] === w2 &&
        words[at + 3] === w3 &&
        this.#lengths[held - 1] === code
      ) {
        return slot
      }
      slot = (slot + 1) & mask
    }
  }

  #slotOfIndex(index: number): number {
    let slot = this.#homeOf(index)
    while (this.#slots[slot] !== index + 1) slot = (slot + 1) & (this.#slots.length - 1)
    return slot
  }

  #homeOf(index: number): number {
    const at = index * 4
    const words = this.#words
    const [w0, w1, w2, w3] = [words[at], words[at + 1], words[at + 2], words[at + 3]]
    return (
      hash(w0 ?? 0, w1 ?? 0, w2 ?? 0, w3 ?? 0, this.#lengths[index] ?? 0) & (this.#slots.length - 1)
    )
  }

  /** Frees a slot and moves back what had to step over it, so that no search ends too early. */
  #closeSlot(slot: number): void {
    const mask = this.#slots.length - 1
    let hole = slot
    this.#slots[hole] = 0
    for (let next = (hole + 1) & mask; ; next = (next + 1) & mask) {
      const held = this.#slots[next] ?? 0
      if (held === 0) return
      const home = this.#homeOf(held - 1)
      // It may move only when its home is not behind the hole, seen around the table.
      if (((next - home) & mask) < ((next - hole) & mask)) continue
      this.#slots[hole] = held
      this.#slots[next] = 0
      hole = next
    }
  }

  #growSlots(): void {
    this.#slots = new Int32Array(this.#slots.length * 2)
    const mask = this.#slots.length - 1
    for (let index = 0; index < this.#end; index++) {
      if (this.#lengths[index] === unused) continue
      let slot = this.#homeOf(index)
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask
      this.#slots[slot] = index + 1
    }
  }

  #growColumns(): void {
    const capacity = Math.ceil(this.#lengths.length * 1.5)
    const words = new Int32Array(capacity * 4)
    words.set(this.#words)
    this.#words = words
    const lengths = new Uint8Array(capacity).fill(unused)
    lengths.set(this.#lengths)
    this.#lengths = lengths
  }
}

function lengthCode(family: Family, prefixLength: number): number {
  return family === 4 ? prefixLength : prefixLength + ipv6Offset
}

/** Mixes all bits, because neighbours in a network differ in the last few only. */
function hash(w0: number, w1: number, w2: number, w3: number, code: number): number {
  let h = w0 ^ Math.imul(w1, 0x9e3779b1) ^ Math.imul(w2, 0x85ebca77) ^ Math.imul(w3, 0xc2b2ae3d)
  h = Math.imul(h ^ (h >>> 16) ^ (code << 8), 0x7feb352d)
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b)
  return h ^ (h >>> 16)
}
