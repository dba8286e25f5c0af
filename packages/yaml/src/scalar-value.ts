import type { YamlScalar } from './node.ts'

const integer = /^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|0|[1-9][0-9_]*)$/
const float = /^[-+]?(?:\.[0-9]+|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9]+)?$/
const truth: Readonly<Record<string, boolean>> = {
  __proto__: null as never,
  ...{ true: true, True: true, TRUE: true, yes: true, Yes: true, YES: true },
  ...{ on: true, On: true, ON: true, false: false, False: false, FALSE: false },
  ...{ no: false, No: false, NO: false, off: false, Off: false, OFF: false },
}

/** Whether an unquoted text means "nothing": empty, `~`, `null`. */
export function isNullText(text: string): boolean {
  return text === '' || text === '~' || text === 'null' || text === 'Null' || text === 'NULL'
}

/** YAML 1.1 booleans: `true`, `yes`, `on` and their opposites; undefined for anything else. */
export function readBoolean(scalar: YamlScalar): boolean | undefined {
  return scalar.isQuoted ? undefined : truth[scalar.text]
}

/** `12`, `-1`, `1_000`, `0x1F`, `0o17`, `017`, `0b11`; undefined for anything else, quoted text included. */
export function readInteger(scalar: YamlScalar): number | undefined {
  if (scalar.isQuoted || !integer.test(scalar.text)) return undefined
  const negative = scalar.text.startsWith('-')
  let digits = scalar.text.replace(/^[-+]/, '').replaceAll('_', '')
  // A leading zero alone means octal, as in YAML 1.1; JavaScript wants the `o`.
  if (/^0[0-7]/.test(digits)) digits = `0o${digits.slice(1)}`
  const value = Number(digits)
  if (Number.isNaN(value)) return undefined
  return negative && value !== 0 ? -value : value
}

/** Integers, `1.5`, `1e3`, `.inf`, `.nan`; undefined for anything else, quoted text included. */
export function readNumber(scalar: YamlScalar): number | undefined {
  if (scalar.isQuoted) return undefined
  const whole = readInteger(scalar)
  if (whole !== undefined) return whole
  const { text } = scalar
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return Number.NaN
  return float.test(text) ? Number(text.replaceAll('_', '')) : undefined
}
