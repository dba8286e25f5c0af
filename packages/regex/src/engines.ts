import { isLinear, type LinearOptions, LinearRegExp, shortTextLength } from './linear-engine.ts'
import type { Node } from './node.ts'
import { copiedSize, hasPosition } from './node-facts.ts'
import { isPairSafe } from './pair-safety.ts'
import type { PatternExec } from './pattern.ts'
import { Re2Program } from './re2-program.ts'
import { type TextForm, translate, Untranslatable } from './translate.ts'

// V8 compiles on first use; past this length it may refuse then, so it is asked before.
const doubtfulLength = 20_000
// The linear engine of V8 takes some 30 ns for each character and each part of the pattern that is
// under way. The automaton of the library is up to fifty times faster, but tells only whether there
// is a match: of a pattern with so many parts, a text that would cost more steps is asked there
// first.
const gatedSize = 16
const gatedSteps = 1 << 20
const leastGatedLength = 2048
const surrogate = /[\ud800-\udfff]/

/** The engines of one tree, each made when the first text needs it. */
export class Engines {
  /** Why V8 does not run the pattern; undefined when it does. */
  readonly reason: string | undefined
  /** The engine of every text; undefined when it depends on the text. */
  readonly direct: LinearRegExp | undefined
  readonly #tree: Node
  readonly #units: LinearRegExp | undefined
  readonly #isPairSafe: boolean
  readonly #hasLines: boolean
  #characters: LinearRegExp | Re2Program | undefined
  #re2: Re2Program | undefined

  constructor(tree: Node) {
    const plan = this.#plan(tree, 'units')
    this.reason = 'reason' in plan ? plan.reason : undefined
    this.#tree = tree
    this.#units = 'reason' in plan ? undefined : plan.program
    this.#isPairSafe = isPairSafe(tree)
    this.#hasLines = hasPosition(tree, 'lineStart', 'lineEnd')
    this.direct = this.#isPairSafe && !this.#hasLines ? this.#units : undefined
  }

  exec(text: string): PatternExec | null {
    const program = this.#choose(text)
    return program.exec(program === this.#units ? text : text.toWellFormed())
  }

  test(text: string): boolean {
    const program = this.#choose(text)
    return program.test(program === this.#units ? text : text.toWellFormed())
  }

  #choose(text: string): LinearRegExp | Re2Program {
    if (!this.#units) return this.#library()
    // V8 ends lines at more characters than RE2, so what has lines goes to the library.
    if (this.#hasLines && text.includes('\n')) return this.#library()
    if (this.#isPairSafe || !surrogate.test(text)) return this.#units
    this.#characters ??= this.#forPairs()
    return this.#characters
  }

  #forPairs(): LinearRegExp | Re2Program {
    // V8 sees a `\B` between the halves of a pair.
    if (hasPosition(this.#tree, 'notWordBoundary')) return this.#library()
    const plan = this.#plan(this.#tree, 'characters')
    return 'reason' in plan ? this.#library() : plan.program
  }

  #library(): Re2Program {
    this.#re2 ??= new Re2Program(this.#tree)
    return this.#re2
  }

  #plan(tree: Node, form: TextForm): Plan {
    const size = copiedSize(tree)
    if (size <= gatedSize) return planLinear(tree, form, {})
    const length = Math.max(leastGatedLength, Math.floor(gatedSteps / size))
    return planLinear(tree, form, {
      shortLength: Math.min(shortTextLength, length),
      mayMatch: (text) => this.#library().test(text.toWellFormed()),
    })
  }
}

type Plan = { readonly program: LinearRegExp } | { readonly reason: string }

function planLinear(tree: Node, form: TextForm, options: LinearOptions): Plan {
  try {
    const source = translate(tree, form)
    if (!isLinear(source)) return { reason: 'V8 cannot run it in linear time' }
    const program = new LinearRegExp(source, options)
    if (source.length > doubtfulLength) program.test('')
    return { program }
  } catch (error) {
    if (error instanceof Untranslatable) return { reason: error.message }
    if (error instanceof SyntaxError || error instanceof RangeError) {
      return { reason: 'it is too large for V8' }
    }
    throw error
  }
}
