/** Words as small numbers, for columns: an origin is written once however many bans come from it. */
export class WordList {
  readonly #words: string[] = []
  readonly #numbers = new Map<string, number>()

  numberOf(word: string): number {
    const known = this.#numbers.get(word)
    if (known !== undefined) return known
    const number = this.#words.length
    this.#words.push(word)
    this.#numbers.set(word, number)
    return number
  }

  wordOf(number: number): string {
    return this.#words[number] ?? ''
  }

  get words(): readonly string[] {
    return this.#words
  }
}
