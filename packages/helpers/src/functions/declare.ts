import type { FunctionDeclaration, Type } from '@tocsin/expr'

/** Arguments beyond the fixed ones. */
export interface MoreArguments {
  /** How many of the parameters must be given; all when absent. */
  readonly required?: number
  /** The type of any further arguments. */
  readonly rest?: Type
}

type Call<Arguments extends readonly unknown[]> = (...args: Arguments) => unknown

/** A function whose result follows from its arguments alone: it may be computed once. */
export function pure<Arguments extends readonly unknown[]>(
  name: string,
  parameters: readonly Type[],
  result: Type,
  call: Call<Arguments>,
  more?: MoreArguments,
): FunctionDeclaration {
  return { ...writing(name, parameters, result, call, more), isPure: true }
}

/** A function that looks at the world (a clock, a data file) but changes nothing an expression sees. */
export function reading<Arguments extends readonly unknown[]>(
  name: string,
  parameters: readonly Type[],
  result: Type,
  call: Call<Arguments>,
  more?: MoreArguments,
): FunctionDeclaration {
  return { ...writing(name, parameters, result, call, more), isReadOnly: true }
}

/** A reading function whose result follows from its arguments and from data of that revision. */
export function lookingUp<Arguments extends readonly unknown[]>(
  name: string,
  parameters: readonly Type[],
  result: Type,
  call: Call<Arguments>,
  revision: () => unknown,
): FunctionDeclaration {
  return { ...reading(name, parameters, result, call), revision }
}

/** A function that changes what other parts of an expression may read. */
export function writing<Arguments extends readonly unknown[]>(
  name: string,
  parameters: readonly Type[],
  result: Type,
  call: Call<Arguments>,
  more?: MoreArguments,
): FunctionDeclaration {
  return {
    name,
    type: { kind: 'function', parameters, result, ...more },
    call: call as (...args: never[]) => unknown,
    isPure: false,
  }
}
