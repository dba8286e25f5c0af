import { sprintf } from '@tocsin/helpers'
import { Duration, Instant } from '@tocsin/model'
import { isDictionary, isList, Struct, type Value } from './value.ts'

/** A value as a template prints it: `[a b]`, `map[x:1]`, `<no value>` for what is not there. */
export function printValue(value: Value): string {
  if (typeof value === 'string') return value
  return value === undefined || value === null ? '<no value>' : formatInside(value)
}

function formatInside(value: Value): string {
  if (value === undefined || value === null) return '<nil>'
  if (isList(value)) return `[${value.map(formatInside).join(' ')}]`
  if (isDictionary(value)) {
    return `map[${sortedKeys(value)
      .map((key) => `${key}:${formatInside(value.get(key))}`)
      .join(' ')}]`
  }
  if (value instanceof Struct) {
    const { fields } = value.type
    return `{${[...fields.values()].map((read) => formatInside(read(value.source))).join(' ')}}`
  }
  if (value instanceof Instant || value instanceof Duration) return String(value)
  return sprintf('%v', [value])
}

/** `printf`: as Go's `Sprintf`. */
export function formatText(format: string, values: readonly Value[]): string {
  return sprintf(format, values.map(plain))
}

/** As `printf` takes it: what it does not know is text by then. */
function plain(value: Value): unknown {
  if (value === undefined) return null
  if (isDictionary(value) || value instanceof Struct) return formatInside(value)
  return isList(value) ? value.map(plain) : value
}

/** `print`: blanks only between neighbours of which neither is text. */
export function printValues(values: readonly Value[]): string {
  let text = ''
  values.forEach((value, i) => {
    const before = values[i - 1]
    if (i > 0 && typeof value !== 'string' && typeof before !== 'string') text += ' '
    text += formatInside(value)
  })
  return text
}

/** `println`: blanks between all, a line break at the end. */
export function printLine(values: readonly Value[]): string {
  return `${values.map(formatInside).join(' ')}\n`
}

/** The keys of a dictionary in the order in which it is written and ranged over. */
export function sortedKeys(map: ReadonlyMap<string, Value>): string[] {
  return [...map.keys()].sort()
}
