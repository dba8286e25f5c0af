import type { Problems, SourceText, Span } from '@tocsin/diagnostic'
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from './node.ts'
import { isNullText } from './scalar-value.ts'

/** How many values all aliases of a document may stand for together. */
const maxAliasValues = 100_000

const tagPrefix = 'tag:yaml.org,2002:'
const plainTags: ReadonlySet<string> = new Set(['bool', 'int', 'float', 'null', 'timestamp'])
const textTags: ReadonlySet<string> = new Set(['!', `${tagPrefix}str`])
const collectionTags: ReadonlySet<string> = new Set([`${tagPrefix}map`, `${tagPrefix}seq`])

/** A named value; without a node while it is being read, so that it cannot hold itself. */
interface Anchor {
  readonly node: YamlNode | undefined
  readonly valueCount: number
}

/** Turns what the library made of one document into our nodes; aliases share the node they name. */
export class NodeConverter {
  readonly #source: SourceText
  readonly #problems: Problems
  readonly #anchors = new Map<string, Anchor>()
  #valueCount = 0
  #aliasValueCount = 0

  constructor(source: SourceText, problems: Problems) {
    this.#source = source
    this.#problems = problems
  }

  /** Undefined for an empty document. */
  convertRoot(contents: unknown): YamlNode | undefined {
    if (contents === null) return undefined
    const [start, end] = rangeOf(contents)
    const isEmpty = isScalar(contents) && contents.type === 'PLAIN' && start === end
    return isEmpty ? undefined : this.#convert(contents, start)
  }

