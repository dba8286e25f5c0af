import { formatValue } from '@tocsin/expr'
import { Duration, Instant } from '@tocsin/model'
import { formatExponent, formatFixed, formatGeneral } from './go-number.ts'
import { quoteGo } from './go-quote.ts'

/** What stands between `%` and the verb. */
interface Flags {
  plus: boolean
  minus: boolean
  sharp: boolean
  space: boolean
  zero: boolean
  width: number
  precision: number | undefined
}

const directive = /%([-+# 0]*)(\*|\d+)?(?:\.(\*|\d*))?([\s\S])?/gu
/** No text a rule wants is wider; keeps `%999999999d` from filling the memory. */
const maxWidth = 10_000

/**
 * Formats as Go's `Sprintf`: `sprintf('%05d %q', [7, 'a'])` is `00007 "a"`. Whole numbers count as
 * integers under `%v`, `%d` and `%x`. What does not fit becomes text, never an error:
 * `%!d(string=x)`, `%!d(MISSING)`, `%!(EXTRA int=1)`.
 */
export function sprintf(format: string, values: readonly unknown[]): string {
  let next = 0
  const text = format.replace(directive, (_, ...groups: (string | undefined)[]) => {
    const [marks = '', width, precision, verb] = groups
    if (verb === undefined) return '%!(NOVERB)'
    const flags = readFlags(marks)
    if (width === '*') next = starWidth(flags, values, next)
    else if (width !== undefined) flags.width = Math.min(Number(width), maxWidth)
    if (precision === '*') flags.precision = Math.min(toCount(values[next++]), maxWidth)
    else if (precision !== undefined) flags.precision = Math.min(Number(precision), maxWidth)
    if (verb === '%') return '%'
    if (next >= values.length) return `%!${verb}(MISSING)`
    return formatVerb(verb, values[next++], flags)
  })
  if (next >= values.length) return text
  const extra = values.slice(next).map((value) => typed(value))
  return `${text}%!(EXTRA ${extra.join(', ')})`
}

function readFlags(marks: string): Flags {
  const minus = marks.includes('-')
  return {
    plus: marks.includes('+'),
    minus,
    sharp: marks.includes('#'),
    space: marks.includes(' '),
    zero: marks.includes('0') && !minus,
    width: 0,
    precision: undefined,
  }
}

function starWidth(flags: Flags, values: readonly unknown[], next: number): number {
  const width = values[next]
  flags.minus ||= typeof width === 'number' && width < 0
  flags.width = Math.min(toCount(typeof width === 'number' ? Math.abs(width) : 0), maxWidth)
  return next + 1
}

function toCount(value: unknown): number {
  return typeof value === 'number' && value > 0 ? Math.floor(value) : 0
}

function formatVerb(verb: string, value: unknown, flags: Flags): string {
  if (verb === 'T') return pad(typeName(value), flags)
  // Lists format element by element, so that a wrong element shows where it stands.
  if (Array.isArray(value)) {
    return `[${value.map((element) => formatVerb(verb, element, flags)).join(' ')}]`
  }
  const text = formatScalar(verb, value, flags)
  if (text === undefined)
    return value == null && verb === 'v' ? pad('<nil>', flags) : bad(verb, value)
  return typeof value === 'number' && verb !== 'c' ? padNumber(text, flags) : pad(text, flags)
}

/** Undefined when the verb does not fit the value. */
function formatScalar(verb: string, value: unknown, flags: Flags): string | undefined {
  // Under %v a plus asks for the names of fields, not for a sign.
  if (verb === 'v') return formatAny(value, { ...flags, plus: false })
  if (typeof value === 'number') return formatNumber(verb, value, flags)
  if (typeof value === 'string') return formatText(verb, value, flags)
  if (typeof value === 'boolean') return verb === 't' ? String(value) : undefined
  if (value instanceof Duration && verb === 'd') return formatInteger(value.nanos, 10, flags)
  if (value instanceof Duration || value instanceof Instant) {
    return verb === 's' ? formatValue(value) : undefined
  }
  return undefined
}

function formatAny(value: unknown, flags: Flags): string {
  if (typeof value === 'number') {
    return formatNumber(Number.isInteger(value) ? 'd' : 'g', value, flags) ?? ''
  }
  if (typeof value === 'string') return flags.sharp ? quoteGo(value) : cut(value, flags)
  return formatValue(value)
}

function formatText(verb: string, text: string, flags: Flags): string | undefined {
  switch (verb) {
    case 's':
      return cut(text, flags)
    case 'q':
      return flags.sharp && !text.includes('`') ? `\`${text}\`` : quoteGo(cut(text, flags))
    case 'x':
    case 'X':
      return formatHex(cut(text, flags), verb, flags)
    default:
      return undefined
  }
}

function formatHex(text: string, verb: 'x' | 'X', flags: Flags): string {
  const hex = Buffer.from(text).toString('hex')
  const spaced = flags.space ? hex.replace(/..(?!$)/g, '$& ') : hex
  return verb === 'X' ? spaced.toUpperCase() : spaced
}

function cut(text: string, flags: Flags): string {
  if (flags.precision === undefined || text.length <= flags.precision) return text
  return [...text.slice(0, flags.precision * 2)].slice(0, flags.precision).join('')
}

function formatNumber(verb: string, value: number, flags: Flags): string | undefined {
  switch (verb) {
    case 'e':
      return signed(formatExponent(value, flags.precision ?? 6), flags)
    case 'E':
      return signed(formatExponent(value, flags.precision ?? 6).toUpperCase(), flags)
    case 'f':
    case 'F':
      return signed(formatFixed(value, flags.precision ?? 6), flags)
    case 'g':
      return signed(formatGeneral(value, flags.precision), flags)
    case 'G':
      return signed(formatGeneral(value, flags.precision).toUpperCase(), flags)
    default:
      return Number.isInteger(value) ? formatWhole(verb, value, flags) : undefined
  }
}

function formatWhole(verb: string, value: number, flags: Flags): string | undefined {
  switch (verb) {
    case 'd':
      return formatInteger(value, 10, flags)
    case 'b':
      return formatInteger(value, 2, flags, flags.sharp ? '0b' : '')
    case 'o':
      return formatInteger(value, 8, flags, flags.sharp ? '0' : '')
    case 'O':
      return formatInteger(value, 8, flags, '0o')
    case 'x':
      return formatInteger(value, 16, flags, flags.sharp ? '0x' : '')
    case 'X':
      return formatInteger(value, 16, flags, flags.sharp ? '0x' : '').toUpperCase()
    case 'c':
      return codePoint(value)
    case 'q':
      return `'${codePoint(value) === "'" ? "\\'" : quoteGo(codePoint(value)).slice(1, -1).replace('\\"', '"')}'`
    case 'U':
      return `U+${value.toString(16).toUpperCase().padStart(4, '0')}`
    default:
      return undefined
  }
}

function codePoint(value: number): string {
  return value >= 0 && value <= 0x10ffff ? String.fromCodePoint(value).toWellFormed() : '\ufffd'
}

function formatInteger(value: number, base: number, flags: Flags, prefix = ''): string {
  const digits = BigInt(Math.abs(value)).toString(base)
  const text = prefix + digits.padStart(flags.precision ?? 0, '0')
  return signed(value < 0 ? `-${text}` : text, flags)
}

function signed(text: string, flags: Flags): string {
  if (text.startsWith('-') || text.startsWith('+')) return text
  return flags.plus ? `+${text}` : flags.space ? ` ${text}` : text
}

/** Zeros go between the sign and the digits. */
function padNumber(text: string, flags: Flags): string {
  const missing = flags.width - text.length
  if (missing <= 0 || !flags.zero || !/\d/.test(text)) return pad(text, { ...flags, zero: false })
  const sign = /^[-+ ]/.test(text) ? 1 : 0
  return text.slice(0, sign) + '0'.repeat(missing) + text.slice(sign)
}

function pad(text: string, flags: Flags): string {
  if (flags.width <= 0) return text
  const missing = flags.width - [...text].length
  if (missing <= 0) return text
  if (flags.minus) return text + ' '.repeat(missing)
  return (flags.zero ? '0' : ' ').repeat(missing) + text
}

function bad(verb: string, value: unknown): string {
  return value == null ? `%!${verb}(<nil>)` : `%!${verb}(${typed(value)})`
}

function typed(value: unknown): string {
  return value == null ? '<nil>' : `${typeName(value)}=${sprintf('%v', [value])}`
}

function typeName(value: unknown): string {
  if (value == null) return '<nil>'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'string') return 'string'
  if (Array.isArray(value)) return '[]interface {}'
  if (value instanceof Instant) return 'time.Time'
  if (value instanceof Duration) return 'time.Duration'
  return 'map[string]interface {}'
}
