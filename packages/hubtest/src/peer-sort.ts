/**
 * Sorts in place in the order in which the peer's unstable sort leaves equal elements, because its
 * recorded test results depend on that order. A pattern-defeating quicksort: up to 12 elements by
 * insertion, more by partition around a median; the shuffle that follows several bad pivots is left
 * out, so beyond that point equal elements keep the order of this implementation.
 * @param less Whether the first belongs strictly before the second.
 * @see Go's sort.Sort
 */
export function peerSort<T>(items: T[], less: (a: T, b: T) => boolean): void {
  new PeerSorter(items, less).sort(0, items.length)
}

const insertionLength = 12
const longLength = 50
const maxRepairs = 5
const maxMedianSwaps = 12

type Hint = 'increasing' | 'decreasing' | 'unknown'

class PeerSorter<T> {
  readonly #items: T[]
  readonly #isBefore: (a: T, b: T) => boolean
  #medianSwaps = 0

  constructor(items: T[], less: (a: T, b: T) => boolean) {
    this.#items = items
    this.#isBefore = less
  }

  sort(from: number, to: number): void {
    let a = from
    let b = to
    let wasBalanced = true
    let wasPartitioned = true
    while (b - a > insertionLength) {
      const length = b - a
      let [pivot, hint] = this.#choosePivot(a, b)
      if (hint === 'decreasing') {
        this.#reverse(a, b)
        pivot = b - 1 - (pivot - a)
        hint = 'increasing'
      }
      if (wasBalanced && wasPartitioned && hint === 'increasing' && this.#repair(a, b)) return
      if (a > 0 && !this.#less(a - 1, pivot)) {
        a = this.#partitionEqual(a, b, pivot)
        continue
      }
      const { middle, wasSorted } = this.#partition(a, b, pivot)
      wasPartitioned = wasSorted
      wasBalanced = Math.min(middle - a, b - middle) >= Math.floor(length / 8)
      if (middle - a < b - middle) {
        this.sort(a, middle)
        a = middle + 1
      } else {
        this.sort(middle + 1, b)
        b = middle
      }
    }
    this.#insertionSort(a, b)
  }

  #less(i: number, j: number): boolean {
    return this.#isBefore(this.#items[i] as T, this.#items[j] as T)
  }

  #swap(i: number, j: number): void {
    const kept = this.#items[i] as T
    this.#items[i] = this.#items[j] as T
    this.#items[j] = kept
  }

  #insertionSort(a: number, b: number): void {
    for (let i = a + 1; i < b; i++) {
      for (let j = i; j > a && this.#less(j, j - 1); j--) this.#swap(j, j - 1)
    }
  }

  #choosePivot(a: number, b: number): [pivot: number, hint: Hint] {
    const length = b - a
    const quarter = Math.floor(length / 4)
    this.#medianSwaps = 0
    let [i, j, k] = [a + quarter, a + 2 * quarter, a + 3 * quarter]
    if (length >= longLength) {
      i = this.#median(i - 1, i, i + 1)
      j = this.#median(j - 1, j, j + 1)
      k = this.#median(k - 1, k, k + 1)
    }
    const pivot = this.#median(i, j, k)
    if (this.#medianSwaps === 0) return [pivot, 'increasing']
    return [pivot, this.#medianSwaps === maxMedianSwaps ? 'decreasing' : 'unknown']
  }

  #median(i: number, j: number, k: number): number {
    let [low, middle] = this.#ordered(i, j)
    ;[middle] = this.#ordered(middle, k)
    ;[low, middle] = this.#ordered(low, middle)
    return middle
  }

  #ordered(i: number, j: number): [number, number] {
    if (!this.#less(j, i)) return [i, j]
    this.#medianSwaps++
    return [j, i]
  }

  #reverse(a: number, b: number): void {
    for (let i = a, j = b - 1; i < j; i++, j--) this.#swap(i, j)
  }

  /** Whether the range is sorted, after at most a few local repairs on long ones. */
  #repair(a: number, b: number): boolean {
    let i = a + 1
    for (let step = 0; step < maxRepairs; step++) {
      while (i < b && !this.#less(i, i - 1)) i++
      if (i === b) return true
      if (b - a < longLength) return false
      this.#swap(i, i - 1)
      if (i - a >= 2) {
        for (let j = i - 1; j >= 1 && this.#less(j, j - 1); j--) this.#swap(j, j - 1)
      }
      if (b - i >= 2) {
        for (let j = i + 1; j < b && this.#less(j, j - 1); j++) this.#swap(j, j - 1)
      }
    }
    return false
  }

  #partitionEqual(a: number, b: number, pivot: number): number {
    this.#swap(a, pivot)
    let i = a + 1
    let j = b - 1
    for (;;) {
      while (i <= j && !this.#less(a, i)) i++
      while (i <= j && this.#less(a, j)) j--
      if (i > j) return i
      this.#swap(i++, j--)
    }
  }

  #partition(a: number, b: number, pivot: number): { middle: number; wasSorted: boolean } {
    this.#swap(a, pivot)
    let i = a + 1
    let j = b - 1
    let wasSorted = true
    for (;;) {
      while (i <= j && this.#less(i, a)) i++
      while (i <= j && !this.#less(j, a)) j--
      if (i > j) break
      wasSorted = false
      this.#swap(i++, j--)
    }
    this.#swap(j, a)
    return { middle: j, wasSorted }
  }
}
