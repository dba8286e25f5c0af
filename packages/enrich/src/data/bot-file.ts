import { type Address, AddressRange, PrefixTree, parseAddress, parseRange } from '@tocsin/address'
import { type Problems, type Span, suggest } from '@tocsin/diagnostic'
import { compilePattern, type Pattern, PatternError } from '@tocsin/regex'
import type { DataLine } from './data-lines.ts'
import { readJsonObject, spanOfText } from './json-line.ts'

const keys = ['name', 'user_agent', 'paths', 'ips', 'ranges', 'rdns'] as const
const example = 'for example {"name": "crawler", "rdns": ["\\\\.crawler\\\\.example$"]}'

/** A bot that is known by where it comes from and how it behaves. */
class Bot {
  readonly #userAgent: Pattern | undefined
  readonly #paths: readonly Pattern[]
  readonly hostNames: readonly Pattern[]

  constructor(
    userAgent: Pattern | undefined,
    paths: readonly Pattern[],
    hostNames: readonly Pattern[],
  ) {
    this.#userAgent = userAgent
    this.#paths = paths
    this.hostNames = hostNames
  }

  /** Whether a request looks like one of this bot, whoever sent it. */
  behaves(userAgent: string, path: string): boolean {
    if (this.#userAgent && !this.#userAgent.test(userAgent)) return false
    return this.#paths.length === 0 || this.#paths.some((pattern) => pattern.test(path))
  }
}

/** A file of known bots, found by address. */
export class BotFile {
  readonly #byRange: PrefixTree<Bot[]>
  readonly #named: readonly Bot[]

  constructor(byRange: PrefixTree<Bot[]>, named: readonly Bot[]) {
    this.#byRange = byRange
    this.#named = named
  }

  /** Whether the address is one of a bot that behaves so. */
  hasAddress(address: Address, userAgent: string, path: string): boolean {
    return this.#byRange
      .findAll(address)
      .some((bots) => bots.some((bot) => bot.behaves(userAgent, path)))
  }

  /** The patterns of host names of the bots that behave so. */
  hostNamesOf(userAgent: string, path: string): readonly Pattern[] {
    return this.#named.filter((bot) => bot.behaves(userAgent, path)).flatMap((bot) => bot.hostNames)
  }
}

/** Reads the entries; a wrong one refuses the whole file. */
export function readBotFile(lines: readonly DataLine[], problems: Problems): BotFile | undefined {
  const before = problems.errorCount
  const byRange = new PrefixTree<Bot[]>()
  const named: Bot[] = []
  for (const line of lines) {
    const data = readJsonObject(line.text, line.span, problems)
    if (!data) continue
    const reader = new BotReader(data, line.span, problems)
    const { bot, ranges } = reader.read()
    if (bot.hostNames.length > 0) named.push(bot)
    for (const range of ranges) {
      const there = byRange.get(range)
      if (there) there.push(bot)
      else byRange.set(range, [bot])
    }
  }
  return problems.errorCount > before ? undefined : new BotFile(byRange, named)
}

/** Reads one entry and reports all that is wrong with it. */
class BotReader {
  readonly #data: ReadonlyMap<string, unknown>
  readonly #span: Span
  readonly #problems: Problems

  constructor(data: object, span: Span, problems: Problems) {
    this.#data = new Map(Object.entries(data))
    this.#span = span
    this.#problems = problems
  }

  read(): { bot: Bot; ranges: AddressRange[] } {
    for (const key of this.#data.keys()) {
      if (keys.some((known) => known === key)) continue
      const near = suggest(key, keys)
      this.#error(`unknown key "${key}"`, near ? `did you mean "${near}"?` : undefined)
    }
    if (!this.#text('name')) this.#error('"name" is missing or empty', example)
    const ips = this.#texts('ips')
    const ranges = this.#texts('ranges')
    const hostNames = this.#texts('rdns')
    if (ips.length + ranges.length + hostNames.length === 0) {
      this.#error('one of "ips", "ranges" and "rdns" is needed', example)
    }
    if (hostNames.includes('')) this.#error('"rdns" holds an empty pattern', example)
    const userAgent = this.#text('user_agent')
    const bot = new Bot(
      userAgent ? this.#pattern(userAgent) : undefined,
      this.#texts('paths').flatMap((text) => this.#pattern(text) ?? []),
      hostNames.flatMap((text) => this.#pattern(text) ?? []),
    )
    return { bot, ranges: [...this.#readIps(ips), ...this.#readRanges(ranges)] }
  }

  #readIps(texts: readonly string[]): AddressRange[] {
    return texts.flatMap((text) => {
      const address = parseAddress(text)?.unmapped()
      if (address) return [AddressRange.of(address)]
      this.#error(`"${text}" is not an address`)
      return []
    })
  }

  #readRanges(texts: readonly string[]): AddressRange[] {
    return texts.flatMap((text) => {
      const range = parseRange(text)?.unmapped()
      if (range) return [range]
      this.#error(`"${text}" is not a range`, 'for example "192.0.2.0/24"')
      return []
    })
  }

  #text(key: string): string {
    const value = this.#data.get(key) ?? ''
    if (typeof value === 'string') return value
    this.#error(`"${key}" is not a text`)
    return ''
  }

  #texts(key: string): string[] {
    const value = this.#data.get(key) ?? []
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value
    this.#error(`"${key}" is not a list of texts`)
    return []
  }

  #pattern(text: string): Pattern | undefined {
    try {
      return compilePattern(text, { ignoreCase: true })
    } catch (error) {
      if (!(error instanceof PatternError)) throw error
      const span = spanOfText(text, this.#span, error.offset)
      return this.#problems.error(span, error.code, `${error.message}, so the file is not used`)
    }
  }

  #error(message: string, hint?: string): void {
    this.#problems.error(this.#span, 'TOC_DATA_BOT', message, hint)
  }
}
