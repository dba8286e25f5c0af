import { AddressSet, parseAddress, parseRange } from '@tocsin/address'
import { suggest } from '@tocsin/diagnostic'
import { compileExpression, type Expression, type Type } from '@tocsin/expr'
import { GrokError } from '@tocsin/grok'
import { parseDuration } from '@tocsin/model'
import { type ExpressionSource, expressionSource, MapReader, type YamlMap } from '@tocsin/yaml'
import type { ParserContext } from './context.ts'
import type { GrokInput, GrokStep } from './grok-step.ts'
import { ParserNode } from './node.ts'
import type { Stash } from './stash.ts'
import type { Static, StaticDestination } from './statics.ts'
import { compileStatics } from './statics.ts'
import { compileTarget } from './target.ts'
import type { Whitelist } from './whitelist.ts'

const defaultStashSize = 100

/** Where a node stands: the stage of its file, and the name of the node around it. */
interface Place {
  readonly stage: string
  readonly parentName: string | undefined
}

/**
 * Reads a node and its children; undefined, with the reasons among the problems, when it is unusable.
 * `pattern_syntax` enters the shared pattern library on the way, before the node's own grok.
 */
export function readNode(
  map: YamlMap,
  place: Place,
  context: ParserContext,
): ParserNode | undefined {
  const { problems } = context
  const errorsBefore = problems.errorCount
  const reader = new MapReader(map, problems, 'parser node')
  const name = reader.text('name') || (place.parentName ? `child-${place.parentName}` : '')
  for (const key of ['description', 'author', 'stage', 'format']) reader.text(key)
  for (const key of ['debug', 'profiling']) reader.boolean(key)
  reader.textList('references')
  const data = reader.mapList('data')

  const filter = readExpression(reader, 'filter', context, { kind: 'bool' })
  const movesToNextStage = readOnSuccess(reader, context)
  definePatterns(reader, context)
  const grok = readGrok(reader.map('grok'), name, context)
  const statics = readStatics(reader.mapList('statics'), context, 'node')
  const stashes = reader.mapList('stash').flatMap((entry) => readStash(entry, context) ?? [])
  const whitelist = readWhitelist(reader.map('whitelist'), context)
  const children = reader
    .mapList('nodes')
    .flatMap((child) => readNode(child, { stage: place.stage, parentName: name }, context) ?? [])
  reader.finish()
  if (problems.errorCount > errorsBefore) return undefined
  if (place.parentName === undefined) context.onData(data)

  if (!grok && children.length === 0 && statics.length === 0 && !whitelist) {
    return problems.error(
      map.span,
      'TOC_PARSER_EMPTY_NODE',
      'a node needs a grok, nodes, statics or a whitelist',
    )
  }
  const parts = { name, stage: place.stage, span: map.span, filter, movesToNextStage }
  const { onFailure } = context
  const runStatics = compileStatics(statics, name, onFailure)
  return new ParserNode(
    { ...parts, grok, stashes, whitelist, statics, runStatics, children },
    onFailure,
  )
}

function readOnSuccess(reader: MapReader, { problems }: ParserContext): boolean {
  const text = reader.text('onsuccess') ?? ''
  if (text === 'next_stage') return true
  if (text !== '' && text !== 'continue') {
    problems.error(
      reader.span('onsuccess'),
      'TOC_PARSER_ONSUCCESS',
      `onsuccess is "${text}"`,
      'it is "next_stage" or "continue"',
    )
  }
  return false
}

/** Compiles the scalar under `key`; undefined when absent or wrong. */
function readExpression(
  reader: MapReader,
  key: string,
  context: ParserContext,
  expected?: Type,
): Expression | undefined {
  const source = reader.spannedText(key)
  if (!source || source.text.trim() === '') return undefined
  return compileText(source, context, expected)
}

function compileText(
  source: ExpressionSource,
  { environment, problems }: ParserContext,
  expected?: Type,
): Expression | undefined {
  return compileExpression(source.span, environment, problems, {
    text: source.text,
    locate: source.locate,
    ...(expected ? { expected } : {}),
  })
}

