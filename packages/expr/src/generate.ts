import { unreachable } from '@tocsin/diagnostic'
import type { CodeContext } from './code-context.ts'
import { CodeWriter, type Fragment, isTrivial } from './code-writer.ts'
import { generateBinary } from './generate-binary.ts'
import { generateLoop } from './generate-loop.ts'
import { type AnyFunction, type Check, type Ir, isExactly, isTextConstant } from './ir.ts'
import { type RuntimeName, runtime } from './runtime.ts'
import { Sharing } from './sharing.ts'
import { TextSearch } from './text-search.ts'

/** Makes one JavaScript function of an expression; its parameters are the environment's variables. */
export function generate(root: Ir, variableCount: number): AnyFunction {
  const generator = new Generator(root)
  const source = generator.source(variableCount)
  // The text is made here: of the user's text it holds JSON strings, nothing else.
  const create = new Function('k', 'r', source) as (k: unknown, r: unknown) => AnyFunction
  return create(generator.writer.constants, runtime)
}

const checkNames: Readonly<Record<Check, RuntimeName>> = {
  bool: 'toBool',
  string: 'toText',
  int: 'toInt',
  number: 'toNumber',
  list: 'toList',
  listOrNil: 'toListOrEmpty',
  textList: 'toTextList',
  map: 'toMap',
  dict: 'toDict',
  time: 'toTime',
  duration: 'toDuration',
  object: 'toObject',
}

/** What a missing key of a map gives, by element type. */
const zeroValues: Readonly<Record<string, string>> = {
  string: '""',
  int: '0',
  float: '0',
  bool: 'false',
}

class Generator implements CodeContext {
  readonly writer = new CodeWriter()
  readonly #root: Ir
  readonly #sharing: Sharing

  constructor(root: Ir) {
    this.#root = root
    this.#sharing = new Sharing(root)
  }

  source(variableCount: number): string {
    const result = this.expression(this.#root)
    return this.writer.finish(variableCount, result)
  }

  expression(node: Ir): string {
    const number = this.#sharing.numberOf(node)
    if (number === undefined) return this.#plain(node)
    return this.writer.shared(number, () => this.#plain(node))
  }

  expressions(nodes: readonly Ir[]): string[] {
    const fragments = nodes.map((node) => this.writer.capture(() => this.expression(node)))
    const lastWithLines = fragments.findLastIndex((fragment) => fragment.lines.length > 0)
    return fragments.map(({ lines, code }, i) => {
      this.writer.lines(lines)
      // Statements follow, so what stands before them is evaluated before them.
      if (i >= lastWithLines || isTrivial(code)) return code
      const name = this.writer.name()
      this.writer.line(`const ${name} = ${code}`)
      return name
    })
  }

  #plain(node: Ir): string {
    switch (node.op) {
      case 'constant':
        return this.#constant(node.value)
      case 'variable':
        return `v${node.index}`
      case 'local':
        return `l${node.id}`
      case 'environment':
        return this.writer.call(
          'dictOf',
          ...node.names.flatMap((name, i) => [JSON.stringify(name), `v${i}`]),
        )
      case 'field':
        return `${this.#object(node.object, node.name)}[${JSON.stringify(node.property)}]`
      case 'entry':
        return this.#entry(node)
      case 'item':
        return this.writer.call('item', ...this.expressions([node.object, node.index]))
      case 'lookup':
        return this.writer.call('lookup', ...this.expressions([node.object, node.key]))
      case 'slice':
        return this.#slice(node)
      case 'call':
        return `${this.writer.constant(node.callee)}(${this.expressions(node.args).join(', ')})`
      case 'invoke': {
        const [callee, ...args] = this.expressions([node.callee, ...node.args])
        return `${callee}(${args.join(', ')})`
      }
      case 'send': {
        const [object = '', ...args] = this.expressions([node.object, ...node.args])
        return this.writer.call('send', object, JSON.stringify(node.name), `[${args.join(', ')}]`)
      }
      case 'ensure': {
        const operand = this.expression(node.operand)
        return this.writer.call(checkNames[node.check], operand, JSON.stringify(node.what))
      }
      case 'not':
        return `!${this.expression(node.operand)}`
      case 'negate':
        return this.writer.call('negate', this.expression(node.operand))
      case 'plus':
        return this.writer.call('plus', this.expression(node.operand))
      case 'logical':
        return this.#logical(node)
      case 'binary':
        return generateBinary(this, node)
      case 'coalesce':
        return this.#coalesce(node)
      case 'conditional':
        return this.#conditional(node)
      case 'let':
        return this.#let(node)
      case 'optional':
        return this.#optional(node)
      case 'sequence': {
        const codes = this.expressions(node.items)
        return codes.length === 1 ? (codes[0] ?? '') : `(${codes.join(', ')})`
      }
      case 'list':
        return `[${this.expressions(node.items).join(', ')}]`
      case 'map': {
        const parts = node.entries.flatMap(({ key, value }) => [key, value])
        return this.writer.call('dictOf', ...this.expressions(parts))
      }
      case 'loop':
        return generateLoop(this, node)
      case 'inSet':
        return this.#inSet(node)
      case 'containsAny': {
        const operand = this.expression(node.operand)
        return `${this.writer.constant(node.literals)}.test(${operand})`
      }
      case 'search':
        return this.#search(node)
      case 'pattern': {
        const operand = this.expression(node.operand)
        const pattern = this.writer.constant(node.pattern)
        if (isExactly(node.operand, 'string')) return `${pattern}.test(${operand})`
        return this.writer.call('matchesPattern', operand, pattern)
      }
      default:
        return unreachable(node)
    }
  }

  #constant(value: unknown): string {
    switch (typeof value) {
      case 'string':
        return JSON.stringify(value)
      case 'boolean':
      case 'undefined':
        return String(value)
      case 'number':
        // Negative numbers and the odd ones would need care about what stands around them.
        return Number.isSafeInteger(value) && value > 0
          ? String(value)
          : this.writer.constant(value)
      default:
        return this.writer.constant(value)
    }
  }

