export interface AutomatonOptions {
  /** ASCII letters count the same in either case, and so do the two signs that fold to one. */
  readonly ignoreCase?: boolean
  /** Above this many cells of four bytes there is no table, and steps are slower. */
  readonly maxCells?: number
}

/**
 * The Aho-Corasick automaton of some texts: state 0 is its start, `step` follows one UTF-16 unit.
 * Hot path: see bench/pattern-set.bench.ts.
 */
export class Automaton {
  /** The column of a unit; 0 for units that no text has. */
  readonly #columns: Uint16Array
  readonly #width: number
  /** The edges of the tree of texts, by state and column. */
  readonly #edges = new Map<number, number>()
  /** For each state, how many units of some text lead to it. */
  readonly #depths: number[] = [0]
  /** For each state, that of its longest proper suffix which begins a text. */
  readonly #suffixes: number[] = [0]
  readonly #ownTexts: (number[] | undefined)[] = [undefined]
  /** For each state, the longest of its suffixes, itself included, that is a text; 0 for none. */
  readonly #endings: Int32Array
  /** All steps, when that is not too many cells. */
  readonly #table: Int32Array | undefined

  /** @param texts None empty; as `foldText` makes them, when case is ignored. */
  constructor(texts: readonly string[], { ignoreCase, maxCells = 1 << 22 }: AutomatonOptions = {}) {
    this.#columns = readColumns(texts)
    this.#width = this.#columns.reduce((most, column) => Math.max(most, column), 0) + 1
    if (ignoreCase) this.#columns = foldColumns(this.#columns)
    for (const [index, text] of texts.entries()) this.#insert(text, index)
    // States are numbered as texts come, and what follows needs the shorter ones first.
    const edges = [...this.#edges].sort(([, a], [, b]) => this.depth(a) - this.depth(b))
    this.#endings = new Int32Array(this.#depths.length)
    for (const [key, state] of edges) this.#link(key, state)
    const cells = this.#depths.length * this.#width
    if (cells <= maxCells) this.#table = this.#fill(edges, new Int32Array(cells))
  }

  /** The state behind a unit. */
  step(state: number, unit: number): number {
    const column = unit < this.#columns.length ? (this.#columns[unit] as number) : 0
    if (this.#table) return this.#table[state * this.#width + column] as number
    return this.#follow(state, column)
  }

  /** The state of the longest text that ends where `state` is; 0 when none does. */
  ending(state: number): number {
    return this.#endings[state] as number
  }

  /** The same for the next shorter text, given a state of `ending`. */
  nextEnding(state: number): number {
    return this.#endings[this.#suffixes[state] as number] as number
  }

  /** The indexes of the text, more than one for equal texts, of a state of `ending`. */
  textsOf(state: number): readonly number[] {
    return this.#ownTexts[state] ?? []
  }

  /** How many of the last units may still become a text; exactly the length for a text's state. */
  depth(state: number): number {
    return this.#depths[state] ?? 0
  }

  #insert(text: string, index: number): void {
    let state = 0
    for (let i = 0; i < text.length; i++) {
      const key = state * this.#width + (this.#columns[text.charCodeAt(i)] ?? 0)
      let next = this.#edges.get(key)
      if (next === undefined) {
        next = this.#depths.length
        this.#depths.push(i + 1)
        this.#suffixes.push(0)
        this.#ownTexts.push(undefined)
        this.#edges.set(key, next)
      }
      state = next
    }
    const own = this.#ownTexts[state]
    if (own) own.push(index)
    else this.#ownTexts[state] = [index]
  }

  #link(key: number, state: number): void {
    const parent = Math.floor(key / this.#width)
    const suffix = parent === 0 ? 0 : this.#follow(this.#suffixes[parent] ?? 0, key % this.#width)
    this.#suffixes[state] = suffix
    this.#endings[state] = this.#ownTexts[state] ? state : (this.#endings[suffix] ?? 0)
  }

  #fill(edges: readonly (readonly [number, number])[], table: Int32Array): Int32Array {
    const width = this.#width
    // A state steps as its suffix does, except where the tree goes on. The steps of a suffix lead no
    // deeper than the state, so they are complete when those of all its level are written.
    for (const level of Map.groupBy(edges, ([, state]) => this.depth(state)).values()) {
      for (const [key, state] of level) table[key] = state
      for (const [, state] of level) {
        const suffix = this.#suffixes[state] ?? 0
        table.copyWithin(state * width, suffix * width, (suffix + 1) * width)
      }
    }
    return table
  }

  #follow(state: number, column: number): number {
    if (column === 0) return 0
    for (let at = state; ; at = this.#suffixes[at] ?? 0) {
      const next = this.#edges.get(at * this.#width + column)
      if (next !== undefined) return next
      if (at === 0) return 0
    }
  }
}

function readColumns(texts: readonly string[]): Uint16Array {
  const units = new Set<number>()
  for (const text of texts) for (let i = 0; i < text.length; i++) units.add(text.charCodeAt(i))
  const sorted = Uint16Array.from(units).sort()
  const columns = new Uint16Array((sorted.at(-1) ?? 0) + 1)
  sorted.forEach((unit, index) => {
    columns[unit] = index + 1
  })
  return columns
}

/** Columns that give each spelling of a letter the column of the lower case one. */
function foldColumns(columns: Uint16Array): Uint16Array {
  const folded = new Uint16Array(Math.max(columns.length, 0x212b))
  folded.set(columns)
  for (let upper = 0x41; upper <= 0x5a; upper++) folded[upper] = columns[upper + 0x20] ?? 0
  folded[0x17f] = columns[0x73] ?? 0
  folded[0x212a] = columns[0x6b] ?? 0
  return folded
}
