import type { Problems, Span } from '@tocsin/diagnostic'
import { parseDurationWithDays } from '@tocsin/model'
import { MapReader, type YamlMap } from '@tocsin/yaml'

/** Reads the keys of one notification or of a map in it, reporting at the place of the value. */
export class NotificationReader {
  readonly yaml: MapReader
  readonly #problems: Problems
  readonly #what: string

  constructor(map: YamlMap, what: string, problems: Problems) {
    this.yaml = new MapReader(map, problems, what)
    this.#problems = problems
    this.#what = what
  }

  /** Empty when absent or empty. */
  text(key: string, fallback = ''): string {
    return this.yaml.text(key)?.trim() || fallback
  }

  required(key: string): string | undefined {
    const text = this.text(key)
    if (text !== '') return text
    const place = this.yaml.has(key) ? this.yaml.span(key) : this.yaml.mapSpan
    return this.#problems.error(
      place,
      'TOC_NOTIFY_REQUIRED',
      `${this.#what} needs the key "${key}"`,
    )
  }

  /** A path or a file, undefined when absent or empty. */
  path(key: string): string | undefined {
    return this.text(key) || undefined
  }

  boolean(key: string, fallback: boolean): boolean {
    return this.yaml.boolean(key) ?? fallback
  }

  /** A whole number from `min` on. */
  count(key: string, fallback: number, min = 0): number {
    const value = this.yaml.integer(key)
    if (value === undefined || value >= min) return value ?? fallback
    this.fault(key, 'TOC_NOTIFY_VALUE', `"${key}" must be at least ${min}, not ${value}`)
    return fallback
  }

  /** A length of time in milliseconds. */
  durationMs(key: string, fallbackMs: number): number {
    const text = this.text(key)
    if (text === '') return fallbackMs
    const nanos = parseDurationWithDays(text)
    if (nanos !== undefined && nanos >= 0) return nanos / 1e6
    this.fault(
      key,
      'TOC_NOTIFY_VALUE',
      `"${key}" must be a duration, not "${text}"`,
      'such as 30s or 5m',
    )
    return fallbackMs
  }

  oneOf<Word extends string>(key: string, words: readonly Word[], fallback: Word): Word {
    const text = this.text(key).toLowerCase()
    if (text === '') return fallback
    const word = words.find((candidate) => candidate === text)
    if (word !== undefined) return word
    this.fault(
      key,
      'TOC_NOTIFY_VALUE',
      `"${key}" must be one of ${words.join(', ')}, not "${text}"`,
    )
    return fallback
  }

  /** An address of the web; what it holds may be secret and is not shown. */
  url(key: string): URL | undefined {
    const text = this.required(key)
    if (text === undefined) return undefined
    const url = URL.canParse(text) ? new URL(text) : undefined
    if (url && (url.protocol === 'http:' || url.protocol === 'https:')) return url
    return this.fault(
      key,
      'TOC_NOTIFY_VALUE',
      `"${key}" must begin with http:// or https:// and a host`,
    )
  }

  /** A map within this one. */
  section(key: string): NotificationReader | undefined {
    const map = this.yaml.map(key)
    return map && new NotificationReader(map, `${this.#what} ${key}`, this.#problems)
  }

  span(key: string): Span {
    return this.yaml.span(key)
  }

  fault(key: string, code: string, message: string, hint?: string): undefined {
    return this.#problems.error(this.yaml.span(key), code, message, hint)
  }

  warn(key: string, code: string, message: string, hint?: string): undefined {
    return this.#problems.warn(this.yaml.span(key), code, message, hint)
  }

  /** Reports the keys nobody knows. */
  close(): void {
    this.yaml.finish()
  }
}
