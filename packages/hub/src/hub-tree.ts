import { basename, join } from 'node:path'
import { type Problems, type Span, suggest } from '@tocsin/diagnostic'
import { type CollectionEntry, readCollection } from './collection.ts'
import { guessRule } from './guess-kind.ts'
import { emptyIndex, type HubIndex, type IndexItem, isInside, readIndex } from './index-file.ts'
import {
  type HubItemType,
  hasStages,
  hubItemTypes,
  kindOfType,
  type RuleItem,
  type RuleKind,
  typeOfKind,
} from './item.ts'
import { orderItems } from './order-items.ts'
import { isDirectory, isFile, isYamlName, listFiles, readRuleFile } from './rule-file.ts'

/** Opens a hub directory: by its `.index.json`, without one by the files that are there. */
export function openHub(directory: string, problems: Problems): HubTree {
  const path = join(directory, '.index.json')
  if (!isFile(path)) return new HubTree(directory, scanTree(directory))
  const file = readRuleFile(path, problems)
  return new HubTree(directory, file ? readIndex(file.source, problems) : emptyIndex())
}

/** A directory of rules by many authors: `parsers/s01-parse/author/name.yaml`. */
export class HubTree {
  readonly directory: string
  readonly index: HubIndex

  constructor(directory: string, index: HubIndex) {
    this.directory = directory
    this.index = index
  }

  /** The item called `author/name`. */
  find(kind: RuleKind, name: string): IndexItem | undefined {
    return this.index[typeOfKind[kind]].get(name)
  }

  /** Reads the file of an item; an unknown name is a problem `at` the place that asks for it. */
  load(kind: RuleKind, name: string, problems: Problems, at?: Span): RuleItem | undefined {
    const item = this.find(kind, name)
    if (!item) return this.#reportUnknown(typeOfKind[kind], name, problems, at)
    return this.loadItem(item, problems)
  }

  /** Reads the file of an item of the index; undefined for types that are no rules. */
  loadItem(item: IndexItem, problems: Problems): RuleItem | undefined {
    const kind = kindOfType[item.type]
    if (!kind) return undefined
    const path = join(this.directory, item.path)
    const file = readRuleFile(path, problems)
    if (!file) return undefined
    return {
      kind,
      name: item.name,
      stage: item.stage,
      path,
      place: basename(path),
      source: file.source,
      version: item.versionByDigest.get(file.hash) ?? '?',
      hash: file.hash,
      isLocal: false,
    }
  }

  /** Every rule of the hub in loading order, collections apart. */
  loadAll(problems: Problems): RuleItem[] {
    const items: RuleItem[] = []
    for (const type of hubItemTypes) {
      if (type === 'collections' || !kindOfType[type]) continue
      for (const indexItem of this.index[type].values()) {
        const item = this.loadItem(indexItem, problems)
        if (item) items.push(item)
      }
    }
    return orderItems(items)
  }

  /** The rules that collections stand for, nested ones included, each once and in loading order. */
  expand(collections: readonly string[], problems: Problems): RuleItem[] {
    const found = new Map<string, RuleItem>()
    for (const name of collections) this.#collect('collection', name, found, problems, undefined)
    return orderItems([...found.values()].filter((item) => item.kind !== 'collection'))
  }

  /** As `expand`, for the entries of a collection file that is not part of the hub. */
  expandEntries(entries: readonly CollectionEntry[], problems: Problems): RuleItem[] {
    const found = new Map<string, RuleItem>()
    for (const { kind, name, span } of entries) this.#collect(kind, name, found, problems, span)
    return orderItems([...found.values()].filter((item) => item.kind !== 'collection'))
  }

  #collect(
    kind: RuleKind,
    name: string,
    found: Map<string, RuleItem>,
    problems: Problems,
    at: Span | undefined,
  ): void {
    const key = `${kind}:${name}`
    if (found.has(key)) return
    const item = this.load(kind, name, problems, at)
    if (!item) return
    // Before its entries, so that a collection that names itself ends here.
    found.set(key, item)
    if (kind !== 'collection') return
    for (const entry of readCollection(item.source, problems)) {
      this.#collect(entry.kind, entry.name, found, problems, entry.span)
    }
  }

  /**
   * The item a hub test names: `author/name`, or a path below the hub, or one below `testDirectory`.
   * A path makes a local item: it has neither version nor hash.
   */
  resolve(
    kind: RuleKind,
    entry: string,
    testDirectory: string,
    problems: Problems,
    at?: Span,
  ): RuleItem | undefined {
    if (this.find(kind, entry)) return this.load(kind, entry, problems, at)
    const relative = entry.replace(/^\/+/, '')
    if (!isInside(relative)) {
      const message = `"${entry}" leads outside the hub`
      return problems.error(at ?? this.directory, 'TOC_HUB_PATH', message)
    }
    const path = [this.directory, testDirectory]
      .map((directory) => join(directory, relative))
      .find((candidate) => isFile(candidate))
    if (path === undefined) return this.#reportUnknown(typeOfKind[kind], entry, problems, at)
    return this.#loadPath(kind, path, problems, at)
  }

  #loadPath(
    kind: RuleKind,
    path: string,
    problems: Problems,
    at: Span | undefined,
  ): RuleItem | undefined {
    const file = readRuleFile(path, problems)
    if (!file) return undefined
    const type = typeOfKind[kind]
    const stage = hasStages(type) ? (path.split('/').at(-3) ?? '') : ''
    if (hasStages(type) && (stage === '' || !isDirectory(join(this.directory, type, stage)))) {
      const message = `"${stage}" in "${path}" is not a stage of the hub's ${type}`
      const hint = `paths end in <stage>/<author>/<file>: ./${type}/s01-parse/author/name.yaml`
      return problems.error(at ?? path, 'TOC_HUB_STAGE', message, hint)
    }
    const { source } = file
    const place = basename(path)
    const name = guessRule(source, path)?.name || place
    return { kind, name, stage, path, place, source, version: '', hash: '', isLocal: true }
  }

  #reportUnknown(
    type: HubItemType,
    name: string,
    problems: Problems,
    at: Span | undefined,
  ): undefined {
    const near = suggest(name, this.index[type].keys())
    const hint = near === undefined ? undefined : `did you mean "${near}"?`
    const message = `cannot find "${name}" in ${type}`
    return problems.error(at ?? this.directory, 'TOC_HUB_UNKNOWN_ITEM', message, hint)
  }
}

/** The index a tree would have, versions apart. */
function scanTree(directory: string): HubIndex {
  const index = emptyIndex()
  for (const type of hubItemTypes) {
    for (const path of listFiles(join(directory, type))) {
      const parts = path.split('/')
      const stage = hasStages(type) ? parts.shift() : ''
      if (!isYamlName(path) || stage === undefined || parts.length === 0) continue
      const name = parts
        .slice(-2)
        .join('/')
        .replace(/\.ya?ml$/, '')
      const known = { version: '', description: '', labels: {}, versionByDigest: new Map() }
      index[type].set(name, { type, name, path: join(type, path), stage, ...known })
    }
  }
  return index
}
