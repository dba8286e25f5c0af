import { EnforcerError, type EnforcerErrorCode } from '@tocsin/bouncer'
import type { Ran, RunProgram } from './run-program.ts'

type Fields = Readonly<Record<string, unknown>>

/** One object of a listing: exactly one of these is there. */
export type NftObject = Readonly<
  Partial<Record<'table' | 'chain' | 'rule' | 'set' | 'map' | 'counter' | 'element', Fields>>
>

/** The program nft, spoken to in JSON. */
export class NftProgram {
  readonly #run: RunProgram

  constructor(run: RunProgram) {
    this.#run = run
  }

  /**
   * Everything but the elements of sets. Of all tables, because that is the only listing in which
   * nft 1.0 does not ask the kernel for the elements too: 20 ms instead of minutes at a million.
   */
  async listStructure(): Promise<readonly NftObject[]> {
    return readListing(await this.#expect(['-j', '-t', 'list', 'ruleset']))
  }

  /** The elements of one set or map, as JSON of nft; none when it is not there. */
  async listElements(
    kind: 'set' | 'map',
    family: string,
    table: string,
    name: string,
  ): Promise<readonly unknown[]> {
    const ran = await this.#run('nft', ['-j', 'list', kind, family, table, name])
    if (ran.status !== 0) {
      const error = errorOf(ran)
      if (error.code === 'TOC_BOUNCER_CONFLICT') return []
      throw error
    }
    const elements = readListing(ran.stdout).find((object) => object[kind])?.[kind]?.elem
    return Array.isArray(elements) ? elements : []
  }

  /**
   * Runs commands in transactions: `first` all in one, with as many of `rest` as there is room for,
   * then the others. Both are asked for as they are written, so that they need not all be in memory.
   * @param limit How many elements of `rest` a transaction takes.
   * @throws {EnforcerError}
   */
  async apply(first: Iterable<string>, rest: Iterable<string>, limit: number): Promise<void> {
    const iterator = rest[Symbol.iterator]()
    let next = iterator.next()
    // One command more than there is room for is known by then, never written.
    function* part(): Generator<string> {
      for (let weight = 0; !next.done && weight < limit; next = iterator.next()) {
        // An element takes about so many bytes.
        weight += next.value.length / 60
        yield next.value
      }
    }
    await this.#transact(first, part())
    while (!next.done) await this.#transact([], part())
  }

  async #transact(first: Iterable<string>, rest: Iterable<string>): Promise<void> {
    await this.#expect(['-j', '-f', '-'], asDocument(first, rest))
  }

  async #expect(args: readonly string[], input?: Iterable<string>): Promise<string> {
    const ran = await this.#run('nft', args, input)
    if (ran.status !== 0) throw errorOf(ran)
    return ran.stdout
  }
}

function* asDocument(first: Iterable<string>, rest: Iterable<string>): Generator<string> {
  let before = '{"nftables":['
  for (const commands of [first, rest]) {
    for (const command of commands) {
      yield before + command
      before = ','
    }
  }
  // Without any command there is an opening to write still.
  yield before === ',' ? ']}' : `${before}]}`
}

function readListing(text: string): readonly NftObject[] {
  if (text.trim() === '') return []
  const { nftables } = JSON.parse(text) as { nftables?: readonly NftObject[] }
  return nftables ?? []
}

const causes: readonly (readonly [RegExp, EnforcerErrorCode])[] = [
  [
    /No space left|Too many open files|Cannot allocate memory|No buffer space|Message too long/,
    'TOC_BOUNCER_FULL',
  ],
  [
    /Operation not permitted|Permission denied|cache initialization failed|Protocol not supported/,
    'TOC_BOUNCER_UNAVAILABLE',
  ],
]

/** Anything else means that the kernel does not hold what it was thought to hold. */
function errorOf({ status, stderr, stdout }: Ran): EnforcerError {
  const said = `${stderr}${stdout}`.trim().slice(0, 300).replaceAll(/\s+/g, ' ')
  const code = causes.find(([pattern]) => pattern.test(said))?.[1] ?? 'TOC_BOUNCER_CONFLICT'
  return new EnforcerError(code, `nft failed with status ${status}: ${said}`)
}
