import { quoteGo } from '@tocsin/helpers'
import { printValue } from '../format-value.ts'
import {
  FunctionError,
  type FunctionTable,
  fixed,
  listOf,
  textOf,
  variadic,
  wholeOf,
} from '../function.ts'
import { isList, type Value } from '../value.ts'
import { byteLength, sliceBytes, wordsOf } from './text-units.ts'

const maxLength = 8 * 1024 * 1024

/** One text argument, a text back. */
const plain = (call: (text: string) => Value) => fixed(1, (text) => call(textOf(text)))
/** Two texts, of which the second is the one that is looked at. */
const pair = (call: (option: string, text: string) => Value) =>
  fixed(2, (option, text) => call(textOf(option), textOf(text)))

/** `upper`, `trunc`, `replace`, `join`…: the text functions of Sprig. */
export const stringFunctions: FunctionTable = {
  upper: plain((text) => text.toUpperCase()),
  lower: plain((text) => text.toLowerCase()),
  title: plain((text) => text.replace(/(?<![\p{L}\p{N}_])\p{L}/gu, (c) => c.toUpperCase())),
  untitle: plain((text) => text.replace(/(?<![^\s])\p{L}/gu, (c) => c.toLowerCase())),
  swapcase: plain((text) =>
    text.replace(/\p{L}/gu, (c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())),
  ),
  camelcase: plain(camelCase),
  snakecase: plain((text) => caseWords(text).join('_')),
  kebabcase: plain((text) => caseWords(text).join('-')),
  initials: plain((text) =>
    wordsOf(text)
      .map((word) => [...word][0])
      .join(''),
  ),
  nospace: plain((text) => text.replace(/\s/gu, '')),
  trim: plain((text) => text.trim()),
  trimAll: pair(trimSet),
  trimall: pair(trimSet),
  trimPrefix: pair((prefix, text) => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  trimSuffix: pair((suffix, text) =>
    text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text,
  ),
  contains: pair((part, text) => text.includes(part)),
  hasPrefix: pair((prefix, text) => text.startsWith(prefix)),
  hasSuffix: pair((suffix, text) => text.endsWith(suffix)),
  replace: fixed(3, (old, by, text) =>
    bounded(textOf(text).replaceAll(textOf(old), () => textOf(by))),
  ),
  repeat: fixed(2, (count, text) => {
    const times = Math.max(0, wholeOf(count))
    if (times * textOf(text).length > maxLength) throw new FunctionError('the result is too long')
    return textOf(text).repeat(times)
  }),
  substr: fixed(3, (start, end, text) => substring(wholeOf(start), wholeOf(end), textOf(text))),
  trunc: fixed(2, (length, text) => truncate(wholeOf(length), textOf(text))),
  abbrev: fixed(2, (width, text) => abbreviate(wholeOf(width), textOf(text))),
  indent: fixed(2, (width, text) => indent(wholeOf(width), textOf(text))),
  nindent: fixed(2, (width, text) => `\n${indent(wholeOf(width), textOf(text))}`),
  wrap: fixed(2, (width, text) => wrap(wholeOf(width), textOf(text)).join('\n')),
  wrapWith: fixed(3, (width, by, text) =>
    wrap(wholeOf(width), textOf(text))
      .flatMap((line) => pieces(wholeOf(width), line))
      .join(textOf(by)),
  ),
  plural: fixed(3, (one, many, count) => (wholeOf(count) === 1 ? textOf(one) : textOf(many))),
  cat: variadic(0, (...values) => values.filter(isThere).map(printValue).join(' ')),
  quote: variadic(0, (...values) =>
    values
      .filter(isThere)
      .map((v) => quoteGo(printValue(v)))
      .join(' '),
  ),
  squote: variadic(0, (...values) =>
    values
      .filter(isThere)
      .map((v) => `'${printValue(v)}'`)
      .join(' '),
  ),
  toString: fixed(1, printValue),
  toStrings: fixed(1, (list) => listOf(list).filter(isThere).map(printValue)),
  join: fixed(2, (by, list) => texts(list).join(textOf(by))),
  sortAlpha: fixed(1, (list) => texts(list).sort()),
  splitList: pair((by, text) => text.split(by)),
  split: pair((by, text) => numbered(text.split(by))),
  splitn: fixed(3, (by, count, text) =>
    numbered(splitAtMost(textOf(text), textOf(by), wholeOf(count))),
  ),
}

function isThere(value: Value): boolean {
  return value !== undefined && value !== null
}

/** A list as texts; one value is a list of one. */
function texts(value: Value): string[] {
  if (!isThere(value)) return []
  return isList(value) ? value.filter(isThere).map(printValue) : [printValue(value)]
}

function bounded(text: string): string {
  if (text.length > maxLength) throw new FunctionError('the result is too long')
  return text
}

function trimSet(set: string, text: string): string {
  const letters = new Set(set)
  const all = [...text]
  let start = 0
  let end = all.length
  while (start < end && letters.has(all[start] ?? '')) start++
  while (end > start && letters.has(all[end - 1] ?? '')) end--
  return all.slice(start, end).join('')
}

function substring(start: number, end: number, text: string): string {
  if (start < 0) return sliceBytes(text, 0, end)
  if (end < 0 || end > byteLength(text)) return sliceBytes(text, start, byteLength(text))
  return sliceBytes(text, start, end)
}

function truncate(length: number, text: string): string {
  const bytes = byteLength(text)
  if (length < 0) return bytes + length > 0 ? sliceBytes(text, bytes + length, bytes) : text
  return bytes > length ? sliceBytes(text, 0, length) : text
}

function abbreviate(width: number, text: string): string {
  if (width < 4 || byteLength(text) <= width) return text
  return `${sliceBytes(text, 0, width - 3)}...`
}

function indent(width: number, text: string): string {
  const pad = ' '.repeat(Math.min(Math.max(0, width), 1000))
  return bounded(pad + text.replaceAll('\n', `\n${pad}`))
}

/** Breaks lines at blanks so that none is wider; a word that is wider stands alone. */
function wrap(width: number, text: string): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line === undefined || [...line].length + 1 + [...word].length > Math.max(1, width)) {
      lines.push(word)
    } else {
      lines[lines.length - 1] = `${line} ${word}`
    }
  }
  return lines
}

/** A line in pieces that are not wider. */
function pieces(width: number, line: string): string[] {
  const letters = [...line]
  const size = Math.max(1, width)
  const count = Math.max(1, Math.ceil(letters.length / size))
  return Array.from({ length: count }, (_, i) => letters.slice(i * size, (i + 1) * size).join(''))
}

/** `{ _0: 'a', _1: 'b' }`, for `$parts._1`. */
function numbered(parts: readonly string[]): Value {
  return new Map(parts.map((part, i) => [`_${i}`, part]))
}

function splitAtMost(text: string, by: string, count: number): string[] {
  const parts = text.split(by)
  if (count < 0 || parts.length <= count) return parts
  return count === 0 ? [] : [...parts.slice(0, count - 1), parts.slice(count - 1).join(by)]
}

function camelCase(text: string): string {
  return text
    .split(/[-_\s]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

/** The words of `FirstName`, `first-name` and `HTTPServer`, in lower case. */
function caseWords(text: string): string[] {
  return text
    .replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[-_\s]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase())
}
