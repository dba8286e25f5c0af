import { effectOf } from './effect.ts'
import { type Ir, isTextConstant } from './ir.ts'
import { type Bindings, bindingsOf, pathOf, placeOf } from './path.ts'

/**
 * Something that must hold for an expression to be true: the text at `path` is one of `values`
 * (or begins with one of them). A missing text counts as empty.
 *
 *     { kind: 'equals', path: ['evt', 'Meta', 'log_type'], place: ['meta', 'log_type'],
 *       values: ['http_access-log'] }
 */
export interface Requirement {
  readonly kind: 'equals' | 'prefix'
  readonly path: readonly string[]
  /** The same in properties of the first variable, as `place` of an expression; if it is such a text. */
  readonly place: readonly string[] | undefined
  readonly values: readonly string[]
}

/**
 * What must hold, all of it, for a bool expression to be true: where a requirement is not met the
 * expression is false or fails, and has changed nothing before. Empty when nothing is known.
 */
export function requirementsOf(root: Ir): Requirement[] {
  return readRequirements(root, bindingsOf(root))
}

function readRequirements(node: Ir, bindings: Bindings): Requirement[] {
  switch (node.op) {
    case 'logical':
      return node.operator === '&&'
        ? allRequired(node.operands, bindings)
        : eitherRequired(node.operands, bindings)
    case 'binary':
      return binaryRequirements(node, bindings)
    case 'inSet':
      if (node.of !== 'text') return []
      return requirement('equals', node.operand, node.values.map(String), bindings)
    case 'ensure':
      return readRequirements(node.operand, bindings)
    case 'conditional': {
      // `a ? b : false` is `a && b`.
      const isAnd = node.whenFalse.op === 'constant' && node.whenFalse.value !== true
      return isAnd ? allRequired([node.condition, node.whenTrue], bindings) : []
    }
    case 'let':
      if (effectOf(node.value) === 'writes') return []
      return readRequirements(node.body, bindings)
    default:
      return []
  }
}

/** Up to the first operand that changes something: what stands behind sees other values. */
function allRequired(operands: readonly Ir[], bindings: Bindings): Requirement[] {
  const requirements: Requirement[] = []
  for (const operand of operands) {
    if (effectOf(operand) === 'writes') break
    requirements.push(...readRequirements(operand, bindings))
  }
  return requirements
}

/** What every alternative requires of the same path, their values together. */
function eitherRequired(operands: readonly Ir[], bindings: Bindings): Requirement[] {
  let common: Requirement[] | undefined
  for (const operand of operands) {
    if (effectOf(operand) === 'writes') return []
    const required = readRequirements(operand, bindings)
    common = common ? common.flatMap((one) => union(one, required)) : required
    if (common.length === 0) return []
  }
  return common ?? []
}

function union(one: Requirement, others: readonly Requirement[]): Requirement[] {
  const path = JSON.stringify(one.path)
  const other = others.find(({ path: p }) => JSON.stringify(p) === path)
  if (!other) return []
  // A text that equals a value begins with it, so a prefix is what both have in common.
  const kind = one.kind === 'equals' && other.kind === 'equals' ? 'equals' : 'prefix'
  const { path: at, place } = one
  return [{ kind, path: at, place, values: [...new Set([...one.values, ...other.values])] }]
}

function binaryRequirements(
  node: Ir & { readonly op: 'binary' },
  bindings: Bindings,
): Requirement[] {
  const { left, right, operator } = node
  if (operator === '==') {
    if (isTextConstant(right)) return requirement('equals', left, [right.value], bindings)
    return isTextConstant(left) ? requirement('equals', right, [left.value], bindings) : []
  }
  if (operator === 'startsWith' && isTextConstant(right)) {
    return requirement('prefix', left, [right.value], bindings)
  }
  return []
}

function requirement(
  kind: Requirement['kind'],
  operand: Ir,
  values: readonly string[],
  bindings: Bindings,
): Requirement[] {
  const path = pathOf(operand, bindings)
  if (!path || path.length < 2) return []
  return [{ kind, path, place: placeOf(operand, bindings), values }]
}
