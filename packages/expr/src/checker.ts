import { suggest } from '@tocsin/diagnostic'
import type { Ast, Place } from './ast.ts'
import type { Builtin } from './builtin.ts'
import { builtinNames } from './builtins.ts'
import { checkBinary } from './check-binary.ts'
import { checkCall, checkMethod } from './check-call.ts'
import {
  type Binding,
  type CheckContext,
  constant,
  isPoison,
  type LoopBinding,
  makeIr,
  poison,
} from './check-context.ts'
import { canBeNil, checkMember } from './check-member.ts'
import { ensure } from './ensure.ts'
import type { Ir } from './ir.ts'
import type { Environment } from './type.ts'
import {
  boolType,
  bytesType,
  floatType,
  formatType,
  intType,
  isNumber,
  joinTypes,
  listOf,
  mapOf,
  nilType,
  stringType,
  unknownType,
} from './types.ts'

/** Where the checker says what it found. */
export type CheckReport = (
  severity: 'error' | 'lint',
  place: Place,
  code: string,
  message: string,
  hint?: string,
) => void

const textConditionHints: readonly string[] = [
  'not binds tighter than in, contains, ==: write a not in b, or not (a == b)',
  "there is no truth in text: compare it, as in … != ''",
]

/** Resolves the names of a syntax tree and checks its types; reports all mistakes in one run. */
export class Checker implements CheckContext {
  readonly environment: Environment
  readonly builtins: ReadonlyMap<string, Builtin>
  readonly #report: CheckReport
  readonly #variables: ReadonlyMap<string, number>
  readonly #locals: Binding[] = []
  readonly #loops: LoopBinding[] = []
  /** Optional members of the chain being checked, outermost last. */
  #pending: { readonly id: number; readonly value: Ir }[] = []
  #localCount = 0

  constructor(
    environment: Environment,
    builtins: ReadonlyMap<string, Builtin>,
    report: CheckReport,
  ) {
    this.environment = environment
    this.builtins = builtins
    this.#report = report
    this.#variables = new Map([...environment.variables.keys()].map((name, index) => [name, index]))
  }

  check(node: Ast): Ir {
    switch (node.kind) {
      case 'nil':
        return constant(undefined, nilType, node)
      case 'bool':
        return constant(node.value, boolType, node)
      case 'int':
        return constant(node.value, intType, node)
      case 'float':
        return constant(node.value, floatType, node)
      case 'string':
        return constant(node.value, stringType, node)
      case 'bytes':
        return constant(new Uint8Array(Buffer.from(node.value, 'latin1')), bytesType, node)
      case 'name':
        return this.#name(node)
      case 'pointer':
        return this.#pointer(node)
      case 'member':
        return this.#member(node)
      case 'slice':
        return this.#slice(node)
      case 'chain':
        return this.#chain(node)
      case 'call':
        return checkCall(this, node)
      case 'method':
        return this.#method(node)
      case 'closure':
        return this.check(node.body)
      case 'unary':
        return this.#unary(node)
      case 'logical': {
        const operands = node.operands.map((operand) => this.#bool(operand, node.operator))
        return makeIr({ op: 'logical', operator: node.operator, operands }, boolType, node)
      }
      case 'binary':
        return checkBinary(this, node)
      case 'conditional':
        return this.#conditional(node)
      case 'elvis':
        return this.#elvis(node)
      case 'list':
        return this.#list(node)
      case 'map':
        return this.#map(node)
      case 'let':
        return this.#let(node)
      case 'sequence': {
        const items = node.items.map((item) => this.check(item))
        const last = items.at(-1) ?? poison(node)
        return makeIr({ op: 'sequence', items }, last.type, node, last.isNullable)
      }
    }
  }

  checkIn(loop: LoopBinding, body: Ast): Ir {
    this.#loops.push(loop)
    const checked = this.check(body)
    this.#loops.pop()
    return checked
  }

  newLocal(): number {
    return this.#localCount++
  }

  findLocal(name: string): Binding | undefined {
    return this.#locals.findLast((binding) => binding.name === name)
  }

  refuse(place: Place, code: string, message: string, hint?: string): Ir {
    this.#report('error', place, code, message, hint)
    return poison(place)
  }

  lint(place: Place, code: string, message: string, hint?: string): void {
    this.#report('lint', place, code, message, hint)
  }

  #name(node: Ast & { kind: 'name' }): Ir {
    const { name } = node
    if (name === '$env') {
      const names = [...this.environment.variables.keys()]
      return makeIr({ op: 'environment', names }, mapOf(unknownType), node)
    }
    const local = this.findLocal(name)
    if (local) return this.#local(local, node)
    const type = this.environment.variables.get(name)
    if (type) {
      const index = this.#variables.get(name) ?? 0
      // Any object may be absent while running: `evt` in an overflow filter is.
      const isNullable = type.kind === 'struct' || canBeNil(type)
      return makeIr({ op: 'variable', name, index }, type, node, isNullable)
    }
    if (this.environment.functions.has(name) || builtinNames.includes(name)) {
      const message = `${name} is a function`
      return this.refuse(node, 'TOC_EXPR_NAME', message, `call it: ${name}(…)`)
    }
    const locals = this.#locals.map((binding) => binding.name)
    const meant = suggest(name, [...this.environment.variables.keys(), ...locals])
    const hint = meant === undefined ? undefined : `did you mean ${meant}?`
    return this.refuse(node, 'TOC_EXPR_NAME', `there is no variable ${name}`, hint)
  }

