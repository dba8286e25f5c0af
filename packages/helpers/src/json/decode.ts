/** As in the peer; deeper data is an attack or a mistake. */
const maxDepth = 10_000

/**
 * The value of JSON text: numbers are floats, null is null. Undefined when it is not JSON or is
 * nested deeper than 10 000. The objects have a prototype, so their members must be read as own.
 */
export function decodeJson(text: string): unknown {
  if (text.length > maxDepth && isTooDeep(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    // Not JSON: the caller says so, or answers as for a missing value.
    return undefined
  }
}

function isTooDeep(text: string): boolean {
  let depth = 0
  let isString = false
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    if (isString) {
      if (unit === 0x5c) at++
      else if (unit === 0x22) isString = false
    } else if (unit === 0x22) {
      isString = true
    } else if (unit === 0x7b || unit === 0x5b) {
      if (++depth > maxDepth) return true
    } else if (unit === 0x7d || unit === 0x5d) {
      depth--
    }
  }
  return false
}
