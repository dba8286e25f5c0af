import { resolve } from 'node:path'
import type { Problems, Span } from '@tocsin/diagnostic'
import { parseDurationWithDays } from '@tocsin/model'
import { MapReader, type YamlMap } from '@tocsin/yaml'

const emptySection = (span: Span): YamlMap => ({ kind: 'map', entries: new Map(), span })

/** How much a log says. */
export const logLevels = ['panic', 'fatal', 'error', 'warning', 'info', 'debug', 'trace'] as const
export type LogLevel = (typeof logLevels)[number]

/** Reads one section of a configuration; `close` reports the keys nobody knows. */
export class SectionReader {
  readonly #reader: MapReader
  readonly #problems: Problems
  readonly #name: string
  readonly #directory: string
  /** Whether the file has the section at all. */
  readonly isPresent: boolean

  constructor(
    map: YamlMap | undefined,
    place: { readonly name: string; readonly span: Span; readonly directory: string },
    problems: Problems,
  ) {
    this.#reader = new MapReader(map ?? emptySection(place.span), problems, place.name)
    this.#problems = problems
    this.#name = place.name
    this.#directory = place.directory
    this.isPresent = map !== undefined
  }

  /** A section within this one. */
  section(key: string): SectionReader {
    const name = this.#name === 'configuration' ? key : `${this.#name}.${key}`
    const place = { name, span: this.#reader.span(key), directory: this.#directory }
    return new SectionReader(this.#reader.map(key), place, this.#problems)
  }

  /** Undefined when absent or empty. */
  text(key: string): string | undefined {
    const text = this.#reader.text(key)
    return text === '' ? undefined : text
  }

  /** As `text`, an empty one told from an absent one. */
  rawText(key: string): string | undefined {
    return this.#reader.text(key)
  }

  boolean(key: string): boolean | undefined {
    return this.#reader.boolean(key)
  }

  integer(key: string): number | undefined {
    return this.#reader.integer(key)
  }

  texts(key: string): readonly string[] {
    return this.#reader.textList(key) ?? []
  }

  has(key: string): boolean {
    return this.#reader.has(key)
  }

  /** A path, absolute: relative ones start where the command was started. */
  path(key: string): string | undefined {
    const text = this.text(key)
    return text === undefined ? undefined : resolve(this.#directory, text)
  }

  /** A length of time in milliseconds, days allowed. */
  durationMs(key: string): number | undefined {
    const text = this.text(key)
    if (text === undefined) return undefined
    const nanos = parseDurationWithDays(text.trim())
    if (nanos !== undefined && nanos >= 0) return nanos / 1e6
    const message = `${this.#name} key "${key}" must be a duration such as 30m or 7d, not "${text}"`
    return this.fault(key, 'TOC_CONFIG_DURATION', message)
  }

  oneOf<Word extends string>(key: string, words: readonly Word[]): Word | undefined {
    const text = this.text(key)
    if (text === undefined) return undefined
    const word = words.find((candidate) => candidate === text)
    if (word !== undefined) return word
    const message = `${this.#name} key "${key}" must be one of ${words.join(', ')}, not "${text}"`
    return this.fault(key, 'TOC_CONFIG_WORD', message)
  }

  logLevel(key: string): LogLevel | undefined {
    const text = this.text(key)?.toLowerCase()
    if (text === undefined) return undefined
    const level = logLevels.find((candidate) => candidate === (text === 'warn' ? 'warning' : text))
    if (level !== undefined) return level
    const message = `${this.#name} key "${key}" must be one of ${logLevels.join(', ')}, not "${text}"`
    return this.fault(key, 'TOC_CONFIG_WORD', message)
  }

  /** Keys that are read and have no effect, with a warning for each that is set. */
  inert(keys: readonly string[], why: string): void {
    for (const key of keys) {
      if (!this.#reader.has(key)) continue
      const message = `${this.#name} key "${key}" has no effect: ${why}`
      this.#problems.warn(this.#reader.keySpan(key), 'TOC_CONFIG_NO_EFFECT', message)
    }
  }

  /** Reports at the value of a key. */
  fault(key: string, code: string, message: string, hint?: string): undefined {
    return this.#problems.error(this.#reader.span(key), code, message, hint)
  }

  warn(key: string, code: string, message: string, hint?: string): undefined {
    return this.#problems.warn(this.#reader.span(key), code, message, hint)
  }

  close(): void {
    this.#reader.finish()
  }
}
