import type { Ast, AstShape } from './ast.ts'
import { readTokens } from './lexer.ts'
import { maxNesting } from './limits.ts'
import { NodeFactory, tooDeep } from './node-factory.ts'
import { binaryPrecedence, canonical, negatable, orderings, unaryPrecedence } from './operator.ts'
import { type PredicateShape, predicateBuiltins } from './predicate-builtins.ts'
import { operatorWords, type Token } from './token.ts'
import { TokenCursor } from './token-cursor.ts'

/**
 * Reads the text of an expression as a syntax tree.
 * @param isShadowed Whether a function of the environment hides the builtin of that name.
 * @throws {ExpressionSyntaxError} At the first mistake.
 */
export function parseExpression(text: string, isShadowed: (name: string) => boolean): Ast {
  return new Parser(text, isShadowed).parse()
}

class Parser {
  readonly #cursor: TokenCursor
  readonly #nodes = new NodeFactory()
  readonly #isShadowed: (name: string) => boolean
  #nesting = 0
  #closures = 0

  constructor(text: string, isShadowed: (name: string) => boolean) {
    this.#cursor = new TokenCursor(readTokens(text))
    this.#isShadowed = isShadowed
  }

  parse(): Ast {
    const cursor = this.#cursor
    if (cursor.isAtEnd)
      throw cursor.error('TOC_EXPR_EMPTY', 'the expression is empty', cursor.token)
    const root = this.#sequence()
    if (!cursor.isAtEnd) throw cursor.unexpected('the end or an operator')
    return root
  }

  /** `e1; e2; e3`, a trailing `;` allowed. */
  #sequence(): Ast {
    const first = this.#expression(0)
    if (!this.#cursor.is(';')) return first
    const items = [first]
    while (this.#cursor.accept(';')) {
      if (this.#cursor.token.kind === 'end' || this.#cursor.is(')') || this.#cursor.is('}')) break
      items.push(this.#expression(0))
    }
    return items.length === 1 ? first : this.#node({ kind: 'sequence', items }, first.start)
  }

  #expression(precedence: number): Ast {
    if (++this.#nesting > maxNesting) throw tooDeep(this.#cursor.token)
    const node = this.#unguardedExpression(precedence)
    this.#nesting--
    return node
  }

  #unguardedExpression(precedence: number): Ast {
    if (precedence === 0 && this.#cursor.is('let')) return this.#let()
    if (precedence === 0 && this.#cursor.is('if')) return this.#if()
    let left = this.#operand()
    let previous = ''
    for (;;) {
      const token = this.#cursor.token
      if (token.kind !== 'operator') break
      const { following } = this.#cursor
      const isNegated = token.text === 'not' && negatable.has(following?.text ?? '')
      const operator = isNegated ? (following?.text ?? '') : token.text
      const binds = binaryPrecedence.get(operator)
      if (binds === undefined || binds < precedence) break
      if (previous === '??' && operator !== '??' && operator !== '|') {
        throw this.#cursor.error(
          'TOC_EXPR_COALESCE',
          `?? and ${operator} cannot be mixed`,
          token,
          `put parentheses around one of them: (a ?? b) ${operator} c`,
        )
      }
      if (isNegated) this.#cursor.take()
      this.#cursor.take()
      const right = { operator, precedence: binds }
      left = operator === '|' ? this.#pipe(left) : this.#binary(left, right)
      if (isNegated) left = this.#node({ kind: 'unary', operator: '!', operand: left }, left.start)
      previous = operator
    }
    return precedence === 0 ? this.#conditional(left) : left
  }

  #binary(left: Ast, sign: { operator: string; precedence: number }): Ast {
    const { operator, precedence } = sign
    if (operator === 'and' || operator === '&&') return this.#logical(left, '&&', precedence)
    if (operator === 'or' || operator === '||') return this.#logical(left, '||', precedence)
    if (orderings.has(operator)) return this.#ordering(left, operator, precedence)
    const binary = canonical(operator)
    const right = this.#expression(binary === '**' ? precedence : precedence + 1)
    return this.#node({ kind: 'binary', operator: binary, left, right }, left.start)
  }

  #logical(left: Ast, operator: '&&' | '||', precedence: number): Ast {
    const right = this.#expression(precedence + 1)
    if (left.kind === 'logical' && left.operator === operator) {
      return this.#nodes.extend(left, right)
    }
    return this.#node({ kind: 'logical', operator, operands: [left, right] }, left.start)
  }

  /** `a < b < c` is `a < b && b < c`. */
  #ordering(left: Ast, first: string, precedence: number): Ast {
    const comparisons: Ast[] = []
    let from = left
    let operator = first
    for (;;) {
      const right = this.#expression(precedence + 1)
      const shape: AstShape = { kind: 'binary', operator: canonical(operator), left: from, right }
      comparisons.push(this.#node(shape, from.start))
      if (this.#cursor.token.kind !== 'operator' || !orderings.has(this.#cursor.token.text)) break
      operator = this.#cursor.token.text
      this.#cursor.take()
      from = right
    }
    const [only] = comparisons
    if (only && comparisons.length === 1) return only
    return this.#node({ kind: 'logical', operator: '&&', operands: comparisons }, left.start)
  }

  /** `x | f(a)` is `f(x, a)`. */
  #pipe(left: Ast): Ast {
    const name = this.#cursor.takeName('a function call after |')
    return this.#postfix(this.#call(name, { first: left }))
  }

