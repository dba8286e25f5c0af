import { maxElements } from './limits.ts'
import type { RuntimeName } from './runtime.ts'

/** A JavaScript expression, and the statements that have to run before it. */
export interface Fragment {
  readonly lines: readonly string[]
  readonly code: string
}

/**
 * Collects the text of one generated function. User text enters it as JSON strings only; names are
 * made here: `k` constants, `v` variables, `l` locals, `t` temporaries, `c` values computed once.
 */
export class CodeWriter {
  readonly constants: unknown[] = []
  readonly #constantIndex = new Map<unknown, number>()
  readonly #runtime = new Set<RuntimeName>()
  readonly #declared: string[] = []
  #lines: string[] = []
  #temporaries = 0
  #usesBudget = false
  /** The shared values that are surely computed where the writer stands. */
  #ready = new Set<string>()

  line(text: string): void {
    this.#lines.push(text)
  }

  lines(texts: readonly string[]): void {
    for (const text of texts) this.#lines.push(text)
  }

  /** What `write` produces, held back. */
  capture(write: () => string): Fragment {
    const outer = this.#lines
    this.#lines = []
    const code = write()
    const fragment = { lines: this.#lines, code }
    this.#lines = outer
    return fragment
  }

  /** As `capture`, for code that may not run: what it computes cannot be relied on behind it. */
  captureBranch(write: () => string): Fragment {
    const ready = this.#ready
    this.#ready = new Set(ready)
    const fragment = this.capture(write)
    this.#ready = ready
    return fragment
  }

  /** A fresh name, nothing said about its declaration. */
  name(): string {
    return `t${this.#temporaries++}`
  }

  /** A fresh variable of the function. */
  variable(): string {
    const name = this.name()
    this.declare(name)
    return name
  }

  declare(name: string): void {
    this.#declared.push(name)
  }

  /** The name a value is kept under outside the function. */
  constant(value: unknown): string {
    const known = this.#constantIndex.get(value)
    if (known !== undefined) return `k${known}`
    const index = this.constants.push(value) - 1
    this.#constantIndex.set(value, index)
    return `k${index}`
  }

  /** A constant of its own, not to be confused with an equal one. */
  ownConstant(value: unknown): string {
    return `k${this.constants.push(value) - 1}`
  }

  /** The name of a function of the runtime. */
  call(name: RuntimeName, ...args: readonly string[]): string {
    this.#runtime.add(name)
    return `${name}(${args.join(', ')})`
  }

  /** Counts elements that are about to be created. */
  spend(count: string): void {
    this.#usesBudget = true
    this.line(`if ((budget -= ${count}) < 0) ${this.call('overBudget')}`)
  }

  /** A value computed at most once per evaluation, where it is first needed. */
  shared(number: number, write: () => string): string {
    const name = `c${number}`
    if (this.#ready.has(name)) return name
    const code = write()
    if (!this.#declared.includes(name)) this.declare(name)
    this.#ready.add(name)
    return `(${name} ??= ${code})`
  }

  /** The source of a function body that gives the compiled function; `k` and `r` are its parameters. */
  finish(variableCount: number, result: string): string {
    const parameters = Array.from({ length: variableCount }, (_, i) => `v${i}`)
    const runtime = [...this.#runtime, 'failure'].toSorted()
    return [
      '"use strict"',
      `const { ${runtime.join(', ')} } = r`,
      ...this.constants.map((_, i) => `const k${i} = k[${i}]`),
      `return function evaluate(${parameters.join(', ')}) {`,
      'try {',
      ...this.#declared.map((name) => `let ${name}`),
      ...(this.#usesBudget ? [`let budget = ${maxElements}`] : []),
      ...this.#lines,
      `return ${result}`,
      '} catch (error) { throw failure(error) }',
      '}',
    ].join('\n')
  }
}

/** Whether code is a name or a literal, which nothing between can change. */
export function isTrivial(code: string): boolean {
  return /^(?:[ckltv]\d+|-?\d[\d.e+]*|true|false|undefined|"(?:[^"\\]|\\.)*")$/.test(code)
}
