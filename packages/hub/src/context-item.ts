import type { Problems, SourceText } from '@tocsin/diagnostic'
import { type ExpressionSource, expressionSource, readYaml, type YamlMap } from '@tocsin/yaml'

/** What alerts carry beside their events: expressions by the key their values get. */
export type AlertContext = ReadonlyMap<string, readonly ExpressionSource[]>

/** Reads an installed context item: the map below its `context:`. */
export function readContextItem(source: SourceText, problems: Problems): AlertContext {
  const problemCount = problems.list.length
  const root = readRoot(source, problems)
  const context = root?.entries.get('context')?.value
  if (context?.kind === 'map') return readEntries(context, problems)
  // Text that could not be read has been reported; text that is merely empty has not.
  if (!root && problems.list.length > problemCount) return new Map()
  const span = context?.span ?? root?.span ?? source.span(0, 0)
  problems.error(span, 'TOC_HUB_CONTEXT', 'a context needs a map of expressions below "context"')
  return new Map()
}

/** Reads the console's `context.yaml`, which is the map itself and may be empty. */
export function readConsoleContext(source: SourceText, problems: Problems): AlertContext {
  const root = readRoot(source, problems)
  return root ? readEntries(root, problems) : new Map()
}

/** All contexts as one: per key their expressions in order, the same text only once. */
export function mergeContexts(contexts: Iterable<AlertContext>): AlertContext {
  const merged = new Map<string, ExpressionSource[]>()
  for (const context of contexts) {
    for (const [key, expressions] of context) {
      const known = merged.get(key) ?? []
      merged.set(key, known)
      for (const expression of expressions) {
        if (!known.some(({ text }) => text === expression.text)) known.push(expression)
      }
    }
  }
  return merged
}

function readRoot(source: SourceText, problems: Problems): YamlMap | undefined {
  const root = readYaml(source, problems)[0]?.root
  if (!root || root.kind === 'map') return root
  return problems.error(root.span, 'TOC_HUB_CONTEXT', `a context must be a map, not a ${root.kind}`)
}

function readEntries(map: YamlMap, problems: Problems): AlertContext {
  const context = new Map<string, ExpressionSource[]>()
  for (const { key, value } of map.entries.values()) {
    if (value.kind !== 'list') {
      const message = `context key "${key}" must be a list of expressions`
      problems.error(value.span, 'TOC_HUB_CONTEXT', message, `${key}: [ evt.Meta.${key} ]`)
      continue
    }
    const expressions: ExpressionSource[] = []
    for (const item of value.items) {
      if (item.kind === 'scalar') expressions.push(expressionSource(item))
      else
        problems.error(item.span, 'TOC_HUB_CONTEXT', `an expression is a text, not a ${item.kind}`)
    }
    context.set(key, expressions)
  }
  return context
}
