import { setFlagsFromString } from 'node:v8'

/** Texts up to this length, nearly all lines, are matched with the larger budget. */
export const shortTextLength = 4096
// Steps back before V8 leaves its backtracking engine. One step may cost the length of the text
// (`\w+@` on one long word), so their product is what a hostile text can cost: some ms for each.
const shortTextBudget = 2000
const longTextBudget = 200
// The linear engine begins a match at every place of the text at once, which of a pattern of this
// length costs ten times more than the one at the start of the text.
const startedLength = 100

// Both are off by default. The first makes V8 finish in its linear engine what it began in the
// backtracking one; the second makes known the `l` flag, which tells whether it could.
setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
setFlagsFromString('--enable-experimental-regexp-engine')
setBudget(shortTextBudget)

/** Whether V8's linear engine takes a pattern; it is parsed for that, not compiled. */
export function isLinear(source: string): boolean {
  try {
    new RegExp(source, 'l')
    return true
  } catch {
    // The refusal is the answer.
    return false
  }
}

export interface LinearOptions {
  /** Up to where a text is short; `shortTextLength` at most. */
  readonly shortLength?: number
  /** Asked first about every longer text: whether it can match at all. */
  readonly mayMatch?: (text: string) => boolean
}

/**
 * An ECMAScript pattern that `isLinear`, matched in linear time.
 * Hot path: see bench/pattern.bench.ts.
 */
export class LinearRegExp {
  readonly #source: string
  readonly #shortLength: number
  readonly #mayMatch: ((text: string) => boolean) | undefined
  readonly #short: RegExp
  #long: RegExp | undefined
  /** The match at the start of a text, which then is the leftmost: most lines match there. */
  #start: RegExp | undefined
  #linear: RegExp | undefined

  constructor(source: string, options: LinearOptions = {}) {
    this.#source = source
    this.#shortLength = options.shortLength ?? shortTextLength
    this.#mayMatch = options.mayMatch
    this.#short = new RegExp(source)
  }

  exec(text: string): RegExpExecArray | null {
    return text.length <= this.#shortLength ? this.#short.exec(text) : this.#execLong(text)
  }

  test(text: string): boolean {
    return text.length <= this.#shortLength ? this.#short.test(text) : this.#execLong(text) !== null
  }

  #execLong(text: string): RegExpExecArray | null {
    if (this.#mayMatch && !this.#mayMatch(text)) return null
    if (!this.#long) {
      // V8 keeps compiled patterns by their source, budget included: these have to look different.
      this.#long = new RegExp(`(?:${this.#source})`)
      if (this.#source.length > startedLength) this.#start = new RegExp(`^(?:${this.#source})`)
    }
    // V8 compiles anew as a pattern becomes hot, or was not used for long, and for other kinds of
    // text, each time with the budget of that moment.
    setBudget(longTextBudget)
    try {
      return this.#start?.exec(text) ?? this.#long.exec(text)
    } catch (error) {
      // The backtracking engine ran out of stack, after some ten million characters.
      if (!(error instanceof RangeError)) throw error
      this.#linear ??= new RegExp(this.#source, 'l')
      return this.#linear.exec(text)
    } finally {
      setBudget(shortTextBudget)
    }
  }
}

function setBudget(backtracks: number): void {
  setFlagsFromString(`--regexp-backtracks-before-fallback=${backtracks}`)
}
