/**
 * Which decision changed when: pairs of an ascending mark (a change number, a time) and an id. The
 * oldest pairs are forgotten; `floor` says up to which mark that happened.
 */
export class ChangeLog {
  #marks: Float64Array = new Float64Array(256)
  #ids: Float64Array = new Float64Array(256)
  #start = 0
  #end = 0
  readonly #capacity: number
  /** Everything after this mark is in the log. */
  floor: number

  constructor(capacity: number, floor: number) {
    this.#capacity = capacity
    this.floor = floor
  }

  get size(): number {
    return this.#end - this.#start
  }

  push(mark: number, id: number): void {
    if (this.#end === this.#marks.length) this.#makeRoom()
    // A clock that stepped back must not break the order; what is repeated does no harm.
    const before = this.#end > this.#start ? (this.#marks[this.#end - 1] ?? mark) : mark
    this.#marks[this.#end] = Math.max(mark, before)
    this.#ids[this.#end++] = id
  }

  /** The ids of all pairs with a mark above this one, oldest first, repeated as they came. */
  after(mark: number): Float64Array {
    let low = this.#start
    let high = this.#end
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#marks[middle] ?? 0) > mark) high = middle
      else low = middle + 1
    }
    return this.#ids.subarray(low, this.#end)
  }

  #makeRoom(): void {
    const excess = this.size - this.#capacity
    if (excess > 0) {
      this.#start += excess
      this.floor = this.#marks[this.#start - 1] ?? this.floor
    }
    const size = this.size
    const capacity = Math.max(this.#marks.length, Math.ceil(size * 1.5))
    const marks = new Float64Array(capacity)
    const ids = new Float64Array(capacity)
    marks.set(this.#marks.subarray(this.#start, this.#end))
    ids.set(this.#ids.subarray(this.#start, this.#end))
    this.#marks = marks
    this.#ids = ids
    this.#start = 0
    this.#end = size
  }
}
