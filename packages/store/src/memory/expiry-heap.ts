/**
 * What ends next, of many: a binary heap in flat arrays. Entries are never removed early; whoever pops
 * one looks whether it still ends then. Hot path: no allocation but growing, 12 bytes an entry.
 */
export class ExpiryHeap {
  #untils: Float64Array
  #slots: Int32Array
  size = 0

  constructor(capacity = 64) {
    this.#untils = new Float64Array(capacity)
    this.#slots = new Int32Array(capacity)
  }

  /** When the next entry ends; Infinity when there is none. */
  get nextMs(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : (this.#untils[0] ?? 0)
  }

  push(untilMs: number, slot: number): void {
    if (this.size === this.#slots.length) this.#grow()
    let at = this.size++
    while (at > 0) {
      const parent = (at - 1) >> 1
      const parentMs = this.#untils[parent] ?? 0
      if (parentMs <= untilMs) break
      this.#untils[at] = parentMs
      this.#slots[at] = this.#slots[parent] ?? 0
      at = parent
    }
    this.#untils[at] = untilMs
    this.#slots[at] = slot
  }

  /** The slot of the entry that ends next. */
  pop(): number {
    const first = this.#slots[0] ?? -1
    const last = --this.size
    const untilMs = this.#untils[last] ?? 0
    const slot = this.#slots[last] ?? 0
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= last) break
      if (child + 1 < last && (this.#untils[child + 1] ?? 0) < (this.#untils[child] ?? 0)) child++
      const childMs = this.#untils[child] ?? 0
      if (childMs >= untilMs) break
      this.#untils[at] = childMs
      this.#slots[at] = this.#slots[child] ?? 0
      at = child
    }
    this.#untils[at] = untilMs
    this.#slots[at] = slot
    return first
  }

  #grow(): void {
    const capacity = Math.ceil(this.#slots.length * 1.5)
    const untils = new Float64Array(capacity)
    const slots = new Int32Array(capacity)
    untils.set(this.#untils)
    slots.set(this.#slots)
    this.#untils = untils
    this.#slots = slots
  }
}
