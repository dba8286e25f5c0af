import { chooseCaptures, keepCaptures, listCaptures } from './capture-choice.ts'
import { Engines } from './engines.ts'
import { explainMiss } from './explain-miss.ts'
import type { LinearRegExp } from './linear-engine.ts'
import { anchoredPrefixes, requiredLiterals } from './literals.ts'
import type { Node } from './node.ts'
import { copiedSize } from './node-facts.ts'
import { parsePattern } from './parse-pattern.ts'
import type { CompiledPattern, Miss, PatternExec, PatternMatch, PatternOptions } from './pattern.ts'
import { PatternError } from './pattern-error.ts'
import { readSieve } from './sieve.ts'

// Both engines work on the expanded program: this bounds what one character can cost.
const maxSize = 100_000

/**
 * A pattern of the RE2 dialect, ready to match. Its syntax is checked now; engines are chosen and
 * made when it is first used.
 * @throws {PatternError}
 */
export function compilePattern(source: string, options: PatternOptions = {}): CompiledPattern {
  return compileTree(parsePattern(source, options), { source })
}

export interface CompileOptions {
  /** What to show as the source of the pattern. */
  readonly source: string
  /**
   * The groups to export, by their index in `listCaptures`. Without it: of groups with the same
   * name the outermost, and of these the last.
   */
  readonly captures?: ReadonlySet<number>
}

/**
 * A pattern from a tree, perhaps composed of others.
 * @throws {PatternError} When it is too large for any engine.
 */
export function compileTree(tree: Node, options: CompileOptions): CompiledPattern {
  const captures = listCaptures(tree)
  const kept = options.captures ?? chooseCaptures(captures)
  const names = captures.filter((_, index) => kept.has(index)).map(({ name }) => name)
  if (copiedSize(tree) > maxSize) {
    const message = `pattern is too large: more than ${maxSize} parts when its counts are expanded`
    throw new PatternError('TOC_REGEX_SIZE', 0, message)
  }
  return new TreePattern(options.source, keepCaptures(tree, kept), names)
}

/** Hot path: once per line and pattern, see bench/pattern.bench.ts. */
class TreePattern implements CompiledPattern {
  readonly source: string
  readonly groupNames: readonly string[]
  readonly tree: Node
  /** The sieve; set when the engine is. */
  #literal = ''
  #sieve: RegExp | undefined
  /** What runs every text; undefined before the first one, or when texts have to be told apart. */
  #direct: LinearRegExp | undefined
  #engines: Engines | undefined
  #literals: readonly string[] | undefined
  #prefixes: readonly string[] | undefined

  constructor(source: string, tree: Node, groupNames: readonly string[]) {
    this.source = source
    this.groupNames = groupNames
    this.tree = tree
  }

  exec(text: string): PatternExec | null {
    if (this.#literal !== '' && !text.includes(this.#literal)) return null
    if (this.#sieve !== undefined && !this.#sieve.test(text)) return null
    return this.#direct ? this.#direct.exec(text) : this.#prepare().exec(text)
  }

  test(text: string): boolean {
    if (this.#literal !== '' && !text.includes(this.#literal)) return false
    if (this.#sieve !== undefined && !this.#sieve.test(text)) return false
    return this.#direct ? this.#direct.test(text) : this.#prepare().test(text)
  }

  match(text: string): PatternMatch | undefined {
    const found = this.exec(text)
    if (!found) return undefined
    const groups: (string | undefined)[] = []
    for (let i = 1; i < found.length; i++) groups.push(found[i])
    return { start: found.index, end: found.index + (found[0] ?? '').length, groups }
  }

  get engine(): 'v8' | 're2' {
    return this.engineReason === undefined ? 'v8' : 're2'
  }

  get engineReason(): string | undefined {
    return this.#prepare().reason
  }

  get requiredLiterals(): readonly string[] {
    this.#literals ??= requiredLiterals(this.tree)
    return this.#literals
  }

  get anchoredPrefixes(): readonly string[] {
    this.#prefixes ??= anchoredPrefixes(this.tree)
    return this.#prefixes
  }

  explainMiss(text: string): Miss {
    return explainMiss(this.tree, text)
  }

  #prepare(): Engines {
    if (this.#engines) return this.#engines
    const engines = new Engines(this.tree)
    this.#engines = engines
    this.#direct = engines.direct
    const { literal, regexp } = readSieve(this.tree)
    this.#literal = literal
    this.#sieve = regexp
    return engines
  }
}
