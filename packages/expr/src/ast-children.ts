import { unreachable } from '@tocsin/diagnostic'
import type { Ast } from './ast.ts'

/** The parts of a node, in order of evaluation. */
export function childrenOf(node: Ast): readonly Ast[] {
  switch (node.kind) {
    case 'nil':
    case 'bool':
    case 'int':
    case 'float':
    case 'string':
    case 'bytes':
    case 'name':
    case 'pointer':
      return []
    case 'member':
      return [node.object, node.key]
    case 'slice':
      return [node.object, node.from, node.to].filter((part) => part !== undefined)
    case 'chain':
    case 'closure':
      return [node.body]
    case 'call':
      return node.args
    case 'method':
      return [node.callee, ...node.args]
    case 'unary':
      return [node.operand]
    case 'logical':
      return node.operands
    case 'binary':
      return [node.left, node.right]
    case 'conditional':
      return [node.condition, node.whenTrue, node.whenFalse]
    case 'elvis':
      return [node.condition, node.whenFalse]
    case 'list':
    case 'sequence':
      return node.items
    case 'map':
      return node.entries.flatMap((entry) => [entry.key, entry.value])
    case 'let':
      return [node.value, node.body]
    default:
      return unreachable(node)
  }
}