  /** An object about to be looked into, checked where it may be nil. */
  #object(node: Ir, member: string): string {
    const code = this.expression(node)
    if (!node.isNullable) return code
    return `(${code} ?? ${this.writer.call('nilMember', JSON.stringify(member))})`
  }

  #entry(node: Ir & { op: 'entry' }): string {
    const zero = zeroValues[node.type.kind]
    const read = this.#entryRead(node)
    return zero === undefined ? read : `(${read} ?? ${zero})`
  }

  #entryRead(node: Ir & { op: 'entry' }): string {
    const { object, key, storage } = node
    if (isTextConstant(key) && storage === 'dict') {
      return `${this.#object(object, key.value)}[${JSON.stringify(key.value)}]`
    }
    const [map = '', at = ''] = this.expressions([object, key])
    const member = isTextConstant(key) ? key.value : '…'
    const missing = this.writer.call('nilMember', JSON.stringify(member))
    const safe = object.isNullable ? `(${map} ?? ${missing})` : map
    return storage === 'dict' ? `${safe}[${at}]` : `${safe}.get(${at})`
  }

  #slice(node: Ir & { op: 'slice' }): string {
    const parts = [node.object, node.from, node.to].filter((part) => part !== undefined)
    const [object = '', ...bounds] = this.expressions(parts)
    const from = node.from ? bounds.shift() : 'undefined'
    return this.writer.call('slice', object, from ?? 'undefined', bounds[0] ?? 'undefined')
  }

  #logical(node: Ir & { op: 'logical' }): string {
    const { operator, operands } = node
    const [first, ...rest] = operands
    if (!first) return 'true'
    const start = this.expression(first)
    // Each operand stands where all before it have been evaluated.
    let fragments: Fragment[] = []
    this.writer.captureBranch(() => {
      fragments = rest.map((operand) => this.writer.capture(() => this.expression(operand)))
      return ''
    })
    if (fragments.every((fragment) => fragment.lines.length === 0)) {
      return `(${[start, ...fragments.map(({ code }) => code)].join(` ${operator} `)})`
    }
    const result = this.writer.variable()
    this.writer.line(`${result} = ${start}`)
    for (const { lines, code } of fragments) {
      this.writer.line(`if (${operator === '&&' ? '' : '!'}${result}) {`)
      this.writer.lines(lines)
      this.writer.line(`${result} = ${code}`)
      this.writer.line('}')
    }
    return result
  }

  #coalesce(node: Ir & { op: 'coalesce' }): string {
    const left = this.expression(node.left)
    const right = this.writer.captureBranch(() => this.expression(node.right))
    if (right.lines.length === 0) return `(${left} ?? ${right.code})`
    const result = this.writer.variable()
    this.writer.line(`${result} = ${left}`)
    this.writer.line(`if (${result} == null) {`)
    this.writer.lines(right.lines)
    this.writer.line(`${result} = ${right.code}`)
    this.writer.line('}')
    return result
  }

  #conditional(node: Ir & { op: 'conditional' }): string {
    const condition = this.expression(node.condition)
    const whenTrue = this.writer.captureBranch(() => this.expression(node.whenTrue))
    const whenFalse = this.writer.captureBranch(() => this.expression(node.whenFalse))
    if (whenTrue.lines.length + whenFalse.lines.length === 0) {
      return `(${condition} ? ${whenTrue.code} : ${whenFalse.code})`
    }
    const result = this.writer.variable()
    this.writer.line(`if (${condition}) {`)
    this.writer.lines(whenTrue.lines)
    this.writer.line(`${result} = ${whenTrue.code}`)
    this.writer.line('} else {')
    this.writer.lines(whenFalse.lines)
    this.writer.line(`${result} = ${whenFalse.code}`)
    this.writer.line('}')
    return result
  }

  #let(node: Ir & { op: 'let' }): string {
    const value = this.expression(node.value)
    this.writer.line(`const l${node.id} = ${value}`)
    return this.expression(node.body)
  }

  #optional(node: Ir & { op: 'optional' }): string {
    const local = `l${node.id}`
    const value = this.expression(node.value)
    const body = this.writer.captureBranch(() => this.expression(node.body))
    this.writer.declare(local)
    if (body.lines.length === 0) {
      return `((${local} = ${value}) == null ? undefined : ${body.code})`
    }
    const result = this.writer.variable()
    this.writer.line(`${local} = ${value}`)
    this.writer.line(`if (${local} == null) ${result} = undefined`)
    this.writer.line('else {')
    this.writer.lines(body.lines)
    this.writer.line(`${result} = ${body.code}`)
    this.writer.line('}')
    return result
  }

  #search(node: Ir & { op: 'search' }): string {
    const list = this.expression(node.list)
    const name = this.writer.variable()
    const index = this.writer.ownConstant(new TextSearch(node.by, node.change))
    // An empty list is not asked, so that its text is not evaluated either.
    const text = this.writer.captureBranch(() => this.expression(node.text))
    return `((${name} = ${list}).length > 0 && ${index}.test(${name}, ${text.code}))`
  }

  #inSet(node: Ir & { op: 'inSet' }): string {
    const operand = this.expression(node.operand)
    const { values } = node
    const isExact = isExactly(node.operand, node.of === 'text' ? 'string' : 'int')
    if (!isExact) {
      return this.writer.call('isInTexts', operand, this.writer.ownConstant(new Set(values)))
    }
    // Few comparisons are faster than a hash.
    if (values.length > 4) return `${this.writer.ownConstant(new Set(values))}.has(${operand})`
    const tests = (name: string, first: string) =>
      values
        .map((value, i) => `${i === 0 ? first : name} === ${JSON.stringify(value)}`)
        .join(' || ')
    if (values.length === 0) return 'false'
    if (isTrivial(operand)) return `(${tests(operand, operand)})`
    const name = this.writer.variable()
    return `(${tests(name, `(${name} = ${operand})`)})`
  }
}
