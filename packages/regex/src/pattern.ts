import type { Node } from './node.ts'

/**
 * A compiled pattern. Matching never takes more than linear time in the text, whatever the text.
 */
export interface Pattern {
  /** As the user wrote it, in the RE2 dialect. */
  readonly source: string
  /** `v8`: V8 with its linear fallback; `re2`: the linear library engine, slower. */
  readonly engine: 'v8' | 're2'
  /** Why V8 cannot take it; only with `re2`. */
  readonly engineReason?: string | undefined
  /** The names of the named groups, each once, in order of first appearance. */
  readonly groupNames: readonly string[]
  /**
   * Texts of which at least one stands in every match (case-sensitive, never empty strings);
   * an empty list says nothing is known. A line without any of them cannot match.
   */
  readonly requiredLiterals: readonly string[]
  test(text: string): boolean
  /** Leftmost-first match; undefined when there is none. */
  match(text: string): PatternMatch | undefined
}

export interface PatternMatch {
  readonly start: number
  readonly end: number
  /** By index into `groupNames`; undefined when the group took no part. */
  readonly groups: readonly (string | undefined)[]
}

export interface PatternOptions {
  /** Case-insensitive from the start, as `(?i)`. */
  readonly ignoreCase?: boolean
}

/** A pattern with what composers and generated code need beside matching. */
export interface CompiledPattern extends Pattern {
  /** For whoever looks into patterns, as `hostileTexts` does. */
  readonly tree: Node
  /** Texts of which one begins every text that matches; empty when nothing is known. */
  readonly anchoredPrefixes: readonly string[]
  /**
   * The fast path: the match as the engine leaves it, item 0 the whole match and item `n + 1` the
   * text of `groupNames[n]`; null when there is none.
   */
  exec(text: string): PatternExec | null
  /** How far the pattern got in a text that it does not match. Slow: for explanations to people. */
  explainMiss(text: string): Miss
}

/** What `RegExp.prototype.exec` gives, as far as both engines have it. */
export interface PatternExec extends ArrayLike<string | undefined> {
  readonly index: number
}

/** `{ offset: 12, expected: '%{IP:source}' }` */
export interface Miss {
  /** Where in the text the part that did match ends. */
  readonly offset: number
  /** The first part of the pattern that found nothing there; '' when the text does match. */
  readonly expected: string
}
