import { Buffer } from 'node:buffer'
import type { Problems } from '@tocsin/diagnostic'
import { type Environment, formatValue, type Type } from '@tocsin/expr'
import type { Event, MetaItem } from '@tocsin/model'
import { expressionSource, type YamlDocument, type YamlMap, type YamlNode } from '@tocsin/yaml'
import { compileRule } from './read-rule.ts'
import { type RuleFailures, reasonOf } from './rule-failures.ts'
import type { Rule } from './scenario.ts'

const longestValue = 4000

/** `{ name: 'target_user', rules: [evt.Meta.target_user] }`. */
interface ContextKey {
  readonly name: string
  readonly rules: Rule[]
}

/** Where an expression of an alert context may stand: an item, or the file of the console. */
export type ContextLayout = 'item' | 'console'

/**
 * What alerts tell beside their events: named lists of values, gathered from the events by
 * expressions. Texts of several files add up, an expression that is there already is not repeated.
 */
export class ContextSet {
  readonly #keys = new Map<string, ContextKey>()
  readonly #environment: Environment
  readonly #others: Readonly<Record<string, unknown>>

  /**
   * @param environment Has `evt`, `match` and `req`.
   * @param others The values of all but `evt`: outside requests, an empty match and request.
   */
  constructor(environment: Environment, others: Readonly<Record<string, unknown>>) {
    this.#environment = environment
    this.#others = others
  }

  /** Every expression, to judge what buckets must keep of an event. */
  get rules(): Rule[] {
    return [...this.#keys.values()].flatMap((key) => key.rules)
  }

  /** Adds a document: an item has its map under `context`, the file of the console is the map. */
  add(document: YamlDocument, layout: ContextLayout, problems: Problems): void {
    const map = layout === 'item' ? contextOf(document, problems) : document.root
    if (!map) return
    if (map.kind !== 'map') {
      if (map.kind !== 'scalar' || !map.isNull) {
        problems.error(map.span, 'TOC_CONTEXT_SHAPE', `a context is a map, not a ${map.kind}`)
      }
      return
    }
    for (const { key, value } of map.entries.values()) {
      const known = this.#keys.get(key) ?? { name: key, rules: [] }
      this.#keys.set(key, known)
      readKey(known, value, this.#environment, problems)
    }
  }

  /**
   * The context of the events of an overflow, one item for every key with a value, by name.
   * @param lengthLimit Bytes of an encoded value; 0, and more than 4000, are 4000.
   */
  evaluate(events: readonly Event[], failures: RuleFailures, lengthLimit = 0): MetaItem[] {
    const limit = lengthLimit > 0 ? Math.min(lengthLimit, longestValue) : longestValue
    const items: MetaItem[] = []
    for (const { name, rules } of this.#keys.values()) {
      const values = new Set<string>()
      for (const event of events) {
        for (const rule of rules) this.#gather(name, rule, event, values, failures)
      }
      if (values.size > 0) items.push({ key: name, value: encodeValues([...values], limit) })
    }
    return items.sort((a, b) => (a.key < b.key ? -1 : 1))
  }

  #gather(
    name: string,
    rule: Rule,
    event: Event,
    values: Set<string>,
    failures: RuleFailures,
  ): void {
    const { variables, expression } = rule
    const given = variables.map((variable) => (variable === 'evt' ? event : this.#others[variable]))
    try {
      const result = expression.evaluate(...given)
      // Most of them are a text of Meta.
      if (typeof result === 'string') {
        if (result !== '') values.add(result)
        return
      }
      for (const text of contextTexts(result, expression.type)) if (text !== '') values.add(text)
    } catch (error) {
      failures.note('', `context ${name}`, rule, reasonOf(error))
    }
  }
}

function contextOf(document: YamlDocument, problems: Problems): YamlNode | undefined {
  const { root } = document
  const map: YamlMap | undefined = root?.kind === 'map' ? root : undefined
  const context = map?.entries.get('context')
  if (context) return context.value
  return problems.warn(
    root?.span ?? document.span,
    'TOC_CONTEXT_EMPTY',
    'there is no "context" map, so nothing is added to alerts',
  )
}

function readKey(
  key: ContextKey,
  node: YamlNode,
  environment: Environment,
  problems: Problems,
): void {
  const isList = node.kind === 'list'
  if (!isList) {
    problems.error(
      node.span,
      'TOC_CONTEXT_SHAPE',
      `context key "${key.name}" must be a list of expressions`,
      'write "- evt.Meta.user" below it',
    )
    return
  }
  for (const item of node.items) {
    if (item.kind !== 'scalar') {
      problems.error(item.span, 'TOC_CONTEXT_SHAPE', `an expression is a text, not a ${item.kind}`)
      continue
    }
    if (key.rules.some((rule) => rule.text === item.text)) continue
    const rule = compileRule(expressionSource(item), environment, problems)
    if (rule) key.rules.push(rule)
  }
}

/** The texts a result stands for: each element of a list known to hold texts or integers. */
export function contextTexts(result: unknown, type: Type): string[] {
  if (result === undefined || result === null || result === false) return []
  if (typeof result === 'string') return [result]
  if (typeof result === 'number') return result === 0 && type.kind !== 'int' ? [] : [String(result)]
  if (typeof result !== 'object') return [JSON.stringify(result) ?? '']
  if (Array.isArray(result) && type.kind === 'list') {
    const { kind } = type.element
    if (kind === 'string' || kind === 'int') return result.map(String)
  }
  return [formatValue(result, type)]
}

/**
 * A JSON list as Go writes it, at most `limit` bytes: first the last values go, then the only one
 * left is halved and ends in `...`.
 */
export function encodeValues(values: readonly string[], limit: number): string {
  let kept = values
  let encoded = encodeList(kept)
  while (Buffer.byteLength(encoded) > limit) {
    if (kept.length > 1) {
      kept = kept.slice(0, -1)
    } else {
      const bytes = Buffer.from(kept[0] ?? '')
      const half = `${bytes.subarray(0, bytes.length >> 1).toString()}...`
      // Below a few bytes nothing is left to cut.
      if (Buffer.byteLength(half) >= bytes.length) break
      kept = [half]
    }
    encoded = encodeList(kept)
  }
  return encoded
}

const escapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

function encodeList(values: readonly string[]): string {
  return JSON.stringify(values).replace(/[<>&\u2028\u2029]/g, (letter) => escapes[letter] ?? letter)
}
