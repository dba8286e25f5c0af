import type { Assignment, Body, DefinedTemplate, TemplateNode, TemplateTree } from './node.ts'
import { PipelineParser } from './pipeline-parser.ts'
import { readTokens } from './read-tokens.ts'
import { Slots } from './slots.ts'
import { TemplateError } from './template-error.ts'
import { TokenStream } from './token-stream.ts'

const maxDepth = 200
/** Words that stand first in an action and are no functions. */
const keywords: ReadonlySet<string> = new Set([
  'if',
  'else',
  'end',
  'range',
  'with',
  'define',
  'template',
  'block',
  'break',
  'continue',
])

/**
 * Reads a template: Go's `text/template` syntax.
 * @param functions The names a template may call.
 * @throws {TemplateError} At the first thing that is wrong.
 */
export function parseTemplate(text: string, functions: ReadonlySet<string>): TemplateTree {
  const defined = new Map<string, DefinedTemplate>()
  const tokens = new TokenStream(readTokens(text))
  const parser = new TemplateParser(tokens, functions, defined, new Slots())
  const main = parser.parseMain()
  return { main, defined }
}

/** What ended a body. */
type Ending = 'end' | 'else' | 'eof'

class TemplateParser {
  readonly #tokens: TokenStream
  readonly #functions: ReadonlySet<string>
  readonly #defined: Map<string, DefinedTemplate>
  readonly #slots: Slots
  readonly #pipelines: PipelineParser
  #depth = 0
  #rangeDepth = 0

  constructor(
    tokens: TokenStream,
    functions: ReadonlySet<string>,
    defined: Map<string, DefinedTemplate>,
    slots: Slots,
  ) {
    this.#tokens = tokens
    this.#functions = functions
    this.#defined = defined
    this.#slots = slots
    this.#pipelines = new PipelineParser(tokens, slots, functions)
  }

  parseMain(): DefinedTemplate {
    const { body, ending } = this.#body()
    if (ending !== 'eof') {
      throw this.#tokens.errorBefore(`unexpected {{${ending}}}`)
    }
    return { body, slotCount: this.#slots.count }
  }

  /** The body of a `define` or `block`, in a frame of its own, to its `end`. */
  parseDefinition(): DefinedTemplate {
    const { body, ending } = this.#body()
    if (ending !== 'end') throw this.#tokens.errorBefore('the definition has no {{end}}')
    return { body, slotCount: this.#slots.count }
  }

  /** Nodes up to `end`, `else` or the end of the text; after `else` its action is still open. */
  #body(): { body: Body; ending: Ending } {
    this.#enter()
    const body: TemplateNode[] = []
    for (;;) {
      const token = this.#tokens.next()
      if (token.kind === 'end') return this.#leave(body, 'eof')
      if (token.kind === 'text') {
        body.push({ kind: 'text', text: token.value })
        continue
      }
      const first = this.#tokens.peek()
      if (first.kind === 'word' && keywords.has(first.value)) {
        this.#tokens.next()
        if (first.value === 'end') {
          this.#tokens.close()
          return this.#leave(body, 'end')
        }
        if (first.value === 'else') return this.#leave(body, 'else')
        const node = this.#keyword(first.value)
        if (node) body.push(node)
        continue
      }
      body.push(this.#plainAction())
    }
  }

  #enter(): void {
    if (++this.#depth > maxDepth) {
      throw this.#tokens.errorHere(`actions are nested deeper than ${maxDepth}`)
    }
  }

  #leave(body: Body, ending: Ending): { body: Body; ending: Ending } {
    this.#depth--
    return { body, ending }
  }

  #keyword(word: string): TemplateNode | undefined {
    switch (word) {
      case 'if':
      case 'with':
      case 'range':
        return this.#control(word)
      case 'template':
        return this.#call()
      case 'block':
        return this.#block()
      case 'define':
        return this.#define()
      default: {
        const kind = word === 'break' ? 'break' : 'continue'
        if (this.#rangeDepth === 0) {
          throw this.#tokens.errorBefore(`{{${kind}}} stands outside of {{range}}`)
        }
        this.#tokens.close()
        return { kind }
      }
    }
  }

  #plainAction(): TemplateNode {
    const assignment = this.#pipelines.assignment('action', 1)
    this.#tokens.close()
    if (assignment.slots.length > 0) return { kind: 'assign', assignment }
    return { kind: 'output', pipeline: assignment.pipeline }
  }

  #control(kind: 'if' | 'with' | 'range'): TemplateNode {
    // Counted here too: a chain of `else if` nests as deep as it is long.
    this.#enter()
    const node = this.#controlInScope(kind)
    this.#depth--
    return node
  }

  #controlInScope(kind: 'if' | 'with' | 'range'): TemplateNode {
    return this.#slots.inScope(() => {
      const start: Assignment = this.#pipelines.assignment(kind, kind === 'range' ? 2 : 1)
      this.#tokens.close()
      if (kind === 'range') this.#rangeDepth++
      const { body, ending } = this.#slots.inScope(() => this.#body())
      if (kind === 'range') this.#rangeDepth--
      const otherwise = ending === 'else' ? this.#otherwise(kind) : []
      if (ending === 'eof') throw this.#unclosed(kind, start)
      switch (kind) {
        case 'if':
          return { kind, test: start, body, otherwise }
        case 'with':
          return { kind, value: start, body, otherwise }
        case 'range':
          return { kind, over: start, body, otherwise }
      }
    })
  }

  #unclosed(kind: string, { pipeline }: Assignment): TemplateError {
    return new TemplateError('TOC_NOTIFY_TEMPLATE', `the {{${kind}}} has no {{end}}`, pipeline)
  }

  /** After `else`: a body to `end`, or `else if …` and `else with …`, which share that `end`. */
  #otherwise(kind: 'if' | 'with' | 'range'): Body {
    const next = this.#tokens.peek()
    if (next.kind === 'word' && next.value === kind && kind !== 'range') {
      this.#tokens.next()
      return [this.#control(kind)]
    }
    this.#tokens.close()
    const { body, ending } = this.#slots.inScope(() => this.#body())
    if (ending === 'else') throw this.#tokens.errorBefore('a second {{else}}')
    if (ending === 'eof') throw this.#tokens.errorBefore('the {{else}} has no {{end}}')
    return body
  }

  #call(): TemplateNode {
    const name = this.#tokens.expect('string', 'the name of a template in quotes')
    const hasDot = this.#tokens.peek().kind !== 'close'
    const dot = hasDot ? this.#pipelines.pipeline('template') : undefined
    this.#tokens.close()
    return { kind: 'template', name: name.value, place: name, dot }
  }

  #block(): TemplateNode {
    const name = this.#tokens.expect('string', 'the name of a template in quotes')
    const dot = this.#pipelines.pipeline('block')
    this.#tokens.close()
    this.#defined.set(name.value, this.#definition())
    return { kind: 'template', name: name.value, place: name, dot }
  }

  #define(): undefined {
    const name = this.#tokens.expect('string', 'the name of a template in quotes')
    if (this.#depth > 1)
      throw this.#tokens.errorBefore('{{define}} must not stand inside another action')
    this.#tokens.close()
    this.#defined.set(name.value, this.#definition())
    return undefined
  }

  #definition(): DefinedTemplate {
    const parser = new TemplateParser(this.#tokens, this.#functions, this.#defined, new Slots())
    parser.#depth = this.#depth
    return parser.parseDefinition()
  }
}
