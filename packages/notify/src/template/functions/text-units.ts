/** The length of a text as templates count it, in bytes of UTF-8. */
export function byteLength(text: string): number {
  return Buffer.byteLength(text)
}

/**
 * The part of a text from one byte to another, cut where a letter begins, so that no half of one is
 * left. Positions outside of the text are its ends.
 */
export function sliceBytes(text: string, start: number, end: number): string {
  if (/^[\x00-\x7f]*$/.test(text)) return text.slice(Math.max(0, start), Math.max(0, end))
  const bytes = Buffer.from(text)
  return bytes.subarray(letterStart(bytes, start), letterStart(bytes, end)).toString()
}

function letterStart(bytes: Buffer, offset: number): number {
  let at = Math.min(Math.max(0, offset), bytes.length)
  while (at > 0 && at < bytes.length && ((bytes[at] ?? 0) & 0xc0) === 0x80) at--
  return at
}

/** Splits a text at its blanks. */
export function wordsOf(text: string): string[] {
  return text.trim() === '' ? [] : text.trim().split(/\s+/)
}
