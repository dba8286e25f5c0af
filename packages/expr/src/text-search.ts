import { LiteralSet } from '@tocsin/regex'

/** Below this a plain loop over the list is as fast. */
const minIndexed = 8
/** A list has to be searched to its end so often before an index of it pays. */
const minSeen = 2

type Test = (text: string) => boolean

/**
 * Looks for a text among the texts of a list, or for these in the text. While the same list comes
 * again (a data file), one index of it answers; it is rebuilt for another list.
 * Hot path: see bench/evaluate.bench.ts.
 */
export class TextSearch {
  readonly #by: 'equals' | 'contains'
  readonly #change: ((element: string) => unknown) | undefined
  #list: readonly string[] | undefined
  #seen = 0
  #indexed: Test | undefined

  constructor(by: 'equals' | 'contains', change: ((element: string) => unknown) | undefined) {
    this.#by = by
    this.#change = change
    this.#list = undefined
    this.#indexed = undefined
  }

  /** Whether any text of the list, changed, equals `text` or stands in it. */
  test(list: readonly string[], text: string): boolean {
    if (list !== this.#list) {
      this.#list = list
      this.#seen = 0
      this.#indexed = undefined
    }
    if (this.#indexed) return this.#indexed(text)
    const isFound = this.#scan(list, text)
    // A scan that fails or ends early says nothing about the rest, so only a full one leads on.
    if (!isFound && ++this.#seen === minSeen && list.length >= minIndexed) {
      this.#indexed = this.#index(list)
    }
    return isFound
  }

  #scan(list: readonly string[], text: string): boolean {
    const change = this.#change
    for (let i = 0; i < list.length; i++) {
      const element = (change ? change(list[i] as string) : list[i]) as string
      if (this.#by === 'equals' ? text === element : text.includes(element)) return true
    }
    return false
  }

  #index(list: readonly string[]): Test {
    const change = this.#change
    const texts = (change ? list.map((element) => change(element)) : list) as readonly string[]
    if (this.#by === 'equals') {
      const set = new Set(texts)
      return (text) => set.has(text)
    }
    const literals = new LiteralSet(texts)
    return (text) => literals.test(text)
  }
}
