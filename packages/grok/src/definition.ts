import { suggest } from '@tocsin/diagnostic'
import { type Node, type ParseOptions, PatternError, parsePattern } from '@tocsin/regex'
import { type CapturePlan, planCaptures, readSemantics, type Semantics } from './captures.ts'
import { GrokError } from './grok-error.ts'
import { type Reference, readReference } from './reference.ts'

/** The patterns that a definition may refer to. */
export interface Scope {
  find(name: string): Definition | undefined
  names(): Iterable<string>
}

export interface ResolvedReference extends Reference {
  readonly target: Definition
}

/**
 * A pattern with references, of the library or of a user. It is read when first needed: most
 * patterns of the library never are.
 */
export class Definition {
  readonly source: string
  readonly #scope: Scope
  #parsed: { readonly tree: Node; readonly references: readonly ResolvedReference[] } | undefined
  #semantics: Semantics | undefined

  constructor(source: string, scope: Scope) {
    this.source = source
    this.#scope = scope
  }

  /**
   * Reads it now.
   * @throws {GrokError} When it refers to an unknown pattern or is no regular expression.
   */
  check(): void {
    this.#parse()
  }

  /** In the order of the text. */
  get references(): readonly ResolvedReference[] {
    return this.#parse().references
  }

  /** What it exports, and from where. */
  get semantics(): Semantics {
    this.#semantics ??= readSemantics(this)
    return this.#semantics
  }

  /**
   * Its tree without captures; the same object every time, so that patterns share it.
   */
  get plainTree(): Node {
    return this.#parse().tree
  }

  /** Its tree with a group for each semantic it exports, named as the semantic. */
  capturingTree(): Node {
    return this.#capturingTree(planCaptures(this.semantics))
  }

  #capturingTree(plan: CapturePlan): Node {
    if (plan.size === 0) return this.plainTree
    if (this.#hasFlags()) return parse(this.#expand(plan), () => undefined)
    const ranks = new Map(this.references.map(({ start }, rank) => [start, rank]))
    return dropOwnNames(
      parse(this.source, (_, offset) => {
        const rank = ranks.get(offset)
        const reference = rank === undefined ? undefined : this.references[rank]
        if (rank === undefined || !reference) return undefined
        const { semantic: name, inner } = plan.get(rank) ?? {}
        const { target, end } = reference
        const body = inner ? target.#capturingTree(inner) : target.plainTree
        return { node: this.#group(reference, body, name), end }
      }),
    )
  }

  #parse(): { readonly tree: Node; readonly references: readonly ResolvedReference[] } {
    if (this.#parsed) return this.#parsed
    const references: ResolvedReference[] = []
    const tree = parse(this.source, (source, offset) => {
      const reference = readReference(source, offset)
      if (!reference) return undefined
      const target = this.#resolve(reference)
      references.push({ ...reference, target })
      return { node: this.#group(reference, target.plainTree, undefined), end: reference.end }
    })
    this.#parsed = { tree: dropOwnNames(tree), references }
    if (this.#hasFlags()) {
      this.#parsed = { tree: parse(this.#expand(undefined), () => undefined), references }
    }
    return this.#parsed
  }

  #resolve({ name, start }: Reference): Definition {
    const target = this.#scope.find(name)
    if (target) return target
    const similar = suggest(name, this.#scope.names())
    throw new GrokError('TOC_GROK_UNKNOWN_PATTERN', start, `unknown pattern %{${name}}`, {
      ...(similar === undefined ? {} : { hint: `did you mean %{${similar}}?` }),
    })
  }

  #group({ start, end }: Reference, body: Node, name: string | undefined): Node {
    const reference = this.source.slice(start, end)
    return name === undefined
      ? { kind: 'capture', body, reference }
      : { kind: 'capture', body, reference, name }
  }

  /** Whether flags of its own may reach into what its references stand for. */
  #hasFlags(): boolean {
    return this.references.length > 0 && /\(\?[a-zA-Z-]+[:)]/.test(this.source)
  }

  /**
   * Its text with references replaced by the texts they stand for. Trees have their flags behind
   * them, so that flags set around a reference can only be applied to text.
   */
  #expand(plan: CapturePlan | undefined): string {
    let text = ''
    let from = 0
    this.references.forEach(({ start, end, target }, rank) => {
      const planned = plan?.get(rank)
      const name = planned?.semantic
      text += withoutOwnNames(this.source.slice(from, start))
      text += name === undefined ? '(?:' : `(?P<${name}>`
      text += `${target.#expand(planned?.inner)})`
      from = end
    })
    return text + withoutOwnNames(this.source.slice(from))
  }
}

function parse(source: string, takeReference: NonNullable<ParseOptions['takeReference']>): Node {
  try {
    return parsePattern(source, { takeReference })
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    throw new GrokError('TOC_GROK_REGEXP', Math.min(error.offset, source.length), error.message, {
      cause: error,
    })
  }
}

/** A tree whose native groups `(?P<x>…)` have lost their names: grok exports references alone. */
function dropOwnNames(node: Node): Node {
  switch (node.kind) {
    case 'sequence':
    case 'choice':
      return { ...node, items: node.items.map(dropOwnNames) }
    case 'repeat':
      return { ...node, body: dropOwnNames(node.body) }
    case 'capture':
      // What references stand for has been through here, and is shared.
      return node.reference === undefined ? dropOwnNames(node.body) : node
    default:
      return node
  }
}

function withoutOwnNames(source: string): string {
  return source.replace(/\(\?P?<\w+>/g, '(?:')
}
