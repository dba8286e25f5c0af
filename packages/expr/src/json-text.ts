import { Duration, Instant } from '@tocsin/model'
import { fail } from './fail.ts'
import { compareText } from './text-bytes.ts'
import { entriesOf, isList, kindOf } from './value.ts'

const escapes: Readonly<Record<string, string>> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
}

/** JSON as Go writes it: sorted keys, two spaces of indentation, no `<`, `>` or `&` in texts. */
export function toIndentedJson(value: unknown): string {
  return JSON.stringify(toJsonValue(value), undefined, 2).replace(
    /[<>&\u2028\u2029]/g,
    (c) => escapes[c] ?? c,
  )
}

function toJsonValue(value: unknown): unknown {
  if (value === undefined || value === null) return null
  if (typeof value === 'number' && !Number.isFinite(value)) return fail(`JSON has no ${value}`)
  if (typeof value === 'function') return fail('JSON has no functions')
  if (typeof value !== 'object') return value
  if (value instanceof Instant) return value.toString()
  if (value instanceof Duration) return value.nanos
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64')
  if (isList(value)) return value.map(toJsonValue)
  const entries = entriesOf(value) ?? Object.entries(value)
  const sorted = entries
    .map(([key, part]): [string, unknown] => {
      if (typeof key !== 'string') return fail(`a JSON key is a string, not ${kindOf(key)}`)
      return [key, toJsonValue(part)]
    })
    .sort(([a], [b]) => compareText(a, b))
  const object: Record<string, unknown> = Object.create(null)
  for (const [key, part] of sorted) object[key] = part
  return object
}
