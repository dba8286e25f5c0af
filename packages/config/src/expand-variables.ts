import type { YamlEntry, YamlNode } from '@tocsin/yaml'

/** The environment: `{ HOME: '/root' }`. */
export type Variables = Readonly<Record<string, string | undefined>>

const reference = /\$(?:\{([^}]*)\}|([A-Za-z0-9_]+))/g

/**
 * Puts the values of set variables in the place of `$NAME` and `${NAME}`; one that is not set stays as
 * it is written. Only values are expanded, once, so that no variable can bring keys or structure.
 */
export function expandVariables(node: YamlNode, variables: Variables): YamlNode {
  switch (node.kind) {
    case 'scalar': {
      const text = expandText(node.text, variables)
      return text === node.text ? node : { ...node, text, isNull: text === '' && !node.isQuoted }
    }
    case 'list':
      return { ...node, items: node.items.map((item) => expandVariables(item, variables)) }
    case 'map': {
      const entries = new Map<string, YamlEntry>()
      for (const [key, entry] of node.entries) {
        entries.set(key, { ...entry, value: expandVariables(entry.value, variables) })
      }
      return { ...node, entries }
    }
  }
}

function expandText(text: string, variables: Variables): string {
  if (!text.includes('$')) return text
  return text.replace(reference, (whole, braced?: string, plain?: string) => {
    const name = braced ?? plain ?? ''
    return Object.hasOwn(variables, name) ? (variables[name] ?? whole) : whole
  })
}
