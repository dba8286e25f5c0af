import { Duration, Instant } from '@tocsin/model'

/** Deeper data is refused: such depth is an attack or a mistake, and recursion has a limit. */
const maxDepth = 1000

const htmlUnsafe = /[<>&\u2028\u2029]/g

/**
 * Compact JSON as Go writes it: keys sorted bytewise, `<`, `>`, `&` as `\u003c`…, durations as
 * nanoseconds. Undefined for what has no JSON (NaN, infinity, a function) or is too deep.
 */
export function encodeGoJson(value: unknown): string | undefined {
  return encode(value, 0)
}

function encode(value: unknown, depth: number): string | undefined {
  if (value == null) return 'null'
  if (typeof value === 'string') return encodeText(value)
  if (typeof value === 'boolean') return String(value)
  if (typeof value === 'number') return encodeNumber(value)
  if (typeof value !== 'object' || depth > maxDepth) return undefined
  if (value instanceof Instant) return encodeText(value.toString())
  if (value instanceof Duration) return String(value.nanos)
  if (Array.isArray(value)) return encodeList(value, depth)
  return encodeEntries(value instanceof Map ? value.entries() : Object.entries(value), depth)
}

function encodeNumber(value: number): string | undefined {
  if (!Number.isFinite(value)) return undefined
  return Object.is(value, -0) ? '-0' : String(value)
}

function encodeText(text: string): string {
  return JSON.stringify(text.toWellFormed()).replace(
    htmlUnsafe,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function encodeList(list: readonly unknown[], depth: number): string | undefined {
  const parts: string[] = []
  for (const element of list) {
    const part = encode(element, depth + 1)
    if (part === undefined) return undefined
    parts.push(part)
  }
  return `[${parts.join(',')}]`
}

function encodeEntries(entries: Iterable<[unknown, unknown]>, depth: number): string | undefined {
  const parts: [Buffer, string][] = []
  for (const [key, value] of entries) {
    const part = encode(value, depth + 1)
    if (part === undefined) return undefined
    const name = String(key)
    parts.push([Buffer.from(name), `${encodeText(name)}:${part}`])
  }
  parts.sort(([a], [b]) => Buffer.compare(a, b))
  return `{${parts.map(([, part]) => part).join(',')}}`
}
