import { type Ir, isExactly, isTextConstant } from './ir.ts'
import { partsOf } from './ir-children.ts'

/** The values of locals, so that paths can be followed through `let`. */
export type Bindings = ReadonlyMap<number, Ir>

/**
 * The path from a variable that a node reads: `['evt', 'Meta', 'log_type']` for `evt.Meta.log_type`
 * and `evt.Meta['log_type']`; undefined for anything else.
 */
export function pathOf(node: Ir, bindings: Bindings): string[] | undefined {
  switch (node.op) {
    case 'variable':
      return [node.name]
    case 'local': {
      const value = bindings.get(node.id)
      return value && pathOf(value, bindings)
    }
    case 'ensure':
      return pathOf(node.operand, bindings)
    case 'field': {
      const path = pathOf(node.object, bindings)
      path?.push(node.name)
      return path
    }
    case 'entry':
    case 'lookup': {
      if (!isTextConstant(node.key)) return undefined
      const path = pathOf(node.object, bindings)
      path?.push(node.key.value)
      return path
    }
    case 'optional': {
      // `x?.y` reads what `x.y` does.
      const inner = new Map(bindings).set(node.id, node.value)
      return pathOf(node.body, inner)
    }
    default:
      return undefined
  }
}

/** Every local of an expression that has one value: those of `let` and of `?.`. */
export function bindingsOf(root: Ir): Bindings {
  const bindings = new Map<number, Ir>()
  const visit = (node: Ir): void => {
    if (node.op === 'let' || node.op === 'optional') bindings.set(node.id, node.value)
    for (const part of partsOf(node)) visit(part)
  }
  visit(root)
  return bindings
}

/** The longest paths an expression reads, each once; a variable alone when more cannot be said. */
export function readsOf(root: Ir): string[][] {
  const bindings = bindingsOf(root)
  const paths = new Map<string, string[]>()
  const visit = (node: Ir): void => {
    const path = pathOf(node, bindings)
    if (path) {
      paths.set(JSON.stringify(path), path)
      return
    }
    for (const part of partsOf(node)) visit(part)
  }
  visit(root)
  return [...paths.values()]
}

/** The properties that lead from the first variable to a text; undefined when it is computed. */
export function placeOf(node: Ir, bindings: Bindings): string[] | undefined {
  return isExactly(node, 'string') ? propertiesOf(node, bindings) : undefined
}

function propertiesOf(node: Ir, bindings: Bindings): string[] | undefined {
  if (node.op === 'variable') return node.index === 0 ? [] : undefined
  if (node.isNullable) return undefined
  switch (node.op) {
    case 'local': {
      const value = bindings.get(node.id)
      return value && propertiesOf(value, bindings)
    }
    case 'field': {
      const properties = propertiesOf(node.object, bindings)
      properties?.push(node.property)
      return properties
    }
    case 'entry': {
      if (node.storage !== 'dict' || !isTextConstant(node.key)) return undefined
      const properties = propertiesOf(node.object, bindings)
      properties?.push(node.key.value)
      return properties
    }
    default:
      return undefined
  }
}
