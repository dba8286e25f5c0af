/**
 * A compiled pattern. Matching never takes more than linear time in the text, whatever the text.
 */
export interface Pattern {
  /** As the user wrote it, in the RE2 dialect. */
  readonly source: string
  /** `v8`: V8 with its linear fallback; `re2`: the linear library engine, slower. */
  readonly engine: 'v8' | 're2'
  /** Why V8 cannot take it; only with `re2`. */
  readonly engineReason?: string
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