  /** @param at Where to point when the library has no value: `? key` without one. */
  #convert(node: unknown, at: number): YamlNode {
    if (isAlias(node)) return this.#resolve(node.source, this.#span(node))
    const name = anchorOf(node)
    if (name === undefined) return this.#convertValue(node, at)
    this.#anchors.set(name, { node: undefined, valueCount: 0 })
    const before = this.#valueCount
    const converted = this.#convertValue(node, at)
    this.#anchors.set(name, { node: converted, valueCount: this.#valueCount - before })
    return converted
  }

  #convertValue(node: unknown, at: number): YamlNode {
    this.#valueCount++
    if (isMap(node)) return this.#convertMap(node)
    if (isSeq(node)) {
      return this.#convertList(node)
    }
    if (isScalar(node)) return this.#convertScalar(node)
    return nullAt(this.#source.span(at, at))
  }

  #convertList(list: YAMLSeq): YamlList {
    const whole = this.#span(list)
    this.#checkCollectionTag(list.tag, whole)
    const items = list.items.map((item) => this.#convert(item, whole.end))
    return { kind: 'list', items, span: list.flow ? whole : endAt(whole, items.at(-1)) }
  }

  #convertScalar(node: Scalar): YamlScalar {
    const span = this.#span(node)
    const text = String(node.value ?? '')
    const isQuoted = this.#isQuoted(node, span)
    const isNull = !isQuoted && isNullText(text)
    return { kind: 'scalar', text: isNull ? '' : text, isQuoted, isNull, span }
  }

  #isQuoted(node: Scalar, span: Span): boolean {
    const isQuoted = node.type !== 'PLAIN'
    const { tag } = node
    if (tag === undefined) return isQuoted
    if (textTags.has(tag)) return true
    if (tag.startsWith(tagPrefix) && plainTags.has(tag.slice(tagPrefix.length))) return false
    this.#reportTag(tag, span)
    return isQuoted
  }

  #checkCollectionTag(tag: string | undefined, span: Span): void {
    if (tag !== undefined && !collectionTags.has(tag)) this.#reportTag(tag, span)
  }

  #reportTag(tag: string, span: Span): void {
    const shown = tag.startsWith(tagPrefix) ? `!!${tag.slice(tagPrefix.length)}` : tag
    this.#problems.warn(span, 'TOC_YAML_TAG', `tag ${shown} is not known and has no effect`)
  }

  #convertMap(map: YAMLMap): YamlMap {
    const span = this.#span(map)
    this.#checkCollectionTag(map.tag, span)
    const entries = new Map<string, YamlEntry>()
    const merged: YamlNode[] = []
    let last: YamlNode | undefined
    for (const pair of map.items) {
      const key = this.#convertKey(pair, span)
      const value = this.#convert(pair.value, key?.span.end ?? span.end)
      last = value
      if (!key) continue
      if (key.text === '<<' && !key.isQuoted) merged.push(value)
      else this.#add(entries, { key: key.text, keySpan: key.span, value })
    }
    for (const value of merged) this.#merge(entries, value)
    return { kind: 'map', entries, span: map.flow ? span : endAt(span, last) }
  }

  #convertKey(pair: Pair, map: Span): YamlScalar | undefined {
    const key = this.#convert(pair.key, map.start)
    // A key is a text even where a value would be nothing: `null: 1`.
    if (key.kind === 'scalar')
      return isScalar(pair.key) ? { ...key, text: String(pair.key.value) } : key
    return this.#problems.error(key.span, 'TOC_YAML_KEY', `a key must be a text, not a ${key.kind}`)
  }

  #add(entries: Map<string, YamlEntry>, entry: YamlEntry): void {
    const first = entries.get(entry.key)
    if (!first) {
      entries.set(entry.key, entry)
      return
    }
    const { line } = this.#source.positionAt(first.keySpan.start)
    const message = `key "${entry.key}" occurs twice`
    const hint = `it is already set in line ${line}: keep one of them`
    this.#problems.error(entry.keySpan, 'TOC_YAML_DUPLICATE_KEY', message, hint)
  }

  /** Own keys win over merged ones, and of those the first. */
  #merge(entries: Map<string, YamlEntry>, value: YamlNode): void {
    if (value.kind === 'scalar' && value.isNull) return
    const maps = value.kind === 'list' ? value.items : [value]
    for (const map of maps) {
      if (map.kind !== 'map') {
        const message = `"<<" takes a map or a list of maps, not a ${map.kind}`
        this.#problems.error(map.span, 'TOC_YAML_MERGE', message)
        continue
      }
      for (const entry of map.entries.values()) {
        if (!entries.has(entry.key)) entries.set(entry.key, entry)
      }
    }
  }

  #resolve(name: string, span: Span): YamlNode {
    const anchor = this.#anchors.get(name)
    if (!anchor) {
      const hint = `name a value before it: "key: &${name} value"`
      this.#problems.error(span, 'TOC_YAML_ALIAS', `*${name} names no value`, hint)
      return nullAt(span)
    }
    if (!anchor.node) {
      this.#problems.error(span, 'TOC_YAML_ALIAS', `*${name} stands inside the value it names`)
      return nullAt(span)
    }
    const wasWithin = this.#aliasValueCount <= maxAliasValues
    this.#aliasValueCount += anchor.valueCount
    this.#valueCount += anchor.valueCount
    if (this.#aliasValueCount <= maxAliasValues) return anchor.node
    if (wasWithin) {
      const message = `aliases stand for more than ${maxAliasValues} values`
      this.#problems.error(span, 'TOC_YAML_ALIAS', message)
    }
    return nullAt(span)
  }

  #span(node: unknown): Span {
    const [start, end] = rangeOf(node)
    const { text } = this.#source
    // A block value ends with its last line; its line break belongs to the next one. A value that
    // is not there stands right behind its colon or dash.
    let last = Math.min(end, text.length)
    while (last > start && /[ \t\r\n]/.test(text[last - 1] ?? '')) last--
    let first = start
    if (start === end) while (/[ \t]/.test(text[first - 1] ?? '')) first--
    return this.#source.span(first, start === end ? first : last)
  }
}

/** A block ends with its last value: comments below it are somebody else's. */
function endAt(whole: Span, last: YamlNode | undefined): Span {
  // An alias ends where its value stands, which may be anywhere before.
  const isWithin = last !== undefined && last.span.end > whole.start && last.span.end < whole.end
  return isWithin ? whole.source.span(whole.start, last.span.end) : whole
}

function nullAt(span: Span): YamlScalar {
  return { kind: 'scalar', text: '', isQuoted: false, isNull: true, span }
}

function rangeOf(node: unknown): readonly [number, number] {
  const range = hasRange(node) ? node.range : undefined
  return [range?.[0] ?? 0, range?.[1] ?? 0]
}

function hasRange(node: unknown): node is { range?: readonly number[] | null } {
  return typeof node === 'object' && node !== null && 'range' in node
}

function anchorOf(node: unknown): string | undefined {
  return isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined
}
