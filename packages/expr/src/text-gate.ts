import { LiteralSet } from '@tocsin/regex'
import type { TextTest } from './text-requirement.ts'

/** Up to so many literals each is looked for by itself. */
const fewLiterals = 3

/** A test, and the rule that may match when it is met. */
export interface GatedRule {
  readonly rule: number
  readonly test: TextTest
}

/**
 * Lets through the rules whose literals stand in one text, by one pass over it.
 * Hot path: once per event for every text that rules compute, less what `TextGates` remembers.
 */
export class TextGate {
  readonly #read: (subject: unknown) => unknown
  readonly #rules: readonly GatedRule[]
  /** Whether what is computed is the answer. */
  readonly #isAnswer: boolean
  /** The tests whose literals may change, and those known. */
  readonly #listed: readonly TextTest[]
  readonly #known: (readonly string[] | undefined)[] = []
  #plan: GatePlan | undefined

  /** @param rules One or more, whose tests are all of one text. */
  constructor(rules: readonly GatedRule[]) {
    this.#rules = rules
    const { test } = rules[0] as GatedRule
    this.#read = test.compile()
    this.#isAnswer = test.kind === 'accepts'
    this.#listed = rules.flatMap((rule) => (rule.test.isFixed ? [] : [rule.test]))
  }

  /** Appends the rules that the subject may match, perhaps more than once. */
  collect(subject: unknown, found: number[]): void {
    let text: unknown
    try {
      text = this.#read(subject)
    } catch {
      // Whoever needs the text meets the same failure, and reports it.
      text = undefined
    }
    if (this.#isAnswer && text === false) return
    if (typeof text === 'string') (this.#plan ?? this.#prepare()).collect(text, found)
    else for (const { rule } of this.#rules) found.push(rule)
  }

  /** Looks whether the literals are those known; false when answers given before may be wrong now. */
  refresh(): boolean {
    if (this.#plan !== undefined && this.#isCurrent()) return true
    this.#prepare()
    return false
  }

  #isCurrent(): boolean {
    for (let i = 0; i < this.#listed.length; i++) {
      if ((this.#listed[i] as TextTest).literals() !== this.#known[i]) return false
    }
    return true
  }

  #prepare(): GatePlan {
    this.#listed.forEach((test, i) => {
      this.#known[i] = test.literals()
    })
    this.#plan = new GatePlan(this.#rules)
    return this.#plan
  }
}

/** A literal of one rule. */
interface Entry {
  readonly rule: number
  readonly kind: TextTest['kind']
  readonly literal: string
}

/** The rules of a gate by their literals as they are now. */
class GatePlan {
  readonly #always: number[] = []
  readonly #equal = new Map<string, number[]>()
  readonly #entries: readonly Entry[]
  readonly #literals: LiteralSet | undefined
  readonly #take: (index: number, end: number) => void
  #into: number[] = []
  #length = 0

  constructor(rules: readonly GatedRule[]) {
    const entries: Entry[] = []
    for (const { rule, test } of rules) {
      const { kind } = test
      const literals = test.literals()
      if (!literals || (kind !== 'equals' && literals.includes(''))) {
        this.#always.push(rule)
      } else if (kind === 'equals') {
        for (const literal of literals) {
          const list = this.#equal.get(literal)
          if (list) list.push(rule)
          else this.#equal.set(literal, [rule])
        }
      } else {
        for (const literal of literals) entries.push({ rule, kind, literal })
      }
    }
    this.#entries = entries
    const isFew = entries.length <= fewLiterals
    this.#literals = isFew ? undefined : new LiteralSet(entries.map((entry) => entry.literal))
    this.#take = (index, end) => this.#found(index, end)
  }

  collect(text: string, found: number[]): void {
    for (let i = 0; i < this.#always.length; i++) found.push(this.#always[i] as number)
    if (this.#equal.size > 0) {
      const equal = this.#equal.get(text)
      if (equal) for (let i = 0; i < equal.length; i++) found.push(equal[i] as number)
    }
    if (this.#literals) {
      this.#into = found
      this.#length = text.length
      this.#literals.each(text, this.#take)
    } else {
      for (let i = 0; i < this.#entries.length; i++) {
        const entry = this.#entries[i] as Entry
        if (stands(entry, text)) found.push(entry.rule)
      }
    }
  }

  #found(index: number, end: number): void {
    const { rule, kind, literal } = this.#entries[index] as Entry
    if (kind === 'prefix' && end !== literal.length) return
    if (kind === 'suffix' && end !== this.#length) return
    this.#into.push(rule)
  }
}

function stands({ kind, literal }: Entry, text: string): boolean {
  if (kind === 'prefix') return text.startsWith(literal)
  return kind === 'suffix' ? text.endsWith(literal) : text.includes(literal)
}
