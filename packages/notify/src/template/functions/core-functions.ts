import { escapeHtml } from '../escape.ts'
import { formatText, printLine, printValue, printValues } from '../format-value.ts'
import {
  describe,
  dictionaryOf,
  FunctionError,
  type FunctionTable,
  fixed,
  looseText,
  textOf,
  variadic,
  wholeOf,
} from '../function.ts'
import { isDictionary, isList, isTrue, type Value } from '../value.ts'
import { isEqual } from './equal.ts'
import { byteLength } from './text-units.ts'

/** What the language itself brings; `and` and `or` are there by name only, see `compileCall`. */
export const coreFunctions: FunctionTable = {
  and: variadic(1, (value) => value),
  or: variadic(1, (value) => value),
  not: fixed(1, (value) => !isTrue(value)),
  len: fixed(1, lengthOf),
  index: variadic(1, (value, ...keys) => keys.reduce(elementOf, value)),
  eq: variadic(2, (value, ...others) => others.some((other) => isSame(value, other))),
  ne: fixed(2, (a, b) => !isSame(a, b)),
  lt: fixed(2, (a, b) => isLess(a, b)),
  le: fixed(2, (a, b) => !isLess(b, a)),
  gt: fixed(2, (a, b) => isLess(b, a)),
  ge: fixed(2, (a, b) => !isLess(a, b)),
  print: variadic(0, (...values) => printValues(values)),
  printf: variadic(1, (format, ...values) => formatText(textOf(format), values)),
  println: variadic(0, (...values) => printLine(values)),
  html: variadic(0, (...values) => escapeHtml(escaped(values))),
  js: variadic(0, (...values) => escapeScript(escaped(values))),
  urlquery: variadic(0, (...values) => encodeQuery(escaped(values))),
}

function escaped(values: readonly Value[]): string {
  return values.length === 1 ? printValue(values[0]) : printValues(values)
}

function lengthOf(value: Value): number {
  if (typeof value === 'string') return byteLength(value)
  if (isList(value)) return value.length
  if (isDictionary(value)) return value.size
  throw new FunctionError(`${describe(value)} has no length`)
}

function elementOf(value: Value, key: Value): Value {
  if (isList(value) || typeof value === 'string') {
    const at = wholeOf(key)
    const length = lengthOf(value)
    if (at < 0 || at >= length) {
      throw new FunctionError(`there is no element ${at}, there are ${length}`)
    }
    return isList(value) ? value[at] : Buffer.from(value)[at]
  }
  if (isDictionary(value)) return dictionaryOf(value).get(looseText(key))
  throw new FunctionError(`${describe(value)} has no elements`)
}

function isSame(a: Value, b: Value): boolean {
  const isNothing = (value: Value) => value === undefined || value === null
  if (!isNothing(a) && !isNothing(b) && typeof a !== typeof b) {
    throw new FunctionError(`${describe(a)} and ${describe(b)} cannot be compared`)
  }
  return isEqual(a, b)
}

function isLess(a: Value, b: Value): boolean {
  if (typeof a === 'number' && typeof b === 'number') return a < b
  if (typeof a === 'string' && typeof b === 'string')
    return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0
  throw new FunctionError(`${describe(a)} and ${describe(b)} have no order`)
}

const scriptEscapes: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '<': '\\u003C',
  '>': '\\u003E',
  '&': '\\u0026',
  '=': '\\u003D',
}

function escapeScript(text: string): string {
  return text.replace(/[\\'"<>&=\p{C}\p{Zl}\p{Zp}]/gu, (letter) => {
    const code = (letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
    return scriptEscapes[letter] ?? `\\u${code}`
  })
}

function encodeQuery(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')
}
