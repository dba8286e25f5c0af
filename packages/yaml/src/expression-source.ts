import type { Span } from '@tocsin/diagnostic'
import type { YamlScalar } from './node.ts'

/**
 * A text inside a document, such as an expression, and the way back from its offsets to the file.
 *
 *     filter: 'evt.Meta.x == ''y'''      text: evt.Meta.x == 'y'
 *                           ^^^          locate(14, 17)
 */
export interface ExpressionSource {
  /** Quotes and folding resolved. */
  readonly text: string
  /** The whole scalar in the file, quotes included. */
  readonly span: Span
  /** Where `text.slice(start, end)` stands in the file. */
  readonly locate: (start: number, end: number) => Span
}

/** What an expression compiler needs to point into the file a scalar was read from. */
export function expressionSource(scalar: YamlScalar): ExpressionSource {
  let offsets: readonly number[] | undefined
  const offsetOf = (at: number): number => {
    // Only wanted when something is wrong, so only computed then.
    offsets ??= fileOffsets(scalar)
    return offsets[Math.max(0, Math.min(at, offsets.length - 1))] ?? scalar.span.start
  }
  return {
    text: scalar.text,
    span: scalar.span,
    locate: (start, end) =>
      scalar.span.source.span(offsetOf(start), offsetOf(Math.max(start, end))),
  }
}

/** For each unit of the scalar's text, and for its end, the offset in the file. */
function fileOffsets(scalar: YamlScalar): readonly number[] {
  const { source, start, end } = scalar.span
  const raw = source.text.slice(start, end)
  if (scalar.isQuoted && raw.startsWith('"'))
    return quotedOffsets(scalar, raw, readDoubleQuotedUnit)
  if (scalar.isQuoted && raw.startsWith("'"))
    return quotedOffsets(scalar, raw, readSingleQuotedUnit)
  return lineOffsets(scalar, raw)
}

/** How many units of the file stand for how many units of text, at `at`. */
type ReadUnit = (raw: string, at: number) => { readonly taken: number; readonly given: number }

function quotedOffsets(scalar: YamlScalar, raw: string, readUnit: ReadUnit): number[] {
  const offsets: number[] = []
  const { start } = scalar.span
  const blanks = /[ \t]*(?:\r?\n\s*)?/y
  let at = 1
  while (at < raw.length - 1 && offsets.length < scalar.text.length) {
    blanks.lastIndex = at
    const run = blanks.exec(raw)?.[0] ?? ''
    const breakCount = run.split('\n').length - 1
    if (breakCount > 0) {
      // One line break becomes a space, more of them one less.
      for (let i = 0; i < Math.max(1, breakCount - 1); i++) offsets.push(start + at)
    } else {
      for (let i = 0; i < run.length; i++) offsets.push(start + at + i)
    }
    at += run.length
    if (run !== '') continue
    const { taken, given } = readUnit(raw, at)
    for (let i = 0; i < given; i++) offsets.push(start + at)
    at += taken
  }
  offsets.push(start + at)
  return offsets
}

function readSingleQuotedUnit(raw: string, at: number): { taken: number; given: number } {
  return { taken: raw.startsWith("''", at) ? 2 : 1, given: 1 }
}

const escapeLengths: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 }

function readDoubleQuotedUnit(raw: string, at: number): { taken: number; given: number } {
  if (raw[at] !== '\\') return { taken: 1, given: 1 }
  const joined = /\\\r?\n[ \t]*/y
  joined.lastIndex = at
  const join = joined.exec(raw)?.[0]
  if (join !== undefined) return { taken: join.length, given: 0 }
  const letter = raw[at + 1] ?? ''
  const taken = escapeLengths[letter] ?? 2
  const isPair = letter === 'U' && Number.parseInt(raw.slice(at + 2, at + 10), 16) > 0xffff
  return { taken, given: isPair ? 2 : 1 }
}

/**
 * Plain and block text: the lines of the file, their indentation apart, occur in the text in their
 * order, joined by whatever folding made of the line breaks.
 */
function lineOffsets(scalar: YamlScalar, raw: string): number[] {
  const { text } = scalar
  const { start } = scalar.span
  const offsets: number[] = []
  // The first line of a block is its header.
  let lineStart = scalar.isQuoted ? raw.indexOf('\n') + 1 : 0
  let lastEnd = start + lineStart
  while (lineStart < raw.length && offsets.length < text.length) {
    const newline = raw.indexOf('\n', lineStart)
    const lineEnd = newline < 0 ? raw.length : newline
    const line = raw.slice(lineStart, lineEnd)
    const content = line.trim()
    const found = content === '' ? -1 : text.indexOf(content, offsets.length)
    if (found >= 0) {
      const contentAt = start + lineStart + line.indexOf(content)
      // Indentation that is part of the text ends where the content begins, line breaks before it.
      const indent = line.indexOf(content)
      while (offsets.length < found) {
        const back = found - offsets.length
        offsets.push(text[offsets.length] === ' ' && back <= indent ? contentAt - back : lastEnd)
      }
      for (let i = 0; i < content.length; i++) offsets.push(contentAt + i)
      lastEnd = contentAt + content.length
    }
    lineStart = lineEnd + 1
  }
  while (offsets.length <= text.length) offsets.push(lastEnd)
  return offsets
}
