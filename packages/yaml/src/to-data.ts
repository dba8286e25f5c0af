import { createDataDict } from '@tocsin/model'
import type { YamlNode, YamlScalar } from './node.ts'
import { readBoolean, readNumber } from './scalar-value.ts'

/**
 * Plain data of a node, scalars resolved as in YAML 1.1: `yes` is true, `~` is null, `0x10` is 16,
 * whatever is quoted is text; dates stay text. Maps have no inherited names, so `__proto__` is only
 * a key.
 */
export function toData(node: YamlNode): unknown {
  switch (node.kind) {
    case 'scalar':
      return scalarData(node)
    case 'list':
      return node.items.map(toData)
    case 'map': {
      const data = createDataDict()
      for (const { key, value } of node.entries.values()) data[key] = toData(value)
      return data
    }
  }
}

function scalarData(scalar: YamlScalar): string | number | boolean | null {
  if (scalar.isNull) return null
  return readBoolean(scalar) ?? readNumber(scalar) ?? scalar.text
}
