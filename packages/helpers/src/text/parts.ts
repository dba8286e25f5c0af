/** The parts between separators, at most `limit` of them (none for 0, all when negative). */
export function splitParts(text: string, separator: string, limit = -1): string[] {
  return cut(text, separator, limit, 0)
}

/** As `splitParts`, but each part keeps the separator after it. */
export function splitPartsAfter(text: string, separator: string, limit = -1): string[] {
  return cut(text, separator, limit, separator.length)
}

function cut(text: string, separator: string, limit: number, kept: number): string[] {
  if (limit === 0) return []
  if (separator === '') return explode(text, limit)
  const parts: string[] = []
  let start = 0
  while (limit < 0 || parts.length < limit - 1) {
    const at = text.indexOf(separator, start)
    if (at < 0) break
    parts.push(text.slice(start, at + kept))
    start = at + separator.length
  }
  parts.push(text.slice(start))
  return parts
}

/** One part a code point; the last holds the rest. */
function explode(text: string, limit: number): string[] {
  const parts: string[] = []
  let at = 0
  for (const letter of text) {
    if (parts.length === limit - 1) {
      parts.push(text.slice(at))
      break
    }
    parts.push(letter)
    at += letter.length
  }
  return parts
}

/** The first `limit` occurrences replaced, all when negative; empty `old` stands between code points. */
export function replaceParts(text: string, old: string, by: string, limit = -1): string {
  if (old === by || limit === 0) return text
  if (old === '') return insertBetween(text, by, limit)
  return splitParts(text, old, limit < 0 ? -1 : limit + 1).join(by)
}

function insertBetween(text: string, by: string, limit: number): string {
  let replaced = ''
  let done = 0
  for (const letter of text) {
    replaced += (limit < 0 || done < limit ? by : '') + letter
    done++
  }
  return limit < 0 || done < limit ? replaced + by : replaced
}

/** The text without the code points of `cutset` at its start. */
export function trimLeft(text: string, cutset: string): string {
  const letters = new Set(cutset)
  let start = 0
  for (const letter of text) {
    if (!letters.has(letter)) break
    start += letter.length
  }
  return text.slice(start)
}

/** The text without the code points of `cutset` at its end. */
export function trimRight(text: string, cutset: string): string {
  const letters = new Set(cutset)
  let end = text.length
  while (end > 0) {
    const unit = text.charCodeAt(end - 1)
    const isLowSurrogate = unit >= 0xdc00 && unit <= 0xdfff
    const isPair = isLowSurrogate && (text.codePointAt(end - 2) ?? 0) > 0xffff
    const start = end - (isPair ? 2 : 1)
    if (!letters.has(text.slice(start, end))) break
    end = start
  }
  return text.slice(0, end)
}

/** The byte offset (UTF-8) of a UTF-16 offset; -1 stays -1. */
export function byteOffset(text: string, offset: number): number {
  return offset <= 0 ? offset : Buffer.byteLength(text.slice(0, offset))
}

/** The UTF-16 offset of the first code point that is among `letters`, or -1. */
export function indexOfAny(text: string, letters: string): number {
  const wanted = new Set(letters)
  let at = 0
  for (const letter of text) {
    if (wanted.has(letter)) return at
    at += letter.length
  }
  return -1
}
