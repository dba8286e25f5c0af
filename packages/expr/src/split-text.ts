/**
 * Splits at a separator; an empty one splits into code points.
 * @param limit At most that many parts, the last one taking the rest; 0 gives none, below 0 all.
 * @param keep Whether parts keep the separator they end with.
 */
export function splitText(text: string, separator: string, limit = -1, keep = false): string[] {
  if (limit === 0) return []
  if (separator === '') {
    const letters = [...text]
    if (limit < 0 || letters.length <= limit) return letters
    return [...letters.slice(0, limit - 1), letters.slice(limit - 1).join('')]
  }
  const parts: string[] = []
  let from = 0
  while (limit < 0 || parts.length < limit - 1) {
    const at = text.indexOf(separator, from)
    if (at < 0) break
    parts.push(text.slice(from, keep ? at + separator.length : at))
    from = at + separator.length
  }
  parts.push(text.slice(from))
  return parts
}

/** Replaces the first `limit` occurrences, all when below 0; an empty `old` stands between code points. */
export function replaceText(text: string, old: string, by: string, limit = -1): string {
  if (limit === 0 || old === by) return text
  if (old !== '') {
    if (limit < 0) return text.replaceAll(old, () => by)
    return splitText(text, old, limit + 1).join(by)
  }
  let left = limit < 0 ? Number.POSITIVE_INFINITY : limit
  let replaced = left-- > 0 ? by : ''
  for (const letter of text) replaced += letter + (left-- > 0 ? by : '')
  return replaced
}

const leadingSpace = /^[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+/
const trailingSpace = /[\t-\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/

/** Without Unicode white space at both ends. */
export function trimSpace(text: string): string {
  const start = leadingSpace.exec(text)?.[0].length ?? 0
  let end = text.length
  // From the end by hand: a pattern for trailing runs takes quadratic time.
  while (end > start && trailingSpace.test(text.slice(end - 1, end))) end--
  return text.slice(start, end)
}

/** Without any of the code points of `cutset` at both ends. */
export function trimCutset(text: string, cutset: string): string {
  const cut = new Set(cutset)
  const letters = [...text]
  let start = 0
  let end = letters.length
  while (start < end && cut.has(letters[start] ?? '')) start++
  while (end > start && cut.has(letters[end - 1] ?? '')) end--
  return letters.slice(start, end).join('')
}
