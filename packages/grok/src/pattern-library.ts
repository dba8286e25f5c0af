import { Definition, type Scope } from './definition.ts'
import { Grok } from './grok.ts'
import { GrokError } from './grok-error.ts'
import { libraryTexts } from './library/index.ts'

/**
 * What became of a definition: `repeated` when the name has this very pattern already, `kept` when
 * it has another one, which stays: someone will be surprised.
 */
export type DefineResult = 'defined' | 'repeated' | 'kept'

/**
 * Patterns by name, for grok expressions to refer to. A name keeps its first definition, and a
 * definition may refer only to names defined before it.
 */
export class PatternLibrary implements Scope {
  readonly #definitions: Map<string, Definition>

  private constructor(definitions: Map<string, Definition>) {
    this.#definitions = definitions
  }

  /** A library with no pattern. */
  static empty(): PatternLibrary {
    return new PatternLibrary(new Map())
  }

  /** A library with the built-in patterns. Takes a millisecond: each is read when first needed. */
  static base(): PatternLibrary {
    const library = PatternLibrary.empty()
    for (const text of libraryTexts) {
      for (const { name, pattern } of definitionLines(text)) {
        library.#definitions.set(name, new Definition(pattern, library))
      }
    }
    return library
  }

  /** A copy that may be extended by itself; what both have in common is read once. */
  clone(): PatternLibrary {
    return new PatternLibrary(new Map(this.#definitions))
  }

  has(name: string): boolean {
    return this.#definitions.has(name)
  }

  /** In the order of definition. */
  names(): IterableIterator<string> {
    return this.#definitions.keys()
  }

  find(name: string): Definition | undefined {
    return this.#definitions.get(name)
  }

  /**
   * Adds a pattern, unless its name is taken: `define('TICKET', '[A-Z]+-%{INT:ticket}')`.
   * @throws {GrokError} When name or pattern is empty, refers to an unknown name, or is no regexp.
   */
  define(name: string, pattern: string): DefineResult {
    if (name === '') throw new GrokError('TOC_GROK_EMPTY', 0, 'a pattern has no name')
    if (pattern === '') throw new GrokError('TOC_GROK_EMPTY', 0, `pattern ${name} is empty`)
    const first = this.find(name)
    if (first) return first.source === pattern ? 'repeated' : 'kept'
    const definition = new Definition(pattern, this)
    definition.check()
    this.#definitions.set(name, definition)
    return 'defined'
  }

  /**
   * Adds the patterns of a file, `NAME regexp` a line; other lines are comments.
   * @throws {GrokError} As `define`, and for a name that is taken; its offset is that in the file.
   */
  loadFile(text: string): void {
    for (const { name, pattern, offset } of definitionLines(text)) {
      if (this.has(name)) {
        const message = `pattern ${name} is defined already`
        throw new GrokError('TOC_GROK_DUPLICATE', offset, message)
      }
      const start = text.indexOf(pattern, offset + name.length)
      try {
        this.define(name, pattern)
      } catch (error) {
        if (!(error instanceof GrokError)) throw error
        throw error.movedBy(start)
      }
    }
  }

  /**
   * A grok expression ready to match: `compile('^%{IP:source_ip} %{GREEDYDATA:rest}')`. For a
   * pattern given by its name, compile `%{NAME}`.
   * @throws {GrokError}
   */
  compile(expression: string): Grok {
    if (expression === '') throw new GrokError('TOC_GROK_EMPTY', 0, 'the pattern is empty')
    const definition = new Definition(expression, this)
    definition.check()
    return new Grok(definition)
  }
}

interface DefinitionLine {
  readonly name: string
  readonly pattern: string
  /** Of the line in its text. */
  readonly offset: number
}

function* definitionLines(text: string): Generator<DefinitionLine> {
  for (const { 1: name = '', 2: pattern = '', index } of text.matchAll(
    /^(\w+)[ \t]+(.*\S)\s*$/gm,
  )) {
    yield { name, pattern, offset: index }
  }
}
