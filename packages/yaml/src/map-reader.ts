import { type Problems, type Span, suggest } from '@tocsin/diagnostic'
import { type ExpressionSource, expressionSource } from './expression-source.ts'
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from './node.ts'
import { readBoolean, readNumber } from './scalar-value.ts'

/**
 * Reads the keys of one map, each by the kind of value it wants; a value of another kind is a
 * problem, as is, after `finish`, every key nobody asked for. An absent key and a null are undefined
 * (null is the empty text for `text`).
 */
export class MapReader {
  readonly #map: YamlMap
  readonly #problems: Problems
  readonly #what: string
  readonly #asked = new Set<string>()

  /** @param what How messages call the map: `scenario`, `node`. */
  constructor(map: YamlMap, problems: Problems, what: string) {
    this.#map = map
    this.#problems = problems
    this.#what = what
  }

  /** The literal text of a scalar: `404` is `"404"`. */
  text(key: string): string | undefined {
    return this.#scalar(key, 'a text')?.text
  }

  /** As `text`, with the way back to the file; for expressions and patterns. */
  spannedText(key: string): ExpressionSource | undefined {
    const scalar = this.#scalar(key, 'a text')
    return scalar && expressionSource(scalar)
  }

  integer(key: string): number | undefined {
    return this.#value(key, 'a whole number', readWhole)
  }

  number(key: string): number | undefined {
    return this.#value(key, 'a number', readNumber)
  }

  /** `true`, `yes`, `on` or their opposites. */
  boolean(key: string): boolean | undefined {
    return this.#value(key, 'true or false', readBoolean)
  }

  /** A list of scalars; a single scalar is not one. */
  textList(key: string): string[] | undefined {
    return this.scalarList(key)?.map((scalar) => scalar.text)
  }

  /** As `textList`, each with the way back to the file. */
  spannedTextList(key: string): ExpressionSource[] | undefined {
    return this.scalarList(key)?.map(expressionSource)
  }

  /** The scalars of a list; items of another kind are reported and left out. */
  scalarList(key: string): YamlScalar[] | undefined {
    return this.list(key)?.items.filter((item): item is YamlScalar => {
      if (item.kind === 'scalar') return true
      return this.#mismatch(key, item, 'a list of texts') ?? false
    })
  }

  map(key: string): YamlMap | undefined {
    const node = this.#present(key)
    if (!node || node.kind === 'map') return node
    return this.#mismatch(key, node, 'a map')
  }

  list(key: string): YamlList | undefined {
    const node = this.#present(key)
    if (!node || node.kind === 'list') return node
    return this.#mismatch(key, node, 'a list')
  }

  /** The maps of a list, none when the key is absent; items of another kind are reported. */
  mapList(key: string): YamlMap[] {
    const items = this.list(key)?.items ?? []
    return items.filter((item): item is YamlMap => {
      if (item.kind === 'map') return true
      return this.#mismatch(key, item, 'a list of maps') ?? false
    })
  }

  /** The value whatever its kind, a null scalar included. */
  node(key: string): YamlNode | undefined {
    return this.#entry(key)?.value
  }

  has(key: string): boolean {
    return this.#entry(key) !== undefined
  }

  /** Where the value stands; the map itself when the key is absent. */
  span(key: string): Span {
    return this.#map.entries.get(key)?.value.span ?? this.mapSpan
  }

  /** Where the key stands; the map itself when it is absent. */
  keySpan(key: string): Span {
    return this.#map.entries.get(key)?.keySpan ?? this.mapSpan
  }

  /** The beginning of the map: a caret below its first key, for "something is missing here". */
  get mapSpan(): Span {
    const first = this.#map.entries.values().next().value
    return first?.keySpan ?? this.#map.span
  }

  /** Reports every key that was never asked for. */
  finish(): void {
    for (const { key, keySpan } of this.#map.entries.values()) {
      if (this.#asked.has(key)) continue
      const near = suggest(key, this.#asked)
      const hint = near === undefined ? this.#knownKeys() : `did you mean "${near}"?`
      this.#problems.error(
        keySpan,
        'TOC_YAML_UNKNOWN_KEY',
        `unknown ${this.#what} key "${key}"`,
        hint,
      )
    }
  }

  #knownKeys(): string | undefined {
    if (this.#asked.size === 0) return undefined
    return `known keys: ${[...this.#asked].sort().join(', ')}`
  }

  #entry(key: string): YamlEntry | undefined {
    this.#asked.add(key)
    return this.#map.entries.get(key)
  }

  #present(key: string): YamlNode | undefined {
    const node = this.#entry(key)?.value
    return node?.kind === 'scalar' && node.isNull ? undefined : node
  }

  #scalar(key: string, wanted: string): YamlScalar | undefined {
    const node = this.#entry(key)?.value
    if (!node || node.kind === 'scalar') return node
    return this.#mismatch(key, node, wanted)
  }

  #value<T>(
    key: string,
    wanted: string,
    read: (scalar: YamlScalar) => T | undefined,
  ): T | undefined {
    const node = this.#present(key)
    if (!node) return undefined
    if (node.kind !== 'scalar') return this.#mismatch(key, node, wanted)
    return read(node) ?? this.#mismatch(key, node, wanted, isUnquotedReadable(node, read))
  }

  #mismatch(key: string, node: YamlNode, wanted: string, needsUnquoting = false): undefined {
    return this.#problems.error(
      node.span,
      'TOC_YAML_TYPE',
      `${this.#what} key "${key}" must be ${wanted}, not ${describe(node)}`,
      needsUnquoting ? 'remove the quotes' : undefined,
    )
  }
}

function readWhole(scalar: YamlScalar): number | undefined {
  const value = readNumber(scalar)
  return value !== undefined && Number.isSafeInteger(value) ? value : undefined
}

function isUnquotedReadable(scalar: YamlScalar, read: (scalar: YamlScalar) => unknown): boolean {
  return scalar.isQuoted && read({ ...scalar, isQuoted: false }) !== undefined
}

const maxShownLength = 40

function describe(node: YamlNode): string {
  if (node.kind !== 'scalar') return `a ${node.kind}`
  if (node.isNull) return 'nothing'
  const line = node.text.split('\n', 1)[0] ?? ''
  const cut = line.length > maxShownLength || line !== node.text
  return cut ? `"${line.slice(0, maxShownLength)}…"` : `"${line}"`
}
