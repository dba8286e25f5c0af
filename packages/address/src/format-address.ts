/** Dotted text of 32 bits, signed or not: `-1` is `255.255.255.255`. */
export function formatIpv4(bits: number): string {
  return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`
}

/**
 * Writes an IPv6 address, given as four 32-bit words, in its one canonical form: lower case, the
 * first longest run of two or more zero groups as `::`, mapped addresses as `::ffff:192.0.2.1`.
 * @see RFC 5952, sections 4 and 5
 */
export function formatIpv6(w0: number, w1: number, w2: number, w3: number): string {
  if (w0 === 0 && w1 === 0 && w2 === 0xffff) return `::ffff:${formatIpv4(w3)}`
  const groups = [
    w0 >>> 16,
    w0 & 0xffff,
    w1 >>> 16,
    w1 & 0xffff,
    w2 >>> 16,
    w2 & 0xffff,
    w3 >>> 16,
    w3 & 0xffff,
  ]
  let bestStart = -1
  let bestLength = 1
  for (let i = 0; i < 8; ) {
    let end = i
    while (end < 8 && groups[end] === 0) end++
    if (end - i > bestLength) {
      bestStart = i
      bestLength = end - i
    }
    i = end + 1
  }
  if (bestStart < 0) return hex(groups, 0, 8)
  return `${hex(groups, 0, bestStart)}::${hex(groups, bestStart + bestLength, 8)}`
}

function hex(groups: readonly number[], from: number, to: number): string {
  let text = ''
  for (let i = from; i < to; i++) {
    if (i > from) text += ':'
    text += (groups[i] ?? 0).toString(16)
  }
  return text
}
