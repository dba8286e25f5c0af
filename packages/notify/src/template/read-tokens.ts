import { readGoString } from './read-go-string.ts'
import { TemplateError } from './template-error.ts'
import type { Token, TokenKind } from './token.ts'

const space = /[ \t\r\n]*/y
const pieces: readonly (readonly [TokenKind, RegExp])[] = [
  ['number', /[+-]?(?:0[xXbBoO][\da-fA-F_]+|(?:\d[\d_]*)?\.?\d[\d_]*\.?(?:[eE][+-]?\d+)?)/y],
  ['variable', /\$([\p{L}_][\p{L}\p{Nd}_]*)?/uy],
  ['field', /\.([\p{L}_][\p{L}\p{Nd}_]*)/uy],
  ['word', /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['dot', /\./y],
  ['pipe', /\|/y],
  ['left', /\(/y],
  ['right', /\)/y],
  ['comma', /,/y],
  ['declare', /:=/y],
  ['assign', /=/y],
]

/** Splits a template into text and the tokens of its actions; the last token is `end`. */
export function readTokens(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0
  let trimsNext = false
  while (at <= text.length) {
    const open = text.indexOf('{{', at)
    const textEnd = open < 0 ? text.length : open
    const trimsBefore = open >= 0 && /^\{\{-[ \t\r\n]/.test(text.slice(open, open + 4))
    pushText(tokens, text.slice(at, textEnd), at, trimsNext, trimsBefore)
    if (open < 0) break
    const inside = open + (trimsBefore ? 3 : 2)
    const after = readComment(text, open, inside) ?? readAction(text, open, inside, tokens)
    trimsNext = after.trimsNext
    at = after.at
  }
  tokens.push({ kind: 'end', value: '', start: text.length, end: text.length, isAfterSpace: false })
  return tokens
}

interface After {
  readonly at: number
  readonly trimsNext: boolean
}

function pushText(
  tokens: Token[],
  raw: string,
  start: number,
  trimsStart: boolean,
  trimsEnd: boolean,
): void {
  let value = trimsStart ? raw.replace(/^[ \t\r\n]+/, '') : raw
  if (trimsEnd) value = value.replace(/[ \t\r\n]+$/, '')
  if (value === '') return
  tokens.push({ kind: 'text', value, start, end: start + raw.length, isAfterSpace: false })
}

/** A comment is the whole action; undefined when this is none. */
function readComment(text: string, open: number, inside: number): After | undefined {
  space.lastIndex = inside
  // Blanks may stand before a comment only where they belong to the trim mark.
  const start = text[inside - 1] === '-' ? inside + (space.exec(text)?.[0].length ?? 0) : inside
  if (!text.startsWith('/*', start)) return undefined
  const end = text.indexOf('*/', start + 2)
  if (end < 0) {
    throw new TemplateError('TOC_NOTIFY_TEMPLATE', 'the comment has no end', {
      start: open,
      end: open + 2,
    })
  }
  const close = /(?:[ \t\r\n]+-)?\}\}/y
  close.lastIndex = end + 2
  const found = close.exec(text)?.[0]
  if (found === undefined) {
    throw new TemplateError(
      'TOC_NOTIFY_TEMPLATE',
      'a comment must be the only thing in its action',
      { start: open, end: end + 2 },
      'close it with */}}',
    )
  }
  return { at: close.lastIndex, trimsNext: found.length > 2 }
}

function readAction(text: string, open: number, inside: number, tokens: Token[]): After {
  const push = (kind: TokenKind, value: string, start: number, end: number, isAfterSpace = false) =>
    tokens.push({ kind, value, start, end, isAfterSpace })
  push('open', '', open, inside)
  let at = inside
  while (true) {
    space.lastIndex = at
    const blank = space.exec(text)?.[0].length ?? 0
    at += blank
    const isTrimming = blank > 0 && text.startsWith('-}}', at)
    if (isTrimming || text.startsWith('}}', at)) {
      const end = at + (isTrimming ? 3 : 2)
      push('close', '', at, end, blank > 0)
      return { at: end, trimsNext: isTrimming }
    }
    if (at >= text.length || text.startsWith('{{', at)) {
      throw new TemplateError(
        'TOC_NOTIFY_TEMPLATE',
        'the action has no end',
        { start: open, end: open + 2 },
        'close it with }}',
      )
    }
    at = readPiece(text, at, blank > 0, push)
  }
}

type Push = (kind: TokenKind, value: string, start: number, end: number, spaced: boolean) => void

/** Reads one token at `at`; where the next begins. */
function readPiece(text: string, at: number, spaced: boolean, push: Push): number {
  const first = text[at] ?? ''
  if (first === '"' || first === '`' || first === "'") {
    const literal = readGoString(text, at)
    if (literal.error !== undefined) {
      throw new TemplateError('TOC_NOTIFY_TEMPLATE', literal.error, { start: at, end: literal.end })
    }
    const kind = first === "'" ? 'number' : 'string'
    push(kind, literal.value, at, literal.end, spaced)
    return literal.end
  }
  for (const [kind, pattern] of pieces) {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (!match) continue
    const end = at + match[0].length
    push(kind, match[1] ?? (kind === 'variable' ? '' : match[0]), at, end, spaced)
    return end
  }
  throw new TemplateError('TOC_NOTIFY_TEMPLATE', `unexpected ${JSON.stringify(first)}`, {
    start: at,
    end: at + 1,
  })
}
