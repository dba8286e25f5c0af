export {
  type CompileOptions,
  compileExpression,
  type ExpressionText,
} from './compile-expression.ts'
export { DispatchIndex, type IndexedRequirements } from './dispatch-index.ts'
export type { Expression } from './expression.ts'
export { formatInstant, formatValue } from './format-value.ts'
export { formatFixed, formatFloat, formatInt } from './go-number.ts'
export type { Requirement } from './requirement.ts'
export { replaceText, splitText, trimCutset, trimSpace } from './split-text.ts'
export { type StaticText, staticText } from './static-text.ts'
export { byteIndexOf, byteLastIndexOf } from './text-bytes.ts'
export { lowerText, upperText } from './text-case.ts'
export type { TextRequirement, TextTest } from './text-requirement.ts'
export { locationType, monthType, weekdayType } from './time-members.ts'
export {
  type Environment,
  EvaluationError,
  type FunctionDeclaration,
  type FunctionType,
  type IntType,
  type Member,
  type StructType,
  type Type,
} from './type.ts'
export {
  boolType,
  bytesType,
  durationType,
  floatType,
  formatType,
  functionOf,
  intType,
  listOf,
  mapOf,
  nilType,
  stringType,
  timeType,
  unknownType,
} from './types.ts'
