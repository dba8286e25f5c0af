import { EvaluationError } from './type.ts'

/** Ends an evaluation. */
export function fail(message: string): never {
  throw new EvaluationError(message)
}
