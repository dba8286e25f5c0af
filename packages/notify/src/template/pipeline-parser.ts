import { suggest } from '@tocsin/diagnostic'
import type { Assignment, Command, Expression, Pipeline } from './node.ts'
import { readNumberLiteral } from './read-number-literal.ts'
import type { Slots } from './slots.ts'
import { TemplateError } from './template-error.ts'
import type { Token, TokenKind } from './token.ts'
import { describe, type TokenStream } from './token-stream.ts'

const maxDepth = 100
const endsPipeline: ReadonlySet<TokenKind> = new Set(['close', 'right', 'end', 'text', 'open'])
const endsCommand: ReadonlySet<TokenKind> = new Set([...endsPipeline, 'pipe', 'comma'])

/** Reads what stands inside an action: pipelines of commands, with the variables they set. */
export class PipelineParser {
  readonly #tokens: TokenStream
  readonly #slots: Slots
  readonly #functions: ReadonlySet<string>
  #depth = 0

  constructor(tokens: TokenStream, slots: Slots, functions: ReadonlySet<string>) {
    this.#tokens = tokens
    this.#slots = slots
    this.#functions = functions
  }

  /** `$x := pipeline`, `$i, $x := pipeline` when two are allowed, `$x = pipeline`, or a pipeline. */
  assignment(what: string, maxVariables: 1 | 2): Assignment {
    const names = this.#variablesAhead(maxVariables)
    if (names.length === 0) return { slots: [], pipeline: this.pipeline(what) }
    const isDeclaration = this.#tokens.next().kind === 'declare'
    const known = isDeclaration ? [] : names.map((name) => this.#slotOf(name))
    const pipeline = this.pipeline(what)
    // Declared after its pipeline is read: `$x := $x` means the outer one.
    const slots = isDeclaration ? names.map((name) => this.#slots.declare(name.value)) : known
    return { slots, pipeline }
  }

  /** Takes `$x` or `$i, $x` when `:=` or `=` follows; none otherwise. */
  #variablesAhead(maxVariables: 1 | 2): Token[] {
    const first = this.#tokens.peek()
    if (first.kind !== 'variable' || first.value === '') return []
    const second = this.#tokens.peek(1)
    if (second.kind === 'declare' || second.kind === 'assign') return [this.#tokens.next()]
    if (second.kind !== 'comma') return []
    const third = this.#tokens.peek(2)
    const fourth = this.#tokens.peek(3)
    const isPair =
      third.kind === 'variable' && (fourth.kind === 'declare' || fourth.kind === 'assign')
    if (!isPair) return []
    if (maxVariables < 2) {
      throw this.#tokens.errorHere('only {{range}} sets two variables')
    }
    this.#tokens.next()
    this.#tokens.next()
    this.#tokens.next()
    return [first, third]
  }

  pipeline(what: string): Pipeline {
    if (++this.#depth > maxDepth) {
      throw this.#tokens.errorHere(`parentheses are nested deeper than ${maxDepth}`)
    }
    const { start } = this.#tokens.peek()
    if (endsPipeline.has(this.#tokens.peek().kind)) {
      throw this.#tokens.errorHere(`a value is missing for ${what}`)
    }
    const commands = [this.#command()]
    while (this.#tokens.peek().kind === 'pipe') {
      this.#tokens.next()
      if (endsCommand.has(this.#tokens.peek().kind)) {
        throw this.#tokens.errorHere('a command is missing after |')
      }
      const command = this.#command()
      const { kind } = command.callee
      if (kind === 'literal' || kind === 'nil' || kind === 'dot') {
        throw new TemplateError(
          'TOC_NOTIFY_TEMPLATE',
          'only a function can take what comes through |',
          command,
        )
      }
      commands.push(command)
    }
    if (!endsPipeline.has(this.#tokens.peek().kind)) {
      throw this.#tokens.errorHere(`unexpected ${describe(this.#tokens.peek())}`)
    }
    this.#depth--
    return { kind: 'pipeline', commands, start, end: this.#tokens.last.end }
  }

  #command(): Command {
    const callee = this.#operand()
    const operands: Expression[] = []
    while (!endsCommand.has(this.#tokens.peek().kind)) {
      if (!this.#tokens.peek().isAfterSpace) {
        throw this.#tokens.errorHere(`unexpected ${describe(this.#tokens.peek())}`)
      }
      operands.push(this.#operand())
    }
    if (callee.kind === 'nil') {
      throw new TemplateError('TOC_NOTIFY_TEMPLATE', 'nil is not a command', callee)
    }
    return { callee, arguments: operands, start: callee.start, end: this.#tokens.last.end }
  }

  /** A term with the fields that follow it without a blank. */
  #operand(): Expression {
    const term = this.#term()
    const names: string[] = []
    let { end } = this.#tokens.last
    while (this.#tokens.peek().kind === 'field' && !this.#tokens.peek().isAfterSpace) {
      const field = this.#tokens.next()
      names.push(field.value)
      end = field.end
    }
    if (names.length === 0) return term
    if (term.kind === 'literal' || term.kind === 'nil' || term.kind === 'dot') {
      throw new TemplateError('TOC_NOTIFY_TEMPLATE', `unexpected ".${names[0]}"`, this.#tokens.last)
    }
    if (term.kind === 'path') return { ...term, names: [...term.names, ...names], end }
    return { kind: 'path', of: term, names, start: term.start, end }
  }

  #term(): Expression {
    const token = this.#tokens.next()
    const { start, end } = token
    switch (token.kind) {
      case 'string':
        return { kind: 'literal', value: token.value, start, end }
      case 'number': {
        const value = readNumberLiteral(token.value)
        if (value !== undefined) return { kind: 'literal', value, start, end }
        throw this.#tokens.errorBefore(`"${token.value}" is not a number`)
      }
      case 'dot':
        return { kind: 'dot', start, end }
      case 'field':
        return {
          kind: 'path',
          of: { kind: 'dot', start, end: start },
          names: [token.value],
          start,
          end,
        }
      case 'variable':
        return { kind: 'variable', slot: this.#slotOf(token), start, end }
      case 'left': {
        const pipeline = this.pipeline('the parentheses')
        this.#tokens.expect('right', ')')
        return { ...pipeline, start, end: this.#tokens.last.end }
      }
      case 'word':
        return this.#word(token)
      default:
        throw this.#tokens.errorBefore(`unexpected ${describe(token)}`)
    }
  }

  #word(token: Token): Expression {
    const { value: name, start, end } = token
    if (name === 'true' || name === 'false') {
      return { kind: 'literal', value: name === 'true', start, end }
    }
    if (name === 'nil') return { kind: 'nil', start, end }
    if (this.#functions.has(name)) return { kind: 'function', name, start, end }
    const near = suggest(name, this.#functions)
    throw new TemplateError(
      'TOC_NOTIFY_TEMPLATE_FUNCTION',
      `there is no function "${name}"`,
      token,
      near === undefined ? undefined : `did you mean "${near}"?`,
    )
  }

  #slotOf(token: Token): number {
    const slot = this.#slots.find(token.value)
    if (slot !== undefined) return slot
    const near = suggest(`$${token.value}`, this.#slots.names())
    throw new TemplateError(
      'TOC_NOTIFY_TEMPLATE',
      `there is no variable "$${token.value}" here`,
      token,
      near === undefined || near === '$' ? undefined : `did you mean "${near}"?`,
    )
  }
}
