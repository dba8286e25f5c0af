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

/** The byte offset (UTF-8) of the first code point that is among `letters`, or -1. */
export function byteIndexOfAny(text: string, letters: string): number {
  const wanted = new Set(letters)
  let at = 0
  for (const letter of text) {
    if (wanted.has(letter)) return Buffer.byteLength(text.slice(0, at))
    at += letter.length
  }
  return -1
}
