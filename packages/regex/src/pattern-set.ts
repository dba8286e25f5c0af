import { Automaton } from './automaton.ts'
import { compileTree } from './compile-pattern.ts'
import { requiredLiterals } from './literals.ts'
import { parsePattern } from './parse-pattern.ts'
import type { CompiledPattern, Pattern, PatternOptions } from './pattern.ts'

export interface PatternSetOptions extends PatternOptions {
  /** How many answers are kept, by text, least recently used first out; none by default. */
  readonly cacheSize?: number
}

/**
 * Many patterns asked about one text. One pass finds which of their required literals stand in it;
 * only the patterns of these are run.
 * Hot path: see bench/pattern-set.bench.ts.
 */
export class PatternSet {
  readonly patterns: readonly Pattern[]
  readonly #compiled: readonly CompiledPattern[]
  readonly #automaton: Automaton
  /** The pattern of each literal of the automaton. */
  readonly #owners: readonly number[]
  /** Patterns without literals, which every text has to be tried on. */
  readonly #always: readonly number[]
  /** For each pattern the number of the text that it was last a candidate for. */
  readonly #seen: Uint32Array
  #textNumber = 0
  readonly #cacheSize: number
  readonly #cache = new Map<string, number>()

  /** @throws {PatternError} At the first pattern that the dialect refuses. */
  constructor(sources: readonly string[], options: PatternSetOptions = {}) {
    const literals: string[] = []
    const owners: number[] = []
    const always: number[] = []
    this.#compiled = sources.map((source, index) => {
      const tree = parsePattern(source, options)
      const required = requiredLiterals(tree, 'folded')
      if (required.length === 0) always.push(index)
      for (const literal of required) {
        literals.push(literal)
        owners.push(index)
      }
      return compileTree(tree, { source })
    })
    this.patterns = this.#compiled
    this.#automaton = new Automaton(literals, { ignoreCase: true })
    this.#owners = owners
    this.#always = always
    this.#seen = new Uint32Array(sources.length)
    this.#cacheSize = options.cacheSize ?? 0
  }

  /** How many answers are kept now. */
  get cachedCount(): number {
    return this.#cache.size
  }

  matchesAny(text: string): boolean {
    return this.firstMatch(text) >= 0
  }

  /** The index of the first pattern, in the order given, that matches; -1 for none. */
  firstMatch(text: string): number {
    if (this.#cacheSize === 0) return this.#search(text)
    const known = this.#cache.get(text)
    if (known !== undefined) {
      // A map keeps the order of insertion: what was used goes to its end.
      this.#cache.delete(text)
      this.#cache.set(text, known)
      return known
    }
    const found = this.#search(text)
    if (this.#cache.size >= this.#cacheSize) {
      for (const oldest of this.#cache.keys()) {
        this.#cache.delete(oldest)
        break
      }
    }
    this.#cache.set(text, found)
    return found
  }

  #search(text: string): number {
    let first = this.#firstOf(this.#always, text, this.#compiled.length)
    this.#textNumber = this.#nextTextNumber()
    const automaton = this.#automaton
    let state = 0
    for (let at = 0; at < text.length; at++) {
      state = automaton.step(state, text.charCodeAt(at))
      for (let end = automaton.ending(state); end !== 0; end = automaton.nextEnding(end)) {
        first = this.#firstOwner(automaton.textsOf(end), text, first)
      }
    }
    return first < this.#compiled.length ? first : -1
  }

  #nextTextNumber(): number {
    if (this.#textNumber < 0xffffffff) return this.#textNumber + 1
    this.#seen.fill(0)
    return 1
  }

  /** The first pattern before `limit` that matches, of those with these literals. */
  #firstOwner(literals: readonly number[], text: string, limit: number): number {
    let first = limit
    for (let i = 0; i < literals.length; i++) {
      const index = this.#owners[literals[i] as number] as number
      if (index >= first || this.#seen[index] === this.#textNumber) continue
      this.#seen[index] = this.#textNumber
      if (this.#compiled[index]?.test(text)) first = index
    }
    return first
  }

  #firstOf(indexes: readonly number[], text: string, limit: number): number {
    for (const index of indexes) if (this.#compiled[index]?.test(text)) return index
    return limit
  }
}