  #conditional(condition: Ast): Ast {
    let node = condition
    while (this.#cursor.accept('?')) {
      if (this.#cursor.accept(':')) {
        const whenFalse = this.#expression(0)
        node = this.#node({ kind: 'elvis', condition: node, whenFalse }, node.start)
        continue
      }
      const whenTrue = this.#expression(0)
      this.#cursor.expect(':', 'between the two results of a condition')
      const whenFalse = this.#expression(0)
      node = this.#node({ kind: 'conditional', condition: node, whenTrue, whenFalse }, node.start)
    }
    return node
  }

  #let(): Ast {
    const start = this.#cursor.take().start
    const name = this.#cursor.takeName('a name after let')
    this.#cursor.expect('=', 'after the name of let')
    const value = this.#expression(0)
    this.#cursor.expect(';', 'after the value of let')
    const body = this.#sequence()
    const { text, start: nameStart, end: nameEnd } = name
    return this.#node({ kind: 'let', name: text, nameStart, nameEnd, value, body }, start)
  }

  #if(): Ast {
    const start = this.#cursor.take().start
    const condition = this.#expression(0)
    this.#cursor.expect('{', 'before what if gives')
    const whenTrue = this.#sequence()
    this.#cursor.expect('}', 'after what if gives')
    if (!this.#cursor.accept('else')) throw this.#cursor.unexpected('else')
    let whenFalse: Ast
    if (this.#cursor.is('if')) whenFalse = this.#expression(0)
    else {
      this.#cursor.expect('{', 'after else')
      whenFalse = this.#sequence()
      this.#cursor.expect('}', 'after what else gives')
    }
    return this.#node({ kind: 'conditional', condition, whenTrue, whenFalse }, start)
  }

  #operand(): Ast {
    const token = this.#cursor.token
    if (token.kind === 'operator') {
      const precedence = unaryPrecedence.get(token.text)
      if (precedence !== undefined) {
        this.#cursor.take()
        const operand = this.#expression(precedence)
        const operator = token.text === 'not' ? '!' : (token.text as '!' | '-' | '+')
        return this.#node({ kind: 'unary', operator, operand }, token.start)
      }
      if (this.#cursor.accept('(')) {
        const inner = this.#sequence()
        this.#cursor.expect(')', 'to close the parenthesis')
        return this.#postfix(inner)
      }
      if (this.#cursor.accept('::')) {
        const name = this.#cursor.takeName('the name of a builtin')
        return this.#postfix(this.#call(name, { isForced: true }))
      }
      if (token.text === '.' && this.#closures > 0) {
        const element: AstShape = { kind: 'pointer', part: 'element' }
        return this.#postfix(this.#node(element, token.start, token.start))
      }
    }
    return this.#postfix(this.#primary(token))
  }

  #primary(token: Token): Ast {
    switch (token.kind) {
      case 'int':
      case 'float':
        this.#cursor.take()
        return this.#node({ kind: token.kind, value: token.value }, token.start)
      case 'string':
      case 'bytes':
        this.#cursor.take()
        return this.#node({ kind: token.kind, value: token.value }, token.start)
      case 'pointer':
        return this.#pointer(token)
      case 'name':
        return this.#name(token)
      default:
        if (token.text === '[') return this.#list()
        if (token.text === '{') return this.#map()
        throw this.#cursor.unexpected('a value')
    }
  }

  #name(token: Token): Ast {
    this.#cursor.take()
    if (this.#cursor.is('(')) return this.#call(token, {})
    if (token.text === 'nil') return this.#node({ kind: 'nil' }, token.start)
    if (token.text === 'true' || token.text === 'false') {
      return this.#node({ kind: 'bool', value: token.text === 'true' }, token.start)
    }
    return this.#node({ kind: 'name', name: token.text }, token.start)
  }

  #pointer(token: Token): Ast {
    if (this.#closures === 0) {
      throw this.#cursor.error(
        'TOC_EXPR_POINTER',
        '# has no meaning outside a predicate',
        token,
        'comments begin with //',
      )
    }
    const parts = { '': 'element', index: 'index', acc: 'accumulator' } as const
    if (!Object.hasOwn(parts, token.text)) {
      throw this.#cursor.error(
        'TOC_EXPR_POINTER',
        `#${token.text} is not known`,
        token,
        'there are #, #index and #acc',
      )
    }
    this.#cursor.take()
    const part = parts[token.text as keyof typeof parts]
    return this.#node({ kind: 'pointer', part }, token.start)
  }

  /** A call whose name has been read; `first` is what a pipe gives. */
  #call(name: Token, more: { first?: Ast; isForced?: boolean }): Ast {
    const { first, isForced = false } = more
    this.#cursor.expect('(', `after the function name ${name.text}`)
    const isBuiltin = isForced || !this.#isShadowed(name.text)
    const shape = isBuiltin ? predicateBuiltins.get(name.text) : undefined
    const given = first ? [first] : []
    const args = shape ? this.#predicateArguments(given, shape) : this.#arguments(given)
    return this.#node(
      {
        kind: 'call',
        name: name.text,
        nameStart: name.start,
        nameEnd: name.end,
        args,
        isForced,
      },
      first?.start ?? name.start,
    )
  }

  #arguments(given: readonly Ast[]): Ast[] {
    const args = [...given]
    while (!this.#cursor.accept(')')) {
      args.push(this.#expression(0))
      if (!this.#cursor.is(')')) this.#cursor.expect(',', 'or ) after an argument')
    }
    return args
  }

  #predicateArguments(given: readonly Ast[], shape: PredicateShape): Ast[] {
    const args = [...given]
    while (!this.#cursor.accept(')')) {
      args.push(args.length === 1 ? this.#closure() : this.#expression(0))
      if (!this.#cursor.is(')')) this.#cursor.expect(',', 'or ) after an argument')
      if (args.length === 2 + shape.more && !this.#cursor.is(')'))
        throw this.#cursor.unexpected(')')
    }
    return args
  }

  #closure(): Ast {
    const start = this.#cursor.token.start
    this.#closures++
    let body: Ast
    if (this.#cursor.accept('{')) {
      body = this.#sequence()
      this.#cursor.expect('}', 'to close the predicate')
    } else body = this.#expression(0)
    this.#closures--
    return this.#node({ kind: 'closure', body }, start)
  }

  #list(): Ast {
    const start = this.#cursor.take().start
    const items: Ast[] = []
    while (!this.#cursor.accept(']')) {
      items.push(this.#expression(0))
      if (!this.#cursor.is(']')) this.#cursor.expect(',', 'or ] after an element')
    }
    return this.#node({ kind: 'list', items }, start)
  }

  #map(): Ast {
    const start = this.#cursor.take().start
    const entries: { key: Ast; value: Ast }[] = []
    while (!this.#cursor.accept('}')) {
      const key = this.#mapKey()
      this.#cursor.expect(':', 'after a key')
      entries.push({ key, value: this.#expression(0) })
      if (!this.#cursor.is('}')) this.#cursor.expect(',', 'or } after a value')
    }
    return this.#node({ kind: 'map', entries }, start)
  }

  #mapKey(): Ast {
    const token = this.#cursor.token
    if (this.#cursor.accept('(')) {
      const key = this.#expression(0)
      this.#cursor.expect(')', 'after a computed key')
      return key
    }
    const isWord = token.kind === 'name' || operatorWords.has(token.text)
    if (token.kind !== 'string' && token.kind !== 'int' && token.kind !== 'float' && !isWord) {
      throw this.#cursor.unexpected('a key: a name, a string, a number or (an expression)')
    }
    this.#cursor.take()
    const value = token.kind === 'string' ? token.value : token.text
    return this.#node({ kind: 'string', value }, token.start)
  }

  /** `.name`, `?.name`, `?.[i]`, `[i]`, `[a:b]`, `.name(…)`, as many as follow. */
  #postfix(root: Ast): Ast {
    let node = root
    let isChain = false
    for (;;) {
      const isOptional = this.#cursor.is('?.')
      if (isOptional || this.#cursor.is('.')) {
        this.#cursor.take()
        isChain ||= isOptional
        if (isOptional && this.#cursor.accept('[')) node = this.#index(node, true)
        else node = this.#member(node, isOptional)
      } else if (this.#cursor.accept('[')) node = this.#index(node, false)
      else break
    }
    return isChain ? this.#node({ kind: 'chain', body: node }, root.start) : node
  }

  #member(object: Ast, isOptional: boolean): Ast {
    const token = this.#cursor.takeName('a member name')
    const key = this.#node({ kind: 'string', value: token.text }, token.start)
    const member = this.#node({ kind: 'member', object, key, isOptional }, object.start)
    if (!this.#cursor.accept('(')) return member
    return this.#node({ kind: 'method', callee: member, args: this.#arguments([]) }, object.start)
  }

  /** What follows `[`: an index or a slice. */
  #index(object: Ast, isOptional: boolean): Ast {
    const from = this.#cursor.is(':') ? undefined : this.#expression(0)
    if (this.#cursor.accept(':')) {
      const to = this.#cursor.is(']') ? undefined : this.#expression(0)
      this.#cursor.expect(']', 'to close the slice')
      return this.#node({ kind: 'slice', object, from, to }, object.start)
    }
    this.#cursor.expect(']', 'to close the index')
    return this.#node({ kind: 'member', object, key: from as Ast, isOptional }, object.start)
  }

  #node(shape: AstShape, start: number, end = this.#cursor.lastEnd): Ast {
    return this.#nodes.create(shape, { start, end })
  }
}
