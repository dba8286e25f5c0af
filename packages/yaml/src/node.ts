import type { Problems, Span } from '@tocsin/diagnostic'

/**
 * A value of a YAML document that remembers where it stands. Readers narrow it by `kind`.
 * Scalars keep their literal text: `404` stays `"404"`, null is the empty text.
 */
export type YamlNode = YamlScalar | YamlList | YamlMap

export interface YamlScalar {
  readonly kind: 'scalar'
  /** As written, quotes and folding resolved. */
  readonly text: string
  /** Whether quotes or block style make it a string whatever it looks like. */
  readonly isQuoted: boolean
  readonly isNull: boolean
  readonly span: Span
}

export interface YamlList {
  readonly kind: 'list'
  readonly items: readonly YamlNode[]
  readonly span: Span
}

export interface YamlEntry {
  readonly key: string
  readonly keySpan: Span
  readonly value: YamlNode
}

export interface YamlMap {
  readonly kind: 'map'
  /** In document order; a duplicate key is a problem and only its first value is here. */
  readonly entries: ReadonlyMap<string, YamlEntry>
  readonly span: Span
}

export type { Problems }
