export type LayoutTokenKind =
  | 'end'
  | 'year4'
  | 'year2'
  | 'monthName'
  | 'monthShort'
  | 'month'
  | 'weekdayName'
  | 'weekdayShort'
  | 'day'
  | 'daySpaced'
  | 'dayOfYear'
  | 'dayOfYearSpaced'
  | 'hour24'
  | 'hour12'
  | 'minute'
  | 'second'
  | 'halfUpper'
  | 'halfLower'
  | 'fractionExact'
  | 'fractionOptional'
  | 'offset'
  | 'zoneName'

/** One part of a date in a layout, after the literal text that stands before it. */
export interface LayoutToken {
  readonly kind: LayoutTokenKind
  readonly literal: string
  /** Digits a number must have at least, or exactly for fractions: 2 for `02`, 1 for `2`. */
  readonly width: number
  /** The `.` or `,` before a fraction. */
  readonly separator: string
  /** Of offsets: `Z07:00` has all but seconds, `-0700` has minutes. */
  readonly hasZ: boolean
  readonly hasColon: boolean
  readonly hasMinutes: boolean
  readonly hasSeconds: boolean
}

type Part = Partial<LayoutToken> & Pick<LayoutToken, 'kind'>

const plainParts: readonly (readonly [string, Part])[] = [
  ['January', { kind: 'monthName' }],
  ['Jan', { kind: 'monthShort' }],
  ['Monday', { kind: 'weekdayName' }],
  ['Mon', { kind: 'weekdayShort' }],
  ['MST', { kind: 'zoneName' }],
  ['002', { kind: 'dayOfYear' }],
  ['01', { kind: 'month', width: 2 }],
  ['02', { kind: 'day', width: 2 }],
  ['03', { kind: 'hour12', width: 2 }],
  ['04', { kind: 'minute', width: 2 }],
  ['05', { kind: 'second', width: 2 }],
  ['06', { kind: 'year2' }],
  ['15', { kind: 'hour24' }],
  ['1', { kind: 'month' }],
  ['2006', { kind: 'year4' }],
  ['2', { kind: 'day' }],
  ['__2', { kind: 'dayOfYearSpaced' }],
  ['_2', { kind: 'daySpaced' }],
  ['3', { kind: 'hour12' }],
  ['4', { kind: 'minute' }],
  ['5', { kind: 'second' }],
  ['PM', { kind: 'halfUpper' }],
  ['pm', { kind: 'halfLower' }],
]

const offset = /([-Z])07(?:(:?)00(?:\2(00))?)?/y
const fraction = /[.,](0+|9+)(?!\d)/y

/** Splits a layout into its parts; the last one is `end`, with the text after the others. */
export function readLayout(layout: string): LayoutToken[] {
  const tokens: LayoutToken[] = []
  let literalStart = 0
  for (let at = 0; at < layout.length; ) {
    const found = partAt(layout, at)
    if (!found) {
      at++
      continue
    }
    tokens.push(token(layout.slice(literalStart, at), found.part))
    at += found.size
    literalStart = at
  }
  tokens.push(token(layout.slice(literalStart), { kind: 'end' }))
  return tokens
}

function token(literal: string, part: Part): LayoutToken {
  return {
    kind: part.kind,
    literal,
    width: part.width ?? 1,
    separator: part.separator ?? '',
    hasZ: part.hasZ ?? false,
    hasColon: part.hasColon ?? false,
    hasMinutes: part.hasMinutes ?? false,
    hasSeconds: part.hasSeconds ?? false,
  }
}

function partAt(layout: string, at: number): { part: Part; size: number } | undefined {
  for (const [text, part] of plainParts) {
    if (!layout.startsWith(text, at)) continue
    // `Janus` and `Month` are words, not names of the reference date.
    const isShortName = part.kind === 'monthShort' || part.kind === 'weekdayShort'
    if (isShortName && /^[a-z]/.test(layout.slice(at + 3, at + 4))) continue
    // In `_2006` the underscore is literal and the year follows.
    if (part.kind === 'daySpaced' && layout.startsWith('2006', at + 1)) return undefined
    return { part, size: text.length }
  }
  return offsetAt(layout, at) ?? fractionAt(layout, at)
}

function offsetAt(layout: string, at: number): { part: Part; size: number } | undefined {
  offset.lastIndex = at
  const match = offset.exec(layout)
  if (!match) return undefined
  const part: Part = {
    kind: 'offset',
    hasZ: match[1] === 'Z',
    hasColon: match[2] === ':',
    hasMinutes: match[2] !== undefined,
    hasSeconds: match[3] !== undefined,
  }
  return { part, size: match[0].length }
}

function fractionAt(layout: string, at: number): { part: Part; size: number } | undefined {
  fraction.lastIndex = at
  const match = fraction.exec(layout)
  const digits = match?.[1]
  if (!match || digits === undefined) return undefined
  const kind = digits.startsWith('0') ? 'fractionExact' : 'fractionOptional'
  const part: Part = { kind, width: digits.length, separator: match[0].charAt(0) }
  return { part, size: match[0].length }
}
