import { equal } from './equal.ts'
import { item, lookup, nilMember, send, slice } from './runtime-access.ts'
import { checks } from './runtime-check.ts'
import { addToGroup, dictOf, emptyReduce, overBudget, range, sortByKeys } from './runtime-loop.ts'
import {
  add,
  contains,
  divide,
  endsWith,
  isIn,
  isInTexts,
  matchesPattern,
  multiply,
  negate,
  order,
  plus,
  power,
  remainder,
  startsWith,
  subtract,
} from './runtime-operators.ts'
import { matchesDynamic } from './runtime-pattern.ts'
import { compareText } from './text-bytes.ts'
import { EvaluationError } from './type.ts'

/** What generated code may call, by the names it uses. */
export const runtime = {
  add,
  addToGroup,
  compareText,
  contains,
  dictOf,
  divide,
  emptyReduce,
  endsWith,
  equal,
  failure,
  isIn,
  isInTexts,
  item,
  lookup,
  matchesDynamic,
  matchesPattern,
  multiply,
  negate,
  nilMember,
  order,
  overBudget,
  plus,
  power,
  range,
  remainder,
  send,
  slice,
  sortByKeys,
  startsWith,
  subtract,
  toBool: checks.bool,
  toDict: checks.dict,
  toDuration: checks.duration,
  toInt: checks.int,
  toList: checks.list,
  toListOrEmpty: checks.listOrNil,
  toMap: checks.map,
  toNumber: checks.number,
  toObject: checks.object,
  toText: checks.string,
  toTextList: checks.textList,
  toTime: checks.time,
} as const

export type RuntimeName = keyof typeof runtime

/**
 * What an evaluation throws. A nil where a declared type promised a value, or a result larger than
 * the engine can hold, must cost this evaluation only.
 */
function failure(error: unknown): unknown {
  if (error instanceof EvaluationError) return error
  if (error instanceof TypeError || error instanceof RangeError) {
    return new EvaluationError(`cannot evaluate: ${error.message}`, { cause: error })
  }
  return error
}
