const nonAscii = /[^\x00-\x7f]/

/** Whether bytes, units and code points are the same thing in this text. */
export function isAscii(text: string): boolean {
  return !nonAscii.test(text)
}

/** How many bytes the text takes in UTF-8. */
export function byteLength(text: string): number {
  return isAscii(text) ? text.length : Buffer.byteLength(text)
}

/** How many code points the text has. */
export function codePointCount(text: string): number {
  if (isAscii(text)) return text.length
  let count = 0
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at)
    const isHigh = unit >= 0xd800 && unit < 0xdc00
    const next = isHigh ? text.charCodeAt(at + 1) : 0
    if (next >= 0xdc00 && next < 0xe000) at++
    count++
  }
  return count
}

/**
 * The text between two byte offsets, which lie in order within it. A character cut in half
 * becomes U+FFFD.
 */
export function sliceBytes(text: string, from: number, to: number): string {
  if (isAscii(text)) return text.slice(from, to)
  return Buffer.from(text).toString('utf8', from, to)
}

/** Byte offset of the first occurrence, or -1. */
export function byteIndexOf(text: string, part: string): number {
  return toByteOffset(text, text.indexOf(part))
}

/** Byte offset of the last occurrence, or -1. */
export function byteLastIndexOf(text: string, part: string): number {
  return toByteOffset(text, text.lastIndexOf(part))
}

function toByteOffset(text: string, unit: number): number {
  return unit <= 0 ? unit : byteLength(text.slice(0, unit))
}

/** Order of the texts' UTF-8 bytes: below, at or above zero. */
export function compareText(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const x = a.charCodeAt(at)
    const y = b.charCodeAt(at)
    if (x !== y) return rank(x) - rank(y)
  }
  return a.length - b.length
}

/** Surrogates stand for code points above all other units. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800
}
