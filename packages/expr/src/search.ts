import { LiteralSet } from '@tocsin/regex'
import { makeIr } from './check-context.ts'
import { type Ir, type IrClosure, isExactly, isTextConstant } from './ir.ts'
import { IrNumbers } from './ir-numbers.ts'
import { isStable } from './sharing.ts'
import { boolType } from './types.ts'

/** From so many literals on, one pass over the text is faster than looking for each. */
const minLiterals = 24

/** `x contains 'a' || x contains 'b' || …`, many of them on end, as one pass over `x`. */
export function gatherContains(node: Ir): Ir {
  if (node.op !== 'logical' || node.operator !== '||') return node
  const numbers = new IrNumbers()
  const operands: Ir[] = []
  let run: Ir[] = []
  let runNumber = -1
  const endRun = () => {
    operands.push(...(run.length < minLiterals ? run : [containsAny(run)]))
    run = []
  }
  for (const operand of node.operands) {
    const number = isContainsConstant(operand) ? numbers.numberOf(operand.left) : -1
    if (number !== runNumber) endRun()
    runNumber = number
    if (number < 0) operands.push(operand)
    else run.push(operand)
  }
  endRun()
  const [only] = operands
  return only && operands.length === 1 ? only : { ...node, operands }
}

function isContainsConstant(node: Ir): node is Ir & { readonly op: 'binary' } {
  if (node.op !== 'binary' || node.operator !== 'contains') return false
  return isTextConstant(node.right) && isExactly(node.left, 'string') && isStable(node.left)
}

function containsAny(run: readonly Ir[]): Ir {
  const [first] = run as readonly (Ir & { readonly op: 'binary' })[]
  if (!first) throw new Error('an empty run')
  const texts = run.flatMap((node) =>
    node.op === 'binary' && isTextConstant(node.right) ? [node.right.value] : [],
  )
  const literals = new LiteralSet(texts)
  return makeIr({ op: 'containsAny', operand: first.left, literals, texts }, boolType, first)
}

/**
 * `any(File('x'), {text contains Upper(#)})` and `{text == #}` as a search that can index the
 * list; undefined for any other loop. `none` is its negation.
 */
export function searchOf(node: Ir & { readonly op: 'loop' }): Ir | undefined {
  const { name, list, closure } = node
  if ((name !== 'any' && name !== 'none') || !closure || !isDataList(list)) return undefined
  const { body } = closure
  if (body.op !== 'binary') return undefined
  const { operator, left, right } = body
  if (operator !== 'contains' && operator !== '==') return undefined
  const sides = operator === '==' && isOfElement(left, closure) ? [right, left] : [left, right]
  const [text, element] = sides
  if (!text || !element || !isExactly(text, 'string') || !isStable(text)) return undefined
  if (!isOfElement(element, closure)) return undefined
  const by = operator === '==' ? 'equals' : 'contains'
  const change = changeOf(element, closure)
  const search = makeIr({ op: 'search', list, text, by, change }, boolType, node)
  return name === 'any' ? search : makeIr({ op: 'not', operand: search }, boolType, node)
}

/** `text in File('x')` as such a search; undefined for any other membership. */
export function membershipSearchOf(node: Ir & { readonly op: 'binary' }): Ir | undefined {
  const { operator, left, right } = node
  if (operator !== 'in' || !isDataList(right)) return undefined
  if (!isExactly(left, 'string') || !isStable(left)) return undefined
  const shape = { op: 'ensure', operand: right, check: 'listOrNil', what: 'in' } as const
  const list = makeIr(shape, right.type, right)
  return makeIr({ op: 'search', list, text: left, by: 'equals', change: undefined }, boolType, node)
}

/** A list of texts out of a function that gives the same list again, as `File` does. */
export function isDataList(list: Ir): boolean {
  const call = list.op === 'ensure' ? list.operand : list
  if (call.op !== 'call' || call.effect !== 'reads') return false
  if (call.type.kind !== 'list' || call.type.element.kind !== 'string') return false
  return call.args.every((arg) => arg.op === 'constant')
}

/** The element itself, or a text that a pure function makes of it. */
export function isOfElement(node: Ir, closure: IrClosure): boolean {
  if (!isExactly(node, 'string')) return false
  if (isElement(node, closure)) return true
  if (node.op !== 'call' || node.effect !== 'pure') return false
  const isArgument = (arg: Ir) => arg.op === 'constant' || isElement(arg, closure)
  return node.args.every(isArgument) && node.args.some((arg) => isElement(arg, closure))
}

function isElement(node: Ir, closure: IrClosure): boolean {
  return node.op === 'local' && node.id === closure.element
}

export function changeOf(node: Ir, closure: IrClosure): ((element: string) => unknown) | undefined {
  if (node.op !== 'call') return undefined
  const { callee, args } = node
  const values = args.map((arg) => (arg.op === 'constant' ? arg.value : undefined))
  const places = args.flatMap((arg, i) => (isElement(arg, closure) ? [i] : []))
  if (args.length === 1) return (element) => callee(element)
  return (element) => {
    const filled = [...values]
    for (const place of places) filled[place] = element
    return callee(...filled)
  }
}
