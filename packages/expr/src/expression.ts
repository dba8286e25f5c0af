import type { Span } from '@tocsin/diagnostic'
import type { Requirement } from './requirement.ts'
import type { TextRequirement } from './text-requirement.ts'
import type { Type } from './type.ts'

/** An expression, checked and compiled. */
export interface Expression {
  /** As it was written. */
  readonly source: string
  /** Where it stands in the user's file. */
  readonly span: Span
  /** What it gives; unknown when that depends on the data. */
  readonly type: Type
  /**
   * Evaluates it; arguments are the environment's variables in their order.
   * @throws {EvaluationError} When it cannot be evaluated for these values.
   */
  readonly evaluate: (...variables: readonly unknown[]) => unknown
  /**
   * What must hold for it to be true, all of it; empty when nothing is known. Where one is not met
   * it would be false or fail, and would have changed nothing.
   */
  readonly requirements: readonly Requirement[]
  /** The same about texts that are computed or searched: needed by an index only, so read on demand. */
  readonly textRequirements: () => readonly TextRequirement[]
  /** The paths it reads: `[['evt', 'Meta', 'log_type']]`. Calls may read more. */
  readonly reads: readonly (readonly string[])[]
  /**
   * When it is nothing but a text of the first variable's value, where that text is: for
   * `evt.Parsed.program` it is `['parsed', 'program']`, and a missing one reads as empty. The value
   * itself must be there.
   */
  readonly place: readonly string[] | undefined
  /**
   * What it reads of values of a struct type, the variables apart: for elements of a list of events,
   * `[['Meta', 'user'], ['Time']]`. Undefined when that cannot be told.
   */
  readonly structReads: (struct: string) => readonly (readonly string[])[] | undefined
  /** The names of the functions and methods it calls, builtins among them, each once. */
  readonly calls: readonly string[]
  /** It calls nothing that has an effect or depends on anything but its arguments. */
  readonly isPure: boolean
  /** It may change an event or whatever else expressions read: evaluate it even for its effect. */
  readonly hasSideEffects: boolean
}
