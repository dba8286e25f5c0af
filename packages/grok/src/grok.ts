import type { TextDict } from '@tocsin/model'
import { type CompiledPattern, compileTree, type Node, PatternError } from '@tocsin/regex'
import type { Definition } from './definition.ts'
import { explainMiss, type GrokMiss } from './explain-miss.ts'
import { GrokError } from './grok-error.ts'
import { compileMatcher, type Matcher } from './matcher.ts'

/** A grok expression that takes lines apart. Its engine is made when the first line comes. */
export class Grok {
  /** As the user wrote it. */
  readonly source: string
  /** The regular expression behind it: which engine runs it, which literals it needs. */
  readonly pattern: CompiledPattern
  readonly #tree: Node
  readonly #matcher: Matcher

  /** @throws {GrokError} When the expression is too large for any engine. */
  constructor(definition: Definition) {
    this.source = definition.source
    this.#tree = definition.capturingTree()
    this.pattern = compile(this.#tree, this.source)
    this.#matcher = compileMatcher(this.pattern)
  }

  /** What it exports, each name once, in the order of the text. */
  get names(): readonly string[] {
    return this.pattern.groupNames
  }

  /**
   * Searches a text and writes every name into `into`, `""` for those that took no part. False, and
   * nothing written, when there is no match, and always for an expression that exports nothing.
   * Hot path: runs for every line of its parser, see bench/match.bench.ts.
   */
  match(text: string, into: TextDict): boolean {
    return this.#matcher(text, into)
  }

  /** How far a text that does not match gets, and what should come next there. Slow. */
  explainMiss(text: string): GrokMiss {
    return explainMiss(this.#tree, text)
  }
}

function compile(tree: Node, source: string): CompiledPattern {
  try {
    return compileTree(tree, { source })
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    throw new GrokError('TOC_GROK_REGEXP', error.offset, error.message, { cause: error })
  }
}
