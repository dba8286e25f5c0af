/** The last code point of Unicode. */
export const maxCodePoint = 0x10ffff
const firstAstral = 0x10000

/**
 * A set of code points. Immutable; its ranges are sorted, disjoint and never touch.
 * `[48, 57, 97, 102]` is `[0-9a-f]`.
 */
export class CharSet {
  static readonly empty = new CharSet([])
  static readonly all = new CharSet([0, maxCodePoint])

  /** Pairs of first and last code point. */
  readonly ranges: readonly number[]

  private constructor(ranges: readonly number[]) {
    this.ranges = ranges
  }

  /** From pairs of first and last code point in any order, overlapping or not. */
  static of(...pairs: readonly number[]): CharSet {
    return CharSet.from(pairs)
  }

  static from(pairs: readonly number[]): CharSet {
    const sorted: [number, number][] = []
    for (let i = 0; i + 1 < pairs.length; i += 2) sorted.push([pairs[i] ?? 0, pairs[i + 1] ?? 0])
    sorted.sort((a, b) => a[0] - b[0])
    const ranges: number[] = []
    for (const [first, last] of sorted) {
      const end = ranges.at(-1)
      if (end !== undefined && first <= end + 1) ranges[ranges.length - 1] = Math.max(end, last)
      else ranges.push(first, last)
    }
    return new CharSet(ranges)
  }

  /** Every character of a text. */
  static ofText(text: string): CharSet {
    return CharSet.from(Array.from(text).flatMap((char) => [codePoint(char), codePoint(char)]))
  }

  get isEmpty(): boolean {
    return this.ranges.length === 0
  }

  /** How many code points are in it. */
  get size(): number {
    let size = 0
    for (let i = 0; i < this.ranges.length; i += 2) {
      size += (this.ranges[i + 1] ?? 0) - (this.ranges[i] ?? 0) + 1
    }
    return size
  }

  /** Whether it holds every code point past U+FFFF, as `.` and `[^"]` do. */
  get hasAllAstral(): boolean {
    const last = this.ranges.length - 2
    return this.ranges[last + 1] === maxCodePoint && (this.ranges[last] ?? 0) <= firstAstral
  }

  get hasAstral(): boolean {
    return (this.ranges.at(-1) ?? 0) >= firstAstral
  }

  has(point: number): boolean {
    for (let i = 0; i < this.ranges.length; i += 2) {
      if (point < (this.ranges[i] ?? 0)) return false
      if (point <= (this.ranges[i + 1] ?? 0)) return true
    }
    return false
  }

  union(other: CharSet): CharSet {
    return CharSet.from([...this.ranges, ...other.ranges])
  }

  negate(): CharSet {
    const ranges: number[] = []
    let next = 0
    for (let i = 0; i < this.ranges.length; i += 2) {
      const first = this.ranges[i] ?? 0
      if (first > next) ranges.push(next, first - 1)
      next = (this.ranges[i + 1] ?? 0) + 1
    }
    if (next <= maxCodePoint) ranges.push(next, maxCodePoint)
    return new CharSet(ranges)
  }

  minus(other: CharSet): CharSet {
    return this.negate().union(other).negate()
  }

  /** The part between two code points, both included. */
  between(first: number, last: number): CharSet {
    const ranges: number[] = []
    for (let i = 0; i < this.ranges.length; i += 2) {
      const low = Math.max(first, this.ranges[i] ?? 0)
      const high = Math.min(last, this.ranges[i + 1] ?? 0)
      if (low <= high) ranges.push(low, high)
    }
    return new CharSet(ranges)
  }

  /** Its code points in order; for small sets. */
  *points(): Generator<number> {
    for (let i = 0; i < this.ranges.length; i += 2) {
      for (let point = this.ranges[i] ?? 0; point <= (this.ranges[i + 1] ?? 0); point++) yield point
    }
  }
}

/** The first code point of a text that is not empty. */
export function codePoint(text: string): number {
  return text.codePointAt(0) ?? 0
}
