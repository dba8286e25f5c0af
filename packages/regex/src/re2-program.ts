import { RE2JS } from 're2js'
import { formatPattern } from './format-pattern.ts'
import type { Node } from './node.ts'
import type { PatternExec } from './pattern.ts'

/** A tree in the library engine: slow, linear in the text, and takes what V8 cannot. */
export class Re2Program {
  readonly #program: RE2JS

  constructor(tree: Node) {
    this.#program = RE2JS.compile(formatPattern(tree))
  }

  test(text: string): boolean {
    return this.#program.test(text)
  }

  exec(text: string): PatternExec | null {
    const matcher = this.#program.matcher(text)
    if (!matcher.find()) return null
    const groups: (string | undefined)[] = []
    for (let i = 0; i <= this.#program.groupCount(); i++) {
      groups.push(matcher.group(i) ?? undefined)
    }
    return Object.assign(groups, { index: matcher.start() })
  }
}
