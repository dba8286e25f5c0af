import type { SourceText } from '@tocsin/diagnostic'

/** Kinds of hub items, in the order in which they are listed and scanned; each is a directory. */
export const hubItemTypes = [
  'parsers',
  'postoverflows',
  'scenarios',
  'contexts',
  'appsec-configs',
  'appsec-rules',
  'collections',
] as const
export type HubItemType = (typeof hubItemTypes)[number]

/** What the engine loads, in the order it loads them, and the collections that name it. */
export const ruleKinds = ['parser', 'postoverflow', 'scenario', 'context', 'collection'] as const
export type RuleKind = (typeof ruleKinds)[number]

/** The directory of each kind of rule. */
export const typeOfKind: Readonly<Record<RuleKind, HubItemType>> = {
  parser: 'parsers',
  postoverflow: 'postoverflows',
  scenario: 'scenarios',
  context: 'contexts',
  collection: 'collections',
}

/** The kind of rule in a directory; the others hold items the engine does not load as rules. */
export const kindOfType: Readonly<Record<HubItemType, RuleKind | undefined>> = {
  parsers: 'parser',
  postoverflows: 'postoverflow',
  scenarios: 'scenario',
  contexts: 'context',
  'appsec-configs': undefined,
  'appsec-rules': undefined,
  collections: 'collection',
}

/** One file of rules to load. */
export interface RuleItem {
  readonly kind: RuleKind
  /** `author/name` as the index has it, or the `name:` of a local file; not the scenario's own name. */
  readonly name: string
  /** `s01-parse`; empty for kinds without stages. */
  readonly stage: string
  /** The file, as it was reached. */
  readonly path: string
  /** Path below the directory of the stage or type: orders the items of a stage, byte by byte. */
  readonly place: string
  readonly source: SourceText
  /** `1.2`; `?` when the file is none of the versions in the index; empty for a local file. */
  readonly version: string
  /** SHA-256 of the file in hex; empty for a local file. */
  readonly hash: string
  readonly isLocal: boolean
}

/** Whether items of this type live in stage directories. */
export function hasStages(type: HubItemType): boolean {
  return type === 'parsers' || type === 'postoverflows'
}

/** Whether a text is the name of a type directory. */
export function isHubItemType(text: string): text is HubItemType {
  return (hubItemTypes as readonly string[]).includes(text)
}
