import { readFileSync } from 'node:fs'
import { parseLoggedAddress } from '@tocsin/address'
import { Problems, SourceText, type Span, suggest } from '@tocsin/diagnostic'
import type { TextDict } from '@tocsin/model'
import type { CacheGauge } from '../cache.ts'
import { type BotFile, readBotFile } from './bot-file.ts'
import { readDataLines } from './data-lines.ts'
import { type MapFile, readMapFile } from './map-file.ts'
import { type PatternFile, type ResultCacheSettings, readPatternFile } from './pattern-file.ts'

/** A file that a rule names below `data:`. */
export interface DataFileEntry {
  /** The name by which rules call it: `bad_user_agents.regex.txt`. */
  readonly destFile: string
  /** `string`, `regexp` or `regex`, `map`, `bots`; empty for what is not loaded here. */
  readonly type: string
  /** Where it is named. */
  readonly span?: Span
  /** For regular expressions; nothing is remembered when left out. */
  readonly cache?: ResultCacheSettings
}

/** The host names of an address that are known to lead back to it. */
export interface ConfirmedNames {
  confirmedNames(address: string): readonly string[]
}

export interface DataFilesOptions {
  /** Without it bots are known by address only. */
  readonly dns?: ConfirmedNames | undefined
}

const types = ['string', 'regexp', 'regex', 'map', 'bots']
/** A file of the wrong kind has as many problems as lines; people read the first. */
const maxProblems = 20
const noCache: ResultCacheSettings = { isEnabled: false, strategy: '', size: 0 }

/**
 * The data files of the rules, by the name that rules use. A file is loaded once for each way of
 * reading it; what cannot be loaded is reported and is then as if it were not there.
 */
export class DataFiles {
  readonly #dns: ConfirmedNames | undefined
  readonly #lines = new Map<string, readonly string[]>()
  readonly #patterns = new Map<string, PatternFile>()
  readonly #maps = new Map<string, MapFile>()
  readonly #bots = new Map<string, BotFile>()
  readonly #loaded = new Set<string>()
  #revision = 0

  constructor(options: DataFilesOptions = {}) {
    this.#dns = options.dns
  }

  /** Another number whenever a file was loaded. */
  get revision(): number {
    return this.#revision
  }

  /** Reads a file of this machine, as the entry says. */
  load(entry: DataFileEntry, path: string, problems: Problems): void {
    if (!this.#isNew(entry, problems)) return
    let text: string
    try {
      text = readFileSync(path, 'utf8')
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const message = `the data file ${entry.destFile} cannot be read: ${reason}`
      problems.error(entry.span ?? path, 'TOC_DATA_READ', message)
      return
    }
    this.#read(entry, new SourceText(path, text), problems)
  }

  /** As `load`, of a text that is there already. */
  loadText(entry: DataFileEntry, source: SourceText, problems: Problems): void {
    if (this.#isNew(entry, problems)) this.#read(entry, source, problems)
  }

  /** The lines of a file of type `string`: always the same frozen list. */
  lines(name: string): readonly string[] | undefined {
    return this.#lines.get(name)
  }

  /** Whether any regular expression of the file matches somewhere in the text. */
  matchesPattern(text: string, name: string): boolean | undefined {
    return this.#patterns.get(name)?.matches(text)
  }

  /** The rows of a file of type `map`: always the same frozen list. */
  rows(name: string): readonly Readonly<TextDict>[] | undefined {
    return this.#maps.get(name)?.rows
  }

  /** The tag that a file of type `map` has for the text; empty for none. */
  lookup(text: string, name: string): string | undefined {
    return this.#maps.get(name)?.lookup(text)
  }

  /**
   * Whether an entry of these files knows the bot, by address or by a host name that is confirmed
   * now. `address` may carry a port.
   */
  matchBot(address: string, userAgent: string, path: string, names: readonly string[]): boolean {
    const known = parseLoggedAddress(address)?.unmapped()
    if (!known) return false
    const files = names.flatMap((name) => this.#bots.get(name) ?? [])
    if (files.some((file) => file.hasAddress(known, userAgent, path))) return true
    const patterns = files.flatMap((file) => file.hostNamesOf(userAgent, path))
    if (patterns.length === 0 || !this.#dns) return false
    const hostNames = this.#dns.confirmedNames(known.toString())
    return patterns.some((pattern) => hostNames.some((name) => pattern.test(name)))
  }

  /** The remembered answers of each file of regular expressions. */
  cacheGauges(): CacheGauge[] {
    return [...this.#patterns].flatMap(([name, file]) => file.gauge(`data ${name}`) ?? [])
  }

  /** Whether the entry asks for something that can be loaded and is not yet. */
  #isNew(entry: DataFileEntry, problems: Problems): boolean {
    const { destFile, type } = entry
    if (type === '') return false
    if (!types.includes(type)) {
      const near = suggest(type, types)
      problems.error(
        entry.span ?? destFile,
        'TOC_DATA_TYPE',
        `the type of ${destFile} is "${type}", which is none of ${types.join(', ')}`,
        near && `did you mean "${near}"?`,
      )
      return false
    }
    const key = `${type === 'regex' ? 'regexp' : type} ${destFile}`
    if (this.#loaded.has(key)) return false
    this.#loaded.add(key)
    return true
  }

  #read(entry: DataFileEntry, source: SourceText, problems: Problems): void {
    this.#revision++
    const found = new Problems()
    this.#readInto(entry, source, found)
    const { list } = found
    problems.list.push(...list.slice(0, maxProblems))
    const more = list.length - maxProblems
    if (more > 0) problems.error(source.name, 'TOC_DATA_MORE', `${more} more problems`)
  }

  #readInto(entry: DataFileEntry, source: SourceText, problems: Problems): void {
    const { destFile, type, span = destFile, cache = noCache } = entry
    const lines = readDataLines(source, problems)
    if (type === 'string') {
      this.#lines.set(destFile, Object.freeze(lines.map((line) => line.text)))
    } else if (type === 'map') {
      this.#maps.set(destFile, readMapFile(lines, problems))
    } else if (type === 'bots') {
      const bots = readBotFile(lines, problems)
      if (bots) this.#bots.set(destFile, bots)
    } else {
      const patterns = readPatternFile(lines, cache, span, problems)
      if (patterns) this.#patterns.set(destFile, patterns)
    }
  }
}
