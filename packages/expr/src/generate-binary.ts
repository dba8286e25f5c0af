import type { CodeContext } from './code-context.ts'
import { isTrivial } from './code-writer.ts'
import { type Ir, isExactly } from './ir.ts'
import { PatternSlot } from './runtime-pattern.ts'
import { isNumber } from './types.ts'

type BinaryIr = Ir & { readonly op: 'binary' }

/** Kinds whose values `===` compares rightly with anything. */
const plainKinds: ReadonlySet<string> = new Set(['string', 'bool', 'int', 'float'])

/** The JavaScript of a binary operator: plain where the types are facts, else a runtime call. */
export function generateBinary(context: CodeContext, node: BinaryIr): string {
  const { operator, left, right } = node
  const { writer } = context
  const [a = '', b = ''] = context.expressions([left, right])
  switch (operator) {
    case '==':
    case '!=':
      return equality(context, node, a, b)
    case '<':
    case '>':
    case '<=':
    case '>=':
      if (areNumbers(left, right)) return `(${a} ${operator} ${b})`
      if (areTexts(left, right)) return `(${writer.call('compareText', a, b)} ${operator} 0)`
      return `(${writer.call('order', a, b, JSON.stringify(operator))} ${operator} 0)`
    case '+':
      return areNumbers(left, right) || areTexts(left, right)
        ? `(${a} + ${b})`
        : writer.call('add', a, b)
    case '-':
      return areNumbers(left, right) ? `(${a} - ${b})` : writer.call('subtract', a, b)
    case '*':
      // `+ 0`: there is no negative zero among integers.
      if (areNumbers(left, right))
        return node.type.kind === 'int' ? `(${a} * ${b} + 0)` : `(${a} * ${b})`
      return writer.call('multiply', a, b)
    case '/':
      return areNumbers(left, right) ? `(${a} / ${b})` : writer.call('divide', a, b)
    case '%':
      return writer.call('remainder', a, b)
    case '**':
      return writer.call('power', a, b)
    case '..': {
      const name = writer.name()
      writer.line(`const ${name} = ${writer.call('range', a, b)}`)
      writer.spend(`${name}.length`)
      return name
    }
    case 'contains':
      return areTexts(left, right) ? `${a}.includes(${b})` : writer.call('contains', a, b)
    case 'startsWith':
    case 'endsWith':
      return areTexts(left, right) ? `${a}.${operator}(${b})` : writer.call(operator, a, b)
    case 'matches':
      return writer.call('matchesDynamic', a, b, writer.ownConstant(new PatternSlot()))
    case 'in':
      return membership(context, node, a, b)
  }
}

function equality({ writer }: CodeContext, node: BinaryIr, a: string, b: string): string {
  const { left, right } = node
  const isEqual = node.operator === '=='
  const sign = isEqual ? '==' : '!='
  // `== null` is true of both ways to say nil.
  if (isNilConstant(right)) return `(${a} ${sign} null)`
  if (isNilConstant(left)) return `(${b} ${sign} null)`
  const isPlain = [left, right].some(
    ({ type, isNullable }) => !isNullable && plainKinds.has(type.kind),
  )
  if (isPlain) return `(${a} ${sign}= ${b})`
  const call = writer.call('equal', a, b)
  return isEqual ? call : `!${call}`
}

function membership({ writer }: CodeContext, node: BinaryIr, a: string, b: string): string {
  const { left, right } = node
  const { type } = right
  const isTextList = type.kind === 'list' && type.element.kind === 'string'
  const isDict = type.kind === 'map' && type.storage === 'dict'
  if (right.isNullable || !isExactly(left, 'string') || !(isTextList || isDict)) {
    return writer.call('isIn', a, b)
  }
  const isPlain = isTrivial(a)
  const value = isPlain ? a : writer.variable()
  // A dictionary inherits nothing, so that any key in it is its own.
  const test = isTextList ? `${b}.includes(${value})` : `(${b}[${value}] !== undefined)`
  // The left side has to be evaluated first: the right one may use what it computed.
  return isPlain ? test : `(${value} = ${a}, ${test})`
}

function isNilConstant(node: Ir): boolean {
  return node.op === 'constant' && node.value === undefined
}

function areNumbers(left: Ir, right: Ir): boolean {
  return [left, right].every(({ type, isNullable }) => isNumber(type) && !isNullable)
}

function areTexts(left: Ir, right: Ir): boolean {
  return isExactly(left, 'string') && isExactly(right, 'string')
}
