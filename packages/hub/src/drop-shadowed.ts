import type { Problems } from '@tocsin/diagnostic'
import type { RuleItem } from './item.ts'

/**
 * Keeps one item of each kind and name: a local one rather than one of the hub, and of two local
 * ones the later. What loses is reported as a warning.
 */
export function dropShadowed(items: Iterable<RuleItem>, problems: Problems): RuleItem[] {
  const kept = new Map<string, RuleItem>()
  for (const item of items) {
    const key = `${item.kind}:${item.name}`
    const other = kept.get(key)
    if (!other || item.isLocal || !other.isLocal) kept.set(key, item)
    // The same file by two ways is no conflict, nor are two links to one item of the hub.
    if (!other || other.source.text === item.source.text) continue
    const loser = other === kept.get(key) ? item : other
    const winner = other === kept.get(key) ? other : item
    problems.warn(
      loser.path,
      'TOC_HUB_SHADOWED',
      `ignored: ${winner.path} is a ${item.kind} of the same name, "${item.name}"`,
    )
  }
  return [...kept.values()]
}

/**
 * Items as they would be installed for a hub test: one directory for each stage or type, without
 * authors, so that of two files of the same name a local one, else the first, is there.
 */
export function installFlat(items: Iterable<RuleItem>): RuleItem[] {
  const byPlace = new Map<string, RuleItem>()
  for (const item of items) {
    const key = `${item.kind}/${item.stage}/${item.place}`
    if (item.isLocal || !byPlace.has(key)) byPlace.set(key, item)
  }
  return [...byPlace.values()]
}
