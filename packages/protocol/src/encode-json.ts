/**
 * JSON as existing servers write it: no blanks, keys in alphabetical order, no line break at the end,
 * and `<`, `>`, `&` escaped, so that a body is harmless even where somebody shows it as HTML.
 */
export function encodeJson(value: unknown): string {
  return escapeHtml(JSON.stringify(sorted(value)) ?? 'null')
}

/** A JSON string literal, escaped as in `encodeJson`. Hot path: written for every decision. */
export function encodeText(text: string): string {
  return escapeHtml(JSON.stringify(text))
}

const special = /[<>&\u2028\u2029]/
const allSpecial = /[<>&\u2028\u2029]/g

function escapeHtml(json: string): string {
  if (!special.test(json)) return json
  return json.replace(allSpecial, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (value === null || typeof value !== 'object') return value
  const result: Record<string, unknown> = Object.create(null)
  for (const key of Object.keys(value).sort()) {
    result[key] = sorted((value as Record<string, unknown>)[key])
  }
  return result
}
