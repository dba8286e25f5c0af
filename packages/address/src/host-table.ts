/**
 * A set of numbers of one or four 32-bit words: open addressing in one flat array, at most two
 * thirds full. Hot path: a lookup touches one or two cache lines and allocates nothing.
 */
export class HostTable {
  readonly #stride: 1 | 4
  #slots: Int32Array
  #mask: number
  /** All words zero marks a free slot, so that number is kept here. */
  #hasZero = false
  size = 0

  constructor(stride: 1 | 4) {
    this.#stride = stride
    this.#slots = new Int32Array(16 * stride)
    this.#mask = 15
  }

  has(w0: number, w1: number, w2: number, w3: number): boolean {
    if ((w0 | w1 | w2 | w3) === 0) return this.#hasZero
    return this.#slotOf(w0, w1, w2, w3) >= 0
  }

  /** False when it was there. */
  add(w0: number, w1: number, w2: number, w3: number): boolean {
    if ((w0 | w1 | w2 | w3) === 0) {
      if (this.#hasZero) return false
      this.#hasZero = true
    } else {
      const slot = this.#slotOf(w0, w1, w2, w3)
      if (slot >= 0) return false
      this.#write(~slot, w0, w1, w2, w3)
    }
    this.size++
    if (this.size * 3 > (this.#mask + 1) * 2) this.#grow()
    return true
  }

  /** False when it was not there. */
  delete(w0: number, w1: number, w2: number, w3: number): boolean {
    if ((w0 | w1 | w2 | w3) === 0) {
      if (!this.#hasZero) return false
      this.#hasZero = false
    } else {
      const slot = this.#slotOf(w0, w1, w2, w3)
      if (slot < 0) return false
      this.#close(slot)
    }
    this.size--
    return true
  }

  /** The slot that holds the number, or `~slot` of the free one where it belongs. */
  #slotOf(w0: number, w1: number, w2: number, w3: number): number {
    const slots = this.#slots
    let slot = hash(w0, w1, w2, w3) & this.#mask
    if (this.#stride === 1) {
      for (;;) {
        const held = slots[slot]
        if (held === w0) return slot
        if (held === 0) return ~slot
        slot = (slot + 1) & this.#mask
      }
    }
    for (;;) {
      const at = slot * 4
      const h0 = slots[at] ?? 0
      const h1 = slots[at + 1] ?? 0
      const h2 = slots[at + 2] ?? 0
      const h3 = slots[at + 3] ?? 0
      if (h0 === w0 && h1 === w1 && h2 === w2 && h3 === w3) return slot
      if ((h0 | h1 | h2 | h3) === 0) return ~slot
      slot = (slot + 1) & this.#mask
    }
  }

  #write(slot: number, w0: number, w1: number, w2: number, w3: number): void {
    const at = slot * this.#stride
    this.#slots[at] = w0
    if (this.#stride === 1) return
    this.#slots[at + 1] = w1
    this.#slots[at + 2] = w2
    this.#slots[at + 3] = w3
  }

  /** Frees a slot and moves back what had to step over it, so that no search ends too early. */
  #close(slot: number): void {
    let hole = slot
    this.#write(hole, 0, 0, 0, 0)
    for (let next = (hole + 1) & this.#mask; ; next = (next + 1) & this.#mask) {
      const w0 = this.#word(next, 0)
      const w1 = this.#word(next, 1)
      const w2 = this.#word(next, 2)
      const w3 = this.#word(next, 3)
      if ((w0 | w1 | w2 | w3) === 0) return
      const home = hash(w0, w1, w2, w3) & this.#mask
      // It may move only when its home is not behind the hole, seen around the table.
      if (((next - home) & this.#mask) < ((next - hole) & this.#mask)) continue
      this.#write(hole, w0, w1, w2, w3)
      this.#write(next, 0, 0, 0, 0)
      hole = next
    }
  }

  #word(slot: number, index: number): number {
    return index < this.#stride ? (this.#slots[slot * this.#stride + index] ?? 0) : 0
  }

  #grow(): void {
    const before = this.#slots
    const stride = this.#stride
    this.#slots = new Int32Array(before.length * 2)
    this.#mask = this.#mask * 2 + 1
    for (let at = 0; at < before.length; at += stride) {
      const w0 = before[at] ?? 0
      const w1 = stride === 1 ? 0 : (before[at + 1] ?? 0)
      const w2 = stride === 1 ? 0 : (before[at + 2] ?? 0)
      const w3 = stride === 1 ? 0 : (before[at + 3] ?? 0)
      if ((w0 | w1 | w2 | w3) !== 0) this.#write(~this.#slotOf(w0, w1, w2, w3), w0, w1, w2, w3)
    }
  }
}

/** Mixes all bits, because neighbours in a network differ in the last few only. */
function hash(w0: number, w1: number, w2: number, w3: number): number {
  let h = w0 ^ Math.imul(w1, 0x9e3779b1) ^ Math.imul(w2, 0x85ebca77) ^ Math.imul(w3, 0xc2b2ae3d)
  h = Math.imul(h ^ (h >>> 16), 0x7feb352d)
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b)
  return h ^ (h >>> 16)
}
