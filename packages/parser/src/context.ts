import type { Problems } from '@tocsin/diagnostic'
import type { Environment } from '@tocsin/expr'
import type { PatternLibrary } from '@tocsin/grok'
import type { Event } from '@tocsin/model'
import type { YamlMap } from '@tocsin/yaml'

/**
 * Looks something up about `text` and writes what it finds into `event.enriched`.
 * Named by `method:` in statics: `ParseDate`, `GeoIpCity`, `reverse_dns`, …
 */
export type Enricher = (text: string, event: Event) => void

/** A named cache that `stash:` writes and `GetFromStash` reads. */
export interface StashWriter {
  set(key: string, value: string, ttlNanos: number): void
}

export interface StashSettings {
  readonly name: string
  readonly size: number
  readonly strategy: 'LRU' | 'LFU' | 'ARC'
  readonly ttlNanos: number
}

/** Counts what went wrong while a rule ran; one bad rule costs only itself, never the line. */
export type RuleFailure = (rule: string, part: string, reason: string) => void

/** What the rules of one tree (parsers, or postoverflows) are compiled against. */
export interface ParserContext {
  /** The variable `evt` and every function. */
  readonly environment: Environment
  /** Shared by all files of the tree: the first definition of a name wins. */
  readonly patterns: PatternLibrary
  readonly enrichers: ReadonlyMap<string, Enricher>
  readonly createStash: (settings: StashSettings) => StashWriter
  /** Is given the `data:` entries of every parser; loading them is not the parser's part. */
  readonly onData: (entries: readonly YamlMap[]) => void
  readonly onFailure: RuleFailure
  readonly problems: Problems
}
