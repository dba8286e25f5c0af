import type { Problems } from '@tocsin/diagnostic'
import type { YamlEntry, YamlMap, YamlNode } from '@tocsin/yaml'

/**
 * Lays `overlay` over `base`: maps are merged key by key, scalars and lists are replaced, a null
 * replaces anything. Every value keeps the place it comes from. Kinds that clash are a problem.
 */
export function mergeMaps(base: YamlMap, overlay: YamlMap, problems: Problems): YamlMap {
  const entries = new Map<string, YamlEntry>(base.entries)
  for (const [key, entry] of overlay.entries) {
    const below = entries.get(key)
    entries.set(
      key,
      below ? { ...entry, value: mergeNodes(below.value, entry.value, problems) } : entry,
    )
  }
  return { ...base, entries }
}

function mergeNodes(base: YamlNode, overlay: YamlNode, problems: Problems): YamlNode {
  if (isNull(base) || isNull(overlay)) return overlay
  if (base.kind === 'map' && overlay.kind === 'map') return mergeMaps(base, overlay, problems)
  if (base.kind === overlay.kind) return overlay
  const message = `can't merge a ${kindName(overlay)} into a ${kindName(base)}`
  problems.error(overlay.span, 'TOC_CONFIG_MERGE', message)
  return base
}

function isNull(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.isNull
}

function kindName(node: YamlNode): string {
  const names = { map: 'mapping', list: 'sequence', scalar: 'scalar' } as const
  return names[node.kind]
}
