import type { Problems, Span } from '@tocsin/diagnostic'
import { compilePattern, PatternError, PatternSet } from '@tocsin/regex'
import {
  type Cache,
  type CacheGauge,
  type CacheStrategy,
  cacheStrategies,
  createCache,
  gaugeOf,
} from '../cache.ts'
import type { DataLine } from './data-lines.ts'

/** How the answers of a file of regular expressions are remembered. */
export interface ResultCacheSettings {
  readonly isEnabled: boolean
  /** `LRU` when empty. */
  readonly strategy: string
  /** 50 when 0. */
  readonly size: number
}

const defaultCacheSize = 50

/** A file of regular expressions: does any of them match? Hot path. */
export class PatternFile {
  readonly #patterns: PatternSet
  readonly #results: Cache<boolean> | undefined

  constructor(patterns: readonly string[], results: Cache<boolean> | undefined) {
    this.#patterns = new PatternSet(patterns)
    this.#results = results
  }

  /** Its remembered answers as a gauge shows them; undefined when it remembers none. */
  gauge(name: string): CacheGauge | undefined {
    return this.#results && gaugeOf(name, this.#results)
  }

  matches(text: string): boolean {
    const known = this.#results?.get(text)
    if (known !== undefined) return known
    const result = this.#patterns.matchesAny(text)
    this.#results?.set(text, result)
    return result
  }
}

/** Compiles the lines of a file; a line that is no regular expression refuses the whole file. */
export function readPatternFile(
  lines: readonly DataLine[],
  cache: ResultCacheSettings,
  at: Span | string,
  problems: Problems,
): PatternFile | undefined {
  const before = problems.errorCount
  for (const { text, span } of lines) checkPattern(text, span, problems)
  if (problems.errorCount > before) return undefined
  return new PatternFile(
    lines.map((line) => line.text),
    createResultCache(cache, at, problems),
  )
}

function checkPattern(text: string, span: Span, problems: Problems): void {
  try {
    compilePattern(text)
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    const start = Math.min(span.start + error.offset, span.end)
    problems.error({ ...span, start }, error.code, `${error.message}, so the file is not used`)
  }
}

function createResultCache(
  settings: ResultCacheSettings,
  at: Span | string,
  problems: Problems,
): Cache<boolean> | undefined {
  if (!settings.isEnabled) return undefined
  const strategy = settings.strategy === '' ? 'LRU' : settings.strategy
  if (!isStrategy(strategy)) {
    return problems.error(
      at,
      'TOC_DATA_CACHE_STRATEGY',
      `cache strategy "${settings.strategy}" is none of ${cacheStrategies.join(', ')}`,
      'answers are not remembered, which costs only time',
    )
  }
  return createCache(strategy, settings.size > 0 ? settings.size : defaultCacheSize)
}

function isStrategy(text: string): text is CacheStrategy {
  return cacheStrategies.some((strategy) => strategy === text)
}
