import { unreachable } from '@tocsin/diagnostic'
import type { Ir } from './ir.ts'

/** The parts of a node, in order of evaluation. */
export function partsOf(node: Ir): readonly Ir[] {
  switch (node.op) {
    case 'constant':
    case 'variable':
    case 'local':
    case 'environment':
      return []
    case 'field':
      return [node.object]
    case 'entry':
    case 'lookup':
      return [node.object, node.key]
    case 'item':
      return [node.object, node.index]
    case 'slice':
      return [node.object, node.from, node.to].filter((part) => part !== undefined)
    case 'call':
      return node.args
    case 'invoke':
      return [node.callee, ...node.args]
    case 'send':
      return [node.object, ...node.args]
    case 'ensure':
    case 'not':
    case 'negate':
    case 'plus':
    case 'inSet':
    case 'pattern':
    case 'containsAny':
      return [node.operand]
    case 'search':
      return [node.list, node.text]
    case 'logical':
      return node.operands
    case 'binary':
    case 'coalesce':
      return [node.left, node.right]
    case 'conditional':
      return [node.condition, node.whenTrue, node.whenFalse]
    case 'let':
    case 'optional':
      return [node.value, node.body]
    case 'sequence':
    case 'list':
      return node.items
    case 'map':
      return node.entries.flatMap((entry) => [entry.key, entry.value])
    case 'loop':
      return [node.list, node.extra, node.closure?.body].filter((part) => part !== undefined)
    default:
      return unreachable(node)
  }
}

/** The same node with every part replaced by what `change` makes of it. */
export function mapParts(node: Ir, change: (part: Ir) => Ir): Ir {
  switch (node.op) {
    case 'constant':
    case 'variable':
    case 'local':
    case 'environment':
      return node
    case 'field':
      return { ...node, object: change(node.object) }
    case 'entry':
    case 'lookup':
      return { ...node, object: change(node.object), key: change(node.key) }
    case 'item':
      return { ...node, object: change(node.object), index: change(node.index) }
    case 'slice':
      return {
        ...node,
        object: change(node.object),
        from: node.from && change(node.from),
        to: node.to && change(node.to),
      }
    case 'call':
      return { ...node, args: node.args.map(change) }
    case 'invoke':
      return { ...node, callee: change(node.callee), args: node.args.map(change) }
    case 'send':
      return { ...node, object: change(node.object), args: node.args.map(change) }
    case 'ensure':
    case 'not':
    case 'negate':
    case 'plus':
    case 'inSet':
    case 'pattern':
    case 'containsAny':
      return { ...node, operand: change(node.operand) }
    case 'search':
      return { ...node, list: change(node.list), text: change(node.text) }
    case 'logical':
      return { ...node, operands: node.operands.map(change) }
    case 'binary':
    case 'coalesce':
      return { ...node, left: change(node.left), right: change(node.right) }
    case 'conditional':
      return {
        ...node,
        condition: change(node.condition),
        whenTrue: change(node.whenTrue),
        whenFalse: change(node.whenFalse),
      }
    case 'let':
    case 'optional':
      return { ...node, value: change(node.value), body: change(node.body) }
    case 'sequence':
    case 'list':
      return { ...node, items: node.items.map(change) }
    case 'map':
      return {
        ...node,
        entries: node.entries.map(({ key, value }) => ({ key: change(key), value: change(value) })),
      }
    case 'loop':
      return {
        ...node,
        list: change(node.list),
        extra: node.extra && change(node.extra),
        closure: node.closure && { ...node.closure, body: change(node.closure.body) },
      }
    default:
      return unreachable(node)
  }
}
