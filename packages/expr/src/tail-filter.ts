import { type Ir, isExactly, isTextConstant } from './ir.ts'
import { partsOf } from './ir-children.ts'

type LetIr = Ir & { readonly op: 'let' }

/** More elements than this are as well gathered from the start. */
const mostWanted = 64

/**
 * `let found = filter(queue.Queue, {…}); len(found) >= 4 && f(found[-4:])` looks at no more than the
 * last four: these are then all that is gathered, from the end, so that the cost of a queue does
 * not grow with its length.
 */
export function limitFilter(node: LetIr): Ir {
  const { value, body, id } = node
  if (value.op !== 'loop' || value.name !== 'filter' || !value.closure) return node
  if (!cannotFail(value.closure.body)) return node
  const last = wantedOf(body, id)
  if (last === undefined || last < 1 || last > mostWanted) return node
  return { ...node, value: { ...value, last } }
}

/** How many of the last elements are enough for all uses of the local; undefined when all are needed. */
function wantedOf(node: Ir, id: number): number | undefined {
  if (node.op === 'local') return node.id === id ? undefined : 0
  const own = ownWanted(node, id)
  if (own !== undefined) return own
  let wanted = 0
  for (const part of partsOf(node)) {
    const inner = wantedOf(part, id)
    if (inner === undefined) return undefined
    wanted = Math.max(wanted, inner)
  }
  return wanted
}

/** For a node that looks only at the length, up to a number, or at the last elements. */
function ownWanted(node: Ir, id: number): number | undefined {
  const isLocal = (part: Ir | undefined) => part?.op === 'local' && part.id === id
  if (node.op === 'slice' && isLocal(node.object) && node.from && !node.to) {
    const from = intOf(node.from)
    return from !== undefined && from < 0 ? -from : undefined
  }
  if (node.op !== 'binary') return undefined
  const { left, right, operator } = node
  const limit = intOf(right)
  if (left.op !== 'call' || left.name !== 'len' || !isLocal(left.args[0])) return undefined
  if (limit === undefined || limit < 0) return undefined
  if (operator === '>=' || operator === '<') return limit
  return ['>', '<=', '==', '!='].includes(operator) ? limit + 1 : undefined
}

function intOf(node: Ir): number | undefined {
  return node.op === 'constant' && node.type.kind === 'int' ? Number(node.value) : undefined
}

/** Whether evaluating it always gives a value: what is not evaluated then cannot be missed. */
function cannotFail(node: Ir): boolean {
  switch (node.op) {
    case 'constant':
    case 'local':
      return !node.isNullable
    case 'field':
      return !node.object.isNullable && cannotFail(node.object)
    case 'entry':
      return node.storage === 'dict' && isTextConstant(node.key) && cannotFail(node.object)
    case 'logical':
      return node.operands.every(cannotFail)
    case 'not':
      return cannotFail(node.operand)
    case 'inSet':
      return isExactly(node.operand, 'string') && cannotFail(node.operand)
    case 'binary': {
      const { left, right, operator } = node
      const isText = ['==', '!=', 'contains', 'startsWith', 'endsWith'].includes(operator)
      const sides = [left, right]
      return isText && sides.every((side) => isExactly(side, 'string') && cannotFail(side))
    }
    default:
      return false
  }
}
