import { type Clock, systemClock } from '@tocsin/model'
import type { Builtin } from './builtin.ts'
import { dataBuiltins } from './builtins-data.ts'
import { listBuiltins } from './builtins-list.ts'
import { numberBuiltins } from './builtins-number.ts'
import { textBuiltins } from './builtins-text.ts'
import { timeBuiltins } from './builtins-time.ts'
import { predicateBuiltins } from './predicate-builtins.ts'

const timeless: readonly Builtin[] = [
  ...textBuiltins,
  ...numberBuiltins,
  ...listBuiltins,
  ...dataBuiltins,
]

/** The functions of the language, those with predicates apart, by name. */
export function createBuiltins(clock: Clock = systemClock): ReadonlyMap<string, Builtin> {
  return new Map([...timeless, ...timeBuiltins(clock)].map((entry) => [entry.name, entry]))
}

/** The names of all builtins, for "did you mean". */
export const builtinNames: readonly string[] = [
  ...createBuiltins().keys(),
  ...predicateBuiltins.keys(),
]