function definePatterns(reader: MapReader, { patterns, problems }: ParserContext): void {
  for (const { key, keySpan, value } of reader.map('pattern_syntax')?.entries.values() ?? []) {
    if (value.kind !== 'scalar' || value.text === '' || key === '') {
      problems.error(value.span, 'TOC_GROK_EMPTY', 'a pattern needs a name and a text')
      continue
    }
    try {
      const isSame = patterns.find(key)?.source === value.text
      if (patterns.define(key, value.text) === 'kept' && !isSame) {
        problems.warn(
          keySpan,
          'TOC_GROK_REDEFINED',
          `the pattern ${key} is already defined otherwise, and the first definition is used`,
          'choose another name',
        )
      }
    } catch (error) {
      reportGrokError(error, expressionSource(value), problems)
    }
  }
}

function reportGrokError(
  error: unknown,
  source: ExpressionSource,
  problems: ParserContext['problems'],
): undefined {
  if (!(error instanceof GrokError)) throw error
  const at = source.locate(error.offset, error.offset + 1)
  return problems.error(at, error.code, error.message, error.hint)
}

function readGrok(
  map: YamlMap | undefined,
  rule: string,
  context: ParserContext,
): GrokStep | undefined {
  if (!map) return undefined
  const { problems, patterns } = context
  const reader = new MapReader(map, problems, 'grok')
  const pattern = reader.spannedText('pattern')
  const name = reader.spannedText('name')
  const applyOn = reader.text('apply_on') ?? ''
  const expression = readExpression(reader, 'expression', context)
  const statics = readStatics(reader.mapList('statics'), context, 'grok')
  reader.finish()

  const source = name && name.text !== '' ? name : pattern
  if (!source || source.text === '') {
    if (applyOn === '') return undefined
    return problems.error(map.span, 'TOC_PARSER_GROK', 'a grok needs a pattern or a name')
  }
  if (applyOn === '' && !expression) {
    return problems.error(
      map.span,
      'TOC_PARSER_GROK',
      'a grok needs apply_on or expression: the text to match',
      'apply_on: message',
    )
  }
  try {
    const grok = patterns.compile(source === name ? `%{${name.text}}` : source.text)
    const runStatics = compileStatics(statics, rule, context.onFailure)
    return { grok, input: grokInput(applyOn, expression), statics, runStatics }
  } catch (error) {
    return reportGrokError(error, source, problems)
  }
}

function grokInput(applyOn: string, expression: Expression | undefined): GrokInput {
  if (applyOn === 'Line.Raw') return { kind: 'line' }
  if (applyOn !== '' || !expression) return { kind: 'parsed', key: applyOn }
  return { kind: 'expression', expression }
}

function readStatics(
  maps: readonly YamlMap[],
  context: ParserContext,
  owner: 'node' | 'grok',
): Static[] {
  return maps.flatMap((map) => readStatic(map, context, owner) ?? [])
}

/** Reads one entry of `statics:`. Those of a grok need no complete destination, as in the peer. */
export function readStatic(
  map: YamlMap,
  context: ParserContext,
  owner: 'node' | 'grok',
): Static | undefined {
  const { problems } = context
  const reader = new MapReader(map, problems, 'static')
  const destination = readDestination(reader, context, owner)
  const value = reader.text('value') ?? ''
  const expression = readExpression(reader, 'expression', context)
  const hasSource = value !== '' || reader.has('expression')
  reader.finish()
  if (!destination) return undefined
  if (!hasSource && owner === 'node') {
    return problems.error(map.span, 'TOC_PARSER_STATIC', 'a static needs a value or an expression')
  }
  return { destination, value, expression: value === '' ? expression : undefined }
}

