import type { Problems, SourceText, Span } from '@tocsin/diagnostic'
import { MapReader, readYaml } from '@tocsin/yaml'
import { type RuleKind, ruleKinds, typeOfKind } from './item.ts'

/** One item a collection asks for. */
export interface CollectionEntry {
  readonly kind: RuleKind
  readonly name: string
  readonly span: Span
}

/** The items a collection file names directly; its WAF items and descriptive keys are passed over. */
export function readCollection(source: SourceText, problems: Problems): CollectionEntry[] {
  const entries: CollectionEntry[] = []
  for (const { root, span } of readYaml(source, problems)) {
    if (!root) continue
    if (root.kind !== 'map') {
      problems.error(span, 'TOC_HUB_COLLECTION', 'a collection must be a map of item lists')
      continue
    }
    const reader = new MapReader(root, problems, 'collection')
    for (const kind of ruleKinds) {
      for (const scalar of reader.scalarList(typeOfKind[kind]) ?? []) {
        entries.push({ kind, name: scalar.text, span: scalar.span })
      }
    }
  }
  return entries
}
