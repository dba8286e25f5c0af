import { formatFixed, formatInt } from './go-number.ts'
import type { Type } from './type.ts'
import { formatType } from './types.ts'
import { isDict, isList, isMap, kindOf } from './value.ts'

/** What a result is as text: a text, nothing to write, or a type that has no text. */
export type StaticText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unsupported'; readonly typeName: string }

const empty: StaticText = { kind: 'empty' }

/**
 * The text a static writes for a result: text as it is, ints in decimal, floats as `443.000000`
 * (numbers of unknown type are floats), nothing for nil, for maps of anything and lists of
 * anything. Bools, times, durations and lists or maps of a known element type have no text.
 */
export function staticText(value: unknown, type: Type): StaticText {
  if (value === undefined || value === null) return empty
  if (typeof value === 'string') return { kind: 'text', text: value }
  if (typeof value === 'number' && !(type.kind === 'int' && type.name !== undefined)) {
    return { kind: 'text', text: type.kind === 'int' ? formatInt(value) : formatFixed(value) }
  }
  const isContainer = isList(value) || isDict(value) || isMap(value)
  const isTyped = (type.kind === 'list' || type.kind === 'map') && type.element.kind !== 'unknown'
  if (isContainer && !isTyped) return empty
  return {
    kind: 'unsupported',
    typeName: type.kind === 'unknown' ? kindOf(value) : formatType(type),
  }
}