function readDestination(
  reader: MapReader,
  context: ParserContext,
  owner: 'node' | 'grok',
): StaticDestination | undefined {
  const { problems, enrichers, environment } = context
  const method = reader.text('method') ?? ''
  const parsed = reader.text('parsed') ?? ''
  const meta = reader.text('meta') ?? ''
  const enriched = reader.text('enriched') ?? ''
  const target = reader.text('target') ?? ''
  if (method !== '') {
    const enricher = enrichers.get(method)
    if (!enricher) {
      const near = suggest(method, enrichers.keys())
      const hint = near === undefined ? undefined : `did you mean "${near}"?`
      problems.warn(
        reader.span('method'),
        'TOC_PARSER_METHOD',
        `no enricher is called ${method}, so this static does nothing`,
        hint,
      )
    }
    return { kind: 'method', name: method, enricher }
  }
  if (parsed !== '') return store('parsed', parsed)
  if (meta !== '') return store('meta', meta)
  if (enriched !== '' && (owner === 'grok' || target !== '')) {
    return store('enriched', enriched)
  }
  if (target === '') {
    return problems.error(
      reader.mapSpan,
      'TOC_PARSER_STATIC',
      'a static needs a destination',
      'meta, parsed, target or method',
    )
  }
  const destination = compileTarget(target, environment)
  if ('kind' in destination) return destination
  const near = suggest(destination.segment, destination.known)
  problems.warn(
    reader.span('target'),
    'TOC_PARSER_TARGET',
    `the target ${target} leads nowhere: ${destination.message}`,
    near === undefined ? undefined : `did you mean "${near}"?`,
  )
  return { kind: 'write', name: target, write: () => false }
}

function store(dict: 'parsed' | 'meta' | 'enriched', key: string): StaticDestination {
  return { kind: 'store', name: key, properties: [dict, key] }
}

function readStash(map: YamlMap, context: ParserContext): Stash | undefined {
  const { problems } = context
  const reader = new MapReader(map, problems, 'stash')
  const name = reader.text('name') ?? ''
  const key = readExpression(reader, 'key', context)
  const value = readExpression(reader, 'value', context)
  const ttlText = reader.text('ttl') ?? ''
  const size = reader.integer('size') ?? 0
  const strategyText = (reader.text('strategy') ?? '').toUpperCase()
  reader.finish()
  for (const required of ['name', 'key', 'value', 'ttl']) {
    if (!reader.has(required)) {
      problems.error(map.span, 'TOC_PARSER_STASH', `a stash needs ${required}`)
    }
  }
  const ttlNanos = parseDuration(ttlText)
  if (reader.has('ttl') && (ttlNanos === undefined || ttlNanos <= 0)) {
    problems.error(reader.span('ttl'), 'TOC_PARSER_STASH', `ttl is "${ttlText}"`, 'such as "10m"')
  }
  if (!key || !value || !ttlNanos || name === '') return undefined
  const strategy = strategyText === 'LFU' || strategyText === 'ARC' ? strategyText : 'LRU'
  const settings = { name, size: size > 0 ? size : defaultStashSize, strategy, ttlNanos } as const
  return { name, key, value, ttlNanos, cache: context.createStash(settings) }
}

function readWhitelist(map: YamlMap | undefined, context: ParserContext): Whitelist | undefined {
  if (!map) return undefined
  const { problems } = context
  const reader = new MapReader(map, problems, 'whitelist')
  const reason = reader.text('reason') ?? ''
  const addresses = new AddressSet()
  for (const item of reader.scalarList('ip') ?? []) {
    const address = parseAddress(item.text)
    if (address) addresses.addAddress(address)
    else problems.error(item.span, 'TOC_PARSER_WHITELIST_IP', `"${item.text}" is not an IP address`)
  }
  for (const item of reader.scalarList('cidr') ?? []) {
    const range = parseRange(item.text)
    if (range && item.text.includes('/')) addresses.add(range)
    else problems.error(item.span, 'TOC_PARSER_WHITELIST_CIDR', `"${item.text}" is not a range`)
  }
  const expressions = (reader.spannedTextList('expression') ?? []).flatMap(
    (item) => compileText(item, context) ?? [],
  )
  reader.finish()
  if (addresses.size === 0 && expressions.length === 0) return undefined
  return { reason, addresses: addresses.size > 0 ? addresses : undefined, expressions }
}
