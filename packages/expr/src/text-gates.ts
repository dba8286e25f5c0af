import { detached } from '@tocsin/model'
import { type GatedRule, TextGate } from './text-gate.ts'

/** Answers remembered for each place of a subject: twice this at most, and for texts up to a length. */
const mostRemembered = 2048
const longestRemembered = 512
/** After so many subjects it is looked whether the literals are still the same. */
const refreshInterval = 256

type ReadText = (subject: unknown) => string

/**
 * The gates of texts that are computed from one place of a subject, such as the path of a request
 * as it is, in upper case and unescaped. Logs repeat themselves, so what they let through is
 * remembered by the text at the place. Hot path: once per event.
 */
export class TextGates {
  readonly #read: ReadText | undefined
  readonly #gates: readonly TextGate[]
  #recent = new Map<string, readonly number[]>()
  #older = new Map<string, readonly number[]>()
  #untilRefresh = 0

  /**
   * @param rules One or more, their texts made of the same place, or of several.
   * @param read Reads the place; without it nothing is remembered.
   */
  constructor(rules: readonly GatedRule[], read: ReadText | undefined) {
    this.#read = read
    const byText = Map.groupBy(rules, ({ test }) => test.text)
    this.#gates = [...byText.values()].map((group) => new TextGate(group))
  }

  /**
   * The rules that the subject may match, each once. Literals out of a data file that is loaded anew
   * are those of before for a few subjects more.
   */
  find(subject: unknown): readonly number[] {
    if (--this.#untilRefresh < 0) this.#refresh()
    if (this.#read === undefined) return this.#search(subject)
    const text = this.#read(subject)
    const known = this.#recent.get(text) ?? this.#older.get(text)
    if (known !== undefined) return known
    const found = this.#search(subject)
    if (text.length <= longestRemembered) this.#remember(text, found)
    return found
  }

  #refresh(): void {
    this.#untilRefresh = refreshInterval
    let isCurrent = true
    for (const gate of this.#gates) if (!gate.refresh()) isCurrent = false
    if (isCurrent) return
    this.#recent = new Map()
    this.#older = new Map()
  }

  #search(subject: unknown): readonly number[] {
    const found: number[] = []
    for (let i = 0; i < this.#gates.length; i++)
      (this.#gates[i] as TextGate).collect(subject, found)
    return found.length < 2 ? found : [...new Set(found)]
  }

  #remember(text: string, found: readonly number[]): void {
    if (this.#recent.size >= mostRemembered) {
      this.#older = this.#recent
      this.#recent = new Map()
    }
    this.#recent.set(detached(text), found)
  }
}
