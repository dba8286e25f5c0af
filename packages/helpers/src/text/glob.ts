const star = 0x2a
const question = 0x3f
const nonAscii = /[^\x00-\x7f]/

/**
 * Whether the glob covers the whole text: `*` any run of bytes, `?` one byte, all else literal.
 * As in the peer, two or more stars at the end want at least one byte (`foo**` does not match
 * `foo`). Takes time in the text times the pattern at worst, whatever they hold.
 */
export function matchGlob(pattern: string, text: string): boolean {
  if (nonAscii.test(pattern) || nonAscii.test(text)) return matchBytes(bytes(pattern), bytes(text))
  return matchBytes(pattern, text)
}

/** UTF-8, one character a byte. */
function bytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}

function matchBytes(pattern: string, text: string): boolean {
  const glob = pattern.endsWith('**') ? pattern.replace(/\*+$/, '?*') : pattern
  let at = 0
  let next = 0
  // Where to go on when what follows the last star does not fit: one byte further in the text.
  let afterStar = -1
  let retry = 0
  while (next < text.length) {
    const want = glob.charCodeAt(at)
    if (want === star) {
      afterStar = ++at
      retry = next
    } else if (at < glob.length && (want === question || want === text.charCodeAt(next))) {
      at++
      next++
    } else if (afterStar >= 0) {
      at = afterStar
      next = ++retry
    } else {
      return false
    }
  }
  while (glob.charCodeAt(at) === star) at++
  return at === glob.length
}
