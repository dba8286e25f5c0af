import { Automaton } from './automaton.ts'

/** `{ row: 3, start: 12, end: 17 }` */
export interface LiteralMatch {
  /** The index of the literal. */
  readonly row: number
  readonly start: number
  readonly end: number
}

/**
 * Literals looked for in one pass over a text, however many they are.
 * Hot path: see bench/pattern-set.bench.ts.
 */
export class LiteralSet {
  readonly #automaton: Automaton
  readonly #rows: readonly number[]
  /** The first row with an empty literal, which stands at the start of every text; -1 for none. */
  readonly #emptyRow: number

  constructor(literals: readonly string[]) {
    this.#rows = literals.flatMap((literal, row) => (literal === '' ? [] : [row]))
    this.#automaton = new Automaton(literals.filter((literal) => literal !== ''))
    this.#emptyRow = literals.indexOf('')
  }

  /** Whether any of the literals stands in a text. */
  test(text: string): boolean {
    if (this.#emptyRow >= 0) return true
    const automaton = this.#automaton
    let state = 0
    for (let at = 0; at < text.length; at++) {
      state = automaton.step(state, text.charCodeAt(at))
      if (automaton.ending(state) !== 0) return true
    }
    return false
  }

  /** The leftmost literal in a text; of those that start there, the earliest row. */
  find(text: string): LiteralMatch | undefined {
    const automaton = this.#automaton
    let row = this.#emptyRow
    let start = row < 0 ? text.length : 0
    let end = start
    let state = 0
    for (let at = 0; at < text.length; at++) {
      state = automaton.step(state, text.charCodeAt(at))
      // Whatever can still be completed starts here or later.
      if (row >= 0 && at + 1 - automaton.depth(state) > start) break
      for (let found = automaton.ending(state); found !== 0; found = automaton.nextEnding(found)) {
        const foundStart = at + 1 - automaton.depth(found)
        const foundRow = this.#rows[automaton.textsOf(found)[0] ?? 0] ?? 0
        if (row < 0 || foundStart < start || (foundStart === start && foundRow < row)) {
          row = foundRow
          start = foundStart
          end = at + 1
        }
      }
    }
    return row < 0 ? undefined : { row, start, end }
  }

  /** Tells every literal in a text by its row, each time it stands there, and where it ends. */
  each(text: string, take: (row: number, end: number) => void): void {
    const automaton = this.#automaton
    let state = 0
    for (let at = 0; at < text.length; at++) {
      state = automaton.step(state, text.charCodeAt(at))
      for (let found = automaton.ending(state); found !== 0; found = automaton.nextEnding(found)) {
        const texts = automaton.textsOf(found)
        for (let i = 0; i < texts.length; i++)
          take(this.#rows[texts[i] as number] as number, at + 1)
      }
    }
  }
}