  #local({ id, type, isNullable }: Binding, place: Place): Ir {
    return makeIr({ op: 'local', id }, type, place, isNullable)
  }

  #pointer(node: Ast & { kind: 'pointer' }): Ir {
    const loop = this.#loops.at(-1)
    if (!loop) return this.refuse(node, 'TOC_EXPR_POINTER', '# has no meaning outside a predicate')
    if (node.part === 'accumulator' && loop.name !== 'reduce') {
      return this.refuse(node, 'TOC_EXPR_POINTER', '#acc has a meaning only in reduce')
    }
    return this.#local(loop[node.part], node)
  }

  #member(node: Ast & { kind: 'member' }): Ir {
    return checkMember(this, node, this.#object(node))
  }

  #method(node: Ast & { kind: 'method' }): Ir {
    const { callee } = node
    if (callee.kind !== 'member') return poison(node)
    return checkMethod(this, node, this.#object(callee))
  }

  /** The object of a member; with `?.` the rest of the chain goes on with a local that is not nil. */
  #object(node: Ast & { kind: 'member' }): Ir {
    const value = this.check(node.object)
    if (!node.isOptional || (!value.isNullable && value.type.kind !== 'nil')) return value
    const id = this.newLocal()
    this.#pending.push({ id, value })
    const type = value.type.kind === 'nil' ? unknownType : value.type
    return makeIr({ op: 'local', id }, type, node.object)
  }

  #chain(node: Ast & { kind: 'chain' }): Ir {
    const outer = this.#pending
    this.#pending = []
    let result = this.check(node.body)
    for (const { id, value } of this.#pending.reverse()) {
      result = makeIr({ op: 'optional', id, value, body: result }, result.type, node, true)
    }
    this.#pending = outer
    return result
  }

  #slice(node: Ast & { kind: 'slice' }): Ir {
    const object = this.check(node.object)
    const bounds = [node.from, node.to].map((bound) => bound && this.#bound(bound))
    const { kind } = object.type
    if (kind !== 'string' && kind !== 'list' && kind !== 'unknown') {
      return this.refuse(node, 'TOC_EXPR_INDEX', `a ${formatType(object.type)} cannot be sliced`)
    }
    return makeIr({ op: 'slice', object, from: bounds[0], to: bounds[1] }, object.type, node)
  }

  #bound(node: Ast): Ir {
    const bound = this.check(node)
    if (bound.type.kind === 'int' || bound.type.kind === 'unknown') return bound
    const message = `a slice bound is an int, not ${formatType(bound.type)}`
    return this.refuse(node, 'TOC_EXPR_INDEX', message)
  }

  #unary(node: Ast & { kind: 'unary' }): Ir {
    if (node.operator === '!') {
      const operand = this.#bool(node.operand, 'not')
      return isPoison(operand) ? operand : makeIr({ op: 'not', operand }, boolType, node)
    }
    const operand = this.check(node.operand)
    const { type } = operand
    if (!isNumber(type) && type.kind !== 'unknown' && type.kind !== 'duration') {
      const message = `cannot apply ${node.operator} to ${formatType(type)}`
      return this.refuse(node, 'TOC_EXPR_OPERAND', message)
    }
    const op = node.operator === '-' ? 'negate' : 'plus'
    return makeIr({ op, operand }, type, node)
  }

  #conditional(node: Ast & { kind: 'conditional' }): Ir {
    const condition = this.#bool(node.condition, 'a condition')
    const whenTrue = this.check(node.whenTrue)
    const whenFalse = this.check(node.whenFalse)
    const isNullable = [whenTrue, whenFalse].some((side) => side.isNullable)
    const type = joinTypes(whenTrue.type, whenFalse.type)
    return makeIr({ op: 'conditional', condition, whenTrue, whenFalse }, type, node, isNullable)
  }

  /** `a ?: b` is `a ? a : b`, where `a` can only be true. */
  #elvis(node: Ast & { kind: 'elvis' }): Ir {
    const condition = this.#bool(node.condition, '?:')
    const whenTrue = constant(true, boolType, node.condition)
    const whenFalse = this.check(node.whenFalse)
    const type = joinTypes(boolType, whenFalse.type)
    const shape = { op: 'conditional', condition, whenTrue, whenFalse } as const
    return makeIr(shape, type, node, whenFalse.isNullable)
  }

  #list(node: Ast & { kind: 'list' }): Ir {
    const items = node.items.map((item) => this.check(item))
    const [first] = items
    const isUniform = items.every((item) => !item.isNullable && item.type.kind === first?.type.kind)
    const element =
      first && isUniform ? items.map((item) => item.type).reduce(joinTypes) : unknownType
    return makeIr({ op: 'list', items }, listOf(element), node)
  }

  #map(node: Ast & { kind: 'map' }): Ir {
    const entries = node.entries.map(({ key, value }) => ({
      key: this.#mapKey(key),
      value: this.check(value),
    }))
    return makeIr({ op: 'map', entries }, mapOf(unknownType), node)
  }

  #mapKey(node: Ast): Ir {
    const key = this.check(node)
    if (key.type.kind === 'string' || key.type.kind === 'unknown') {
      return ensure(key, 'string', 'a key')
    }
    return this.refuse(node, 'TOC_EXPR_INDEX', `a key is a string, not ${formatType(key.type)}`)
  }

  #let(node: Ast & { kind: 'let' }): Ir {
    const { name } = node
    const { variables, functions } = this.environment
    const isTaken = variables.has(name) || functions.has(name) || builtinNames.includes(name)
    if (isTaken || this.findLocal(name)) {
      const place = { start: node.nameStart, end: node.nameEnd }
      this.refuse(place, 'TOC_EXPR_REDECLARED', `${name} exists already`, 'choose another name')
    }
    const value = this.check(node.value)
    const id = this.newLocal()
    const { type, isNullable } = value
    this.#locals.push({ name, id, type: type.kind === 'nil' ? unknownType : type, isNullable })
    const body = this.check(node.body)
    this.#locals.pop()
    return makeIr({ op: 'let', id, value, body }, body.type, node, body.isNullable)
  }

  /** An operand that has to be a bool: there is no truthiness. */
  #bool(node: Ast, what: string): Ir {
    const operand = this.check(node)
    if (operand.type.kind === 'bool' || operand.type.kind === 'unknown') {
      return ensure(operand, 'bool', what)
    }
    const message = `${what} takes a bool, not ${formatType(operand.type)}`
    const hint =
      operand.type.kind === 'string' ? textConditionHints[what === 'not' ? 0 : 1] : undefined
    return this.refuse(node, 'TOC_EXPR_CONDITION', message, hint)
  }
}
