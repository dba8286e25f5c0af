import { Problems, type SourceText } from '@tocsin/diagnostic'
import { readYaml, type YamlMap } from '@tocsin/yaml'
import { isHubItemType, kindOfType, type RuleKind } from './item.ts'

/** What a file seems to hold. */
export interface GuessedRule {
  readonly kind: RuleKind
  readonly stage: string
  /** The `name:` of its first document; empty when there is none. */
  readonly name: string
}

const parserKeys = ['nodes', 'grok', 'statics', 'whitelist', 'stash', 'pattern_syntax', 'onsuccess']
const listKeys = ['parsers', 'postoverflows', 'scenarios', 'contexts', 'collections']

/**
 * Tells from its content what a rule file is, and from its path (`…/s02-enrich/…`) its stage.
 * Without one a parser goes to `s01-parse`, a whitelist to `s02-enrich`, whatever looks at overflows
 * to the postoverflows. Undefined when nothing speaks for any kind; nothing is reported, as whoever
 * reads the file as what it is reports what is wrong with it.
 */
export function guessRule(source: SourceText, path: string): GuessedRule | undefined {
  const first = firstMap(source)
  const kind = (first && kindOfContent(first, source.text)) ?? kindOfPath(path)
  if (!kind) return undefined
  const name = first?.entries.get('name')?.value
  return {
    kind,
    stage: stageOf(kind, path, first),
    name: name?.kind === 'scalar' ? name.text : '',
  }
}

/** The first map among the documents, undefined when the file is no YAML. */
function firstMap(source: SourceText): YamlMap | undefined {
  // Only looked at: whoever reads the file for good reports its problems.
  for (const { root } of readYaml(source, new Problems())) {
    if (root?.kind === 'map') return root
  }
  return undefined
}

function kindOfContent({ entries }: YamlMap, text: string): RuleKind | undefined {
  if (entries.has('type') && (entries.has('filter') || entries.has('leakspeed'))) return 'scenario'
  if (parserKeys.some((key) => entries.has(key))) {
    return text.includes('evt.Overflow') ? 'postoverflow' : 'parser'
  }
  if (entries.has('context')) return 'context'
  if (listKeys.some((key) => entries.get(key)?.value.kind === 'list')) return 'collection'
  return undefined
}

/** By the innermost directory that is named as one of a hub. */
function kindOfPath(path: string): RuleKind | undefined {
  const type = path.split('/').slice(0, -1).findLast(isHubItemType)
  return type && kindOfType[type]
}

function stageOf(kind: RuleKind, path: string, map: YamlMap | undefined): string {
  if (kind !== 'parser' && kind !== 'postoverflow') return ''
  const directories = path.split('/').slice(0, -1)
  const named = directories.findLast((part) => /^s\d\d-/.test(part))
  if (named !== undefined) return named
  const isWhitelist = map?.entries.has('whitelist') ?? false
  if (kind === 'postoverflow') return isWhitelist ? 's01-whitelist' : 's00-enrich'
  return isWhitelist ? 's02-enrich' : 's01-parse'
}
