import { Duration, Instant } from '@tocsin/model'
import { formatFloat, formatInt } from './go-number.ts'
import { compareText } from './text-bytes.ts'
import type { Type } from './type.ts'
import { unknownType } from './types.ts'
import { entriesOf, isList } from './value.ts'

/**
 * A value as Go's `%v` writes it: nil is `<nil>`, lists `[1 2]`, maps `map[a:1 b:2]` with sorted
 * keys, times `2026-02-12 14:10:21 +0000 UTC`. A number is a float unless the type says int.
 */
export function formatValue(value: unknown, type: Type = unknownType): string {
  if (value === undefined || value === null) return '<nil>'
  switch (typeof value) {
    case 'string':
      return value
    case 'number':
      return formatNumber(value, type)
    case 'object':
      return formatObject(value, type)
    default:
      return String(value)
  }
}

function formatNumber(value: number, type: Type): string {
  if (type.kind !== 'int') return formatFloat(value)
  return type.words?.[value] ?? formatInt(value)
}

function formatObject(value: object, type: Type): string {
  if (value instanceof Instant) return formatInstant(value)
  if (value instanceof Duration) return value.toString()
  const element = type.kind === 'list' || type.kind === 'map' ? type.element : unknownType
  if (isList(value)) return `[${value.map((part) => formatValue(part, element)).join(' ')}]`
  if (value instanceof Uint8Array) return `[${value.join(' ')}]`
  const entries = entriesOf(value)
  if (entries === undefined) return String(value)
  const parts = entries
    .map(([key, part]) => [formatValue(key), formatValue(part, element)] as const)
    .sort(([a], [b]) => compareText(a, b))
  return `map[${parts.map(([key, part]) => `${key}:${part}`).join(' ')}]`
}

const goText = /^(.{10})T(.{8})(\.\d+)?(Z|([+-]\d\d):(\d\d))$/

/** `2026-02-12 14:10:21.5 +0200 +0200`: Go's text of a time; without a name the offset stands twice. */
export function formatInstant(time: Instant): string {
  return time
    .toString()
    .replace(goText, (_, date, clock, fraction = '', zone, hours = '', minutes = '') => {
      const offset = zone === 'Z' ? '+0000 UTC' : `${hours}${minutes} ${hours}${minutes}`
      return `${date} ${clock}${fraction} ${offset}`
    })
}
