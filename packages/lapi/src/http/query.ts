import { refusal } from './answer.ts'

const booleans: Readonly<Record<string, boolean>> = {
  1: true,
  t: true,
  T: true,
  TRUE: true,
  true: true,
  True: true,
  0: false,
  f: false,
  F: false,
  FALSE: false,
  false: false,
  False: false,
}

/** The parameters of a request; of a repeated one the first counts. */
export class Query {
  readonly #parameters: URLSearchParams

  /** @param search What stands after `?`. */
  constructor(search: string) {
    this.#parameters = new URLSearchParams(search)
  }

  /** The first value; undefined when the parameter is not there, empty when it has none. */
  text(name: string): string | undefined {
    return this.#parameters.get(name) ?? undefined
  }

  texts(name: string): readonly string[] {
    return this.#parameters.getAll(name)
  }

  /** The parts of a comma list; one empty part for an empty value. */
  list(name: string): readonly string[] | undefined {
    return this.text(name)?.split(',')
  }

  names(): Iterable<string> {
    return this.#parameters.keys()
  }

  /** @throws {Refusal} 400 when it is no whole number. */
  integer(name: string): number | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = Number(text)
    if (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(value)) return value
    const cause = `strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`
    throw refusal(400, `invalid ${name} value: ${cause}: invalid filter`)
  }

  /** `1 t T TRUE true True` and their opposites. @throws {Refusal} 400 for any other text. */
  boolean(name: string): boolean | undefined {
    const text = this.text(name)
    if (text === undefined) return undefined
    const value = Object.hasOwn(booleans, text) ? booleans[text] : undefined
    if (value !== undefined) return value
    const cause = `strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`
    throw refusal(400, `'${text}' is not a boolean: ${cause}: unable to parse type`)
  }
}
