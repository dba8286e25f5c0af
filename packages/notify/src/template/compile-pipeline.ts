import { suggest } from '@tocsin/diagnostic'
import { Instant } from '@tocsin/model'
import { describe, type TemplateFunction } from './function.ts'
import type { Command, Expression, Pipeline } from './node.ts'
import { TemplateError } from './template-error.ts'
import { timeMethods } from './time-members.ts'
import { isDictionary, isTrue, Struct, type Value } from './value.ts'

/** What an expression sees: the dot, and the variables of its template by slot. */
export interface Frame {
  readonly dot: Value
  readonly variables: Value[]
}

export type Compute = (frame: Frame) => Value
type Functions = ReadonlyMap<string, TemplateFunction>
const nothing: readonly Compute[] = []

/** Makes a function of a pipeline; it throws `TemplateError` where it cannot be evaluated. */
export function compilePipeline(pipeline: Pipeline, functions: Functions): Compute {
  return pipeline.commands.reduce<Compute | undefined>((before, command) => {
    const compute = compileCommand(command, before, functions)
    return compute
  }, undefined) as Compute
}

/** `before` gives the last argument, when the command is not the first of its pipeline. */
function compileCommand(
  command: Command,
  before: Compute | undefined,
  functions: Functions,
): Compute {
  const given = command.arguments.map((argument) => compileExpression(argument, functions))
  const values = before ? [...given, before] : given
  const { callee } = command
  switch (callee.kind) {
    case 'function':
      return compileCall(callee.name, values, command, functions)
    case 'path':
      return compilePath(callee, values, functions)
    default: {
      const compute = compileExpression(callee, functions)
      if (values.length === 0) return compute
      return () => {
        throw failed(command, 'only a function or a method takes arguments')
      }
    }
  }
}

function compileExpression(expression: Expression, functions: Functions): Compute {
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression
      return () => value
    }
    case 'nil':
      return () => null
    case 'dot':
      return (frame) => frame.dot
    case 'variable': {
      const { slot } = expression
      return (frame) => frame.variables[slot]
    }
    case 'function':
      return compileCall(expression.name, nothing, expression, functions)
    case 'path':
      return compilePath(expression, nothing, functions)
    case 'pipeline':
      return compilePipeline(expression, functions)
  }
}

function compileCall(
  name: string,
  values: readonly Compute[],
  place: { readonly start: number; readonly end: number },
  functions: Functions,
): Compute {
  // These stop at the first value that decides, so that `and .X (index .X 0)` is safe.
  if (name === 'and' || name === 'or') return compileChoice(name, values, place)
  const target = functions.get(name)
  if (!target) throw new Error(`the parser let the function ${name} through`)
  const { minArguments, maxArguments, call } = target
  if (values.length < minArguments || values.length > maxArguments) {
    throw new TemplateError(
      'TOC_NOTIFY_TEMPLATE_FUNCTION',
      `"${name}" takes ${formatRange(minArguments, maxArguments)}, not ${values.length}`,
      place,
    )
  }
  return (frame) => {
    const given = values.map((compute) => compute(frame))
    try {
      return call(...given)
    } catch (error) {
      if (error instanceof TemplateError) throw error
      const message = error instanceof Error ? error.message : String(error)
      throw failed(place, `${name}: ${message}`)
    }
  }
}

function formatRange(min: number, max: number): string {
  const count = (n: number) => `${n} argument${n === 1 ? '' : 's'}`
  if (min === max) return count(min)
  return max === Number.POSITIVE_INFINITY ? `at least ${count(min)}` : `${min} to ${count(max)}`
}

function compileChoice(
  name: 'and' | 'or',
  values: readonly Compute[],
  place: { readonly start: number; readonly end: number },
): Compute {
  if (values.length === 0) {
    throw new TemplateError(
      'TOC_NOTIFY_TEMPLATE_FUNCTION',
      `"${name}" takes at least 1 argument, not 0`,
      place,
    )
  }
  const decides = name === 'or'
  return (frame) => {
    let value: Value
    for (const compute of values) {
      value = compute(frame)
      if (isTrue(value) === decides) break
    }
    return value
  }
}

/** Fields one after the other; the last may be a method that takes the arguments. */
function compilePath(
  path: Extract<Expression, { kind: 'path' }>,
  values: readonly Compute[],
  functions: Functions,
): Compute {
  const start = compileExpression(path.of, functions)
  const last = path.names.length - 1
  return (frame) => {
    let value = start(frame)
    for (let i = 0; i <= last; i++) {
      const given = i === last ? values.map((compute) => compute(frame)) : []
      value = member(value, path.names[i] ?? '', given, path)
    }
    return value
  }
}

type Place = { readonly start: number; readonly end: number }

function member(value: Value, name: string, given: readonly Value[], place: Place): Value {
  if (value instanceof Struct) return structMember(value, name, given, place)
  if (value instanceof Instant) return timeMember(value, name, given, place)
  if (given.length > 0) throw failed(place, `.${name} is not a method, it takes no arguments`)
  if (isDictionary(value)) return value.get(name)
  if (value === undefined || value === null) {
    throw failed(place, `.${name} is asked of ${describe(value)}`)
  }
  throw failed(place, `${describe(value)} has no field "${name}"`)
}

function timeMember(value: Instant, name: string, given: readonly Value[], place: Place): Value {
  const [argumentCount, call] = timeMethods.get(name) ?? []
  if (argumentCount === undefined || !call) {
    throw failed(place, `a time has no method "${name}"`, suggestion(name, timeMethods.keys()))
  }
  checkCount(name, argumentCount, given, place)
  return call(value, ...given)
}

function checkCount(name: string, wanted: number, given: readonly Value[], place: Place): void {
  if (given.length === wanted) return
  throw failed(place, `.${name} takes ${formatRange(wanted, wanted)}, not ${given.length}`)
}

function suggestion(name: string, names: Iterable<string>): string | undefined {
  const near = suggest(name, names)
  return near === undefined ? undefined : `did you mean ".${near}"?`
}

function structMember(value: Struct, name: string, given: readonly Value[], place: Place): Value {
  const { type, source } = value
  const field = type.fields.get(name)
  if (field) {
    if (given.length === 0) return field(source)
    throw failed(place, `.${name} is not a method, it takes no arguments`)
  }
  const method = type.methods.get(name)
  if (!method) {
    const hint = suggestion(name, [...type.fields.keys(), ...type.methods.keys()])
    throw failed(place, `${type.name} has no field "${name}"`, hint)
  }
  checkCount(name, method.argumentCount, given, place)
  return method.call(source, ...given)
}

function failed(place: Place, message: string, hint?: string): TemplateError {
  return new TemplateError('TOC_NOTIFY_RENDER', message, place, hint)
}
