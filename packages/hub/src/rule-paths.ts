import { basename, join } from 'node:path'
import type { Problems } from '@tocsin/diagnostic'
import { readCollection } from './collection.ts'
import { dropShadowed } from './drop-shadowed.ts'
import { guessRule } from './guess-kind.ts'
import { type HubTree, openHub } from './hub-tree.ts'
import { readInstalled } from './installed-tree.ts'
import { hubItemTypes, type RuleItem } from './item.ts'
import { orderItems } from './order-items.ts'
import { isDirectory, isFile, isYamlName, listFiles, readRuleFile } from './rule-file.ts'

/**
 * The rules at paths a user gave, in loading order: files of any kind, directories of files,
 * a hub (it has an `.index.json`), a configuration directory (it has `parsers/` or `scenarios/`).
 * @param hub Where collections among them find what they name.
 */
export function readRulePaths(
  paths: readonly string[],
  problems: Problems,
  hub?: HubTree,
): RuleItem[] {
  const items = paths.flatMap((path) => readPath(path, problems, hub))
  return orderItems(dropShadowed(items, problems))
}

function readPath(path: string, problems: Problems, hub: HubTree | undefined): RuleItem[] {
  if (!isDirectory(path)) return readFile(path, basename(path), problems, hub)
  if (isFile(join(path, '.index.json'))) return openHub(path, problems).loadAll(problems)
  if (hubItemTypes.some((type) => isDirectory(join(path, type)))) {
    return readInstalled(path, problems, hub)
  }
  const files = listFiles(path).filter(isYamlName)
  if (files.length === 0) {
    problems.warn(path, 'TOC_HUB_EMPTY', 'no .yaml or .yml file here')
  }
  return files.flatMap((file) => readFile(join(path, file), file, problems, hub))
}

function readFile(
  path: string,
  place: string,
  problems: Problems,
  hub: HubTree | undefined,
): RuleItem[] {
  const file = readRuleFile(path, problems)
  if (!file) return []
  const { source } = file
  const guessed = guessRule(source, path)
  if (!guessed) {
    const message = 'this is neither a parser, scenario, postoverflow, context nor collection'
    const hint = 'a scenario has "type" and "filter", a parser "grok", "nodes" or "statics"'
    problems.error(source.span(0, 1), 'TOC_HUB_KIND', message, hint)
    return []
  }
  const { kind, stage } = guessed
  if (kind === 'collection' && hub) {
    return hub.expandEntries(readCollection(source, problems), problems)
  }
  const name = guessed.name === '' ? place : guessed.name
  return [{ kind, name, stage, path, place, source, version: '', hash: '', isLocal: true }]
}
