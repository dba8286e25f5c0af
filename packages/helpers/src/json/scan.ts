/**
 * Finds a value in JSON text without decoding the text. What stands after the value is never
 * looked at, so an error there goes unnoticed. Hot path: nothing is allocated but the result.
 */

/** Where a value stands: `{ start: 6, end: 11 }`; strings with their quotes. */
export interface JsonSpan {
  readonly start: number
  readonly end: number
}

const quote = 0x22
const backslash = 0x5c
const openObject = 0x7b
const closeObject = 0x7d
const openArray = 0x5b
const closeArray = 0x5d
const comma = 0x2c
const colon = 0x3a

/** Splits `a.b[0].c` at dots and before brackets: `['a', 'b', '[0]', 'c']`. */
export function splitJsonPath(path: string): readonly string[] {
  // The peer inserts the dots only when the path does not start with a bracket.
  return (path.startsWith('[') ? path : path.replaceAll('[', '.[')).split('.')
}

/** The value at the path; undefined when it is missing or the text before its end is not JSON. */
export function findJson(text: string, path: readonly string[]): JsonSpan | undefined {
  let at = skipBlank(text, 0)
  for (const segment of path) {
    const unit = text.charCodeAt(at)
    if (unit === openObject) at = findMember(text, at, segment)
    else if (unit === openArray) at = findElement(text, at, segment)
    else return undefined
    if (at < 0) return undefined
  }
  const end = skipValue(text, at)
  return end < 0 ? undefined : { start: at, end }
}

/** The text of a JSON string, quotes not included, decoded; undefined on an invalid escape. */
export function decodeJsonString(raw: string): string | undefined {
  if (!raw.includes('\\')) return raw
  let isValid = true
  const decoded = raw.replace(/\\(u[0-9a-fA-F]{4}|[\s\S])?/g, (_, code: string | undefined) => {
    if (code?.length === 5) return String.fromCharCode(Number.parseInt(code.slice(1), 16))
    const letter = code === undefined ? undefined : escapes.get(code)
    if (letter === undefined) isValid = false
    return letter ?? ''
  })
  return isValid ? decoded : undefined
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
])

/** The start of the first member of that name, in the object that opens at `open`; or -1. */
function findMember(text: string, open: number, name: string): number {
  let at = skipBlank(text, open + 1)
  for (;;) {
    if (text.charCodeAt(at) !== quote) return -1
    const keyEnd = skipString(text, at)
    if (keyEnd < 0) return -1
    const isIt = isKey(text, at + 1, keyEnd - 1, name)
    at = skipBlank(text, keyEnd)
    if (text.charCodeAt(at) !== colon) return -1
    at = skipBlank(text, at + 1)
    if (isIt) return at
    at = skipValue(text, at)
    if (at < 0) return -1
    at = skipBlank(text, at)
    if (text.charCodeAt(at) !== comma) return -1
    at = skipBlank(text, at + 1)
  }
}

function isKey(text: string, start: number, end: number, name: string): boolean {
  if (end - start === name.length && text.startsWith(name, start)) return true
  // An escape is longer than what it stands for.
  if (end - start <= name.length) return false
  const slash = text.indexOf('\\', start)
  return slash >= 0 && slash < end && decodeJsonString(text.slice(start, end)) === name
}

/** The start of element `[n]` of the array that opens at `open`; or -1. */
function findElement(text: string, open: number, segment: string): number {
  if (!/^\[\d+\]$/.test(segment)) return -1
  let left = Number(segment.slice(1, -1))
  let at = skipBlank(text, open + 1)
  if (text.charCodeAt(at) === closeArray) return -1
  for (;;) {
    if (left-- === 0) return at
    at = skipValue(text, at)
    if (at < 0) return -1
    at = skipBlank(text, at)
    if (text.charCodeAt(at) !== comma) return -1
    at = skipBlank(text, at + 1)
  }
}

function skipBlank(text: string, from: number): number {
  let at = from
  for (;;) {
    const unit = text.charCodeAt(at)
    if (unit !== 0x20 && unit !== 9 && unit !== 10 && unit !== 13) return at
    at++
  }
}

/** After the value that starts at `at`; or -1 when none does or it has no end. */
function skipValue(text: string, at: number): number {
  const unit = text.charCodeAt(at)
  if (unit === quote) return skipString(text, at)
  if (unit === openObject) return skipNested(text, at, openObject, closeObject)
  if (unit === openArray) return skipNested(text, at, openArray, closeArray)
  return skipScalar(text, at)
}

function skipString(text: string, open: number): number {
  let from = open + 1
  for (;;) {
    const end = text.indexOf('"', from)
    if (end < 0) return -1
    let before = end
    while (text.charCodeAt(before - 1) === backslash && before > from) before--
    if ((end - before) % 2 === 0) return end + 1
    from = end + 1
  }
}

/** Counts one kind of bracket and steps over strings: no recursion, whatever the depth. */
function skipNested(text: string, from: number, open: number, close: number): number {
  let depth = 0
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (unit === quote) {
      at = skipString(text, at) - 1
      if (at < 0) return -1
    } else if (unit === open) {
      depth++
    } else if (unit === close && --depth === 0) {
      return at + 1
    }
  }
  return -1
}

function skipScalar(text: string, from: number): number {
  let at = from
  while (at < text.length) {
    const unit = text.charCodeAt(at)
    if (unit <= 0x20 || unit === comma || unit === closeObject || unit === closeArray) break
    at++
  }
  const first = text.charCodeAt(from)
  const isNumber = (first >= 0x30 && first <= 0x39) || first === 0x2d
  if (isNumber) return at
  const length = at - from
  const isWord =
    (length === 4 && (text.startsWith('true', from) || text.startsWith('null', from))) ||
    (length === 5 && text.startsWith('false', from))
  return isWord ? at : -1
}
