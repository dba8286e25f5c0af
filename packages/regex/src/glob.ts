/** A compiled glob. */
export interface Glob {
  readonly source: string
  /** Whether the whole of a text is what the glob says. */
  matches(text: string): boolean
}

/**
 * A glob over bytes: `*` is any run of them, `?` is one, all else stands for itself, and there is
 * no escape. Two or more stars at the end want at least one byte. Matching tries no byte of the
 * text more often than the longest piece between two stars has bytes.
 */
export function compileGlob(source: string): Glob {
  const pieces = bytesOf(source)
    .replace(/\*{2,}$/, '?*')
    .split(/\*+/)
  const isAscii = !/[^\0-\x7f]/.test(source) && !source.includes('?')
  return {
    source,
    // Without `?` bytes and characters come to the same.
    matches: (text) => matchPieces(pieces, isAscii ? text : bytesOf(text)),
  }
}

/** `compileGlob` for a glob that is used once. */
export function globMatches(glob: string, text: string): boolean {
  return compileGlob(glob).matches(text)
}

function matchPieces(pieces: readonly string[], text: string): boolean {
  const first = pieces[0] ?? ''
  const last = pieces[pieces.length - 1] ?? ''
  if (pieces.length === 1) return text.length === first.length && standsAt(first, text, 0)
  const end = text.length - last.length
  if (end < first.length || !standsAt(first, text, 0) || !standsAt(last, text, end)) return false
  // The leftmost place of each piece leaves the most room for the others.
  let at = first.length
  for (let i = 1; i < pieces.length - 1; i++) {
    const piece = pieces[i] ?? ''
    const found = findPiece(piece, text, at)
    if (found < 0) return false
    at = found + piece.length
  }
  return at <= end
}

function findPiece(piece: string, text: string, from: number): number {
  if (!piece.includes('?')) return text.indexOf(piece, from)
  for (let at = from; at + piece.length <= text.length; at++) {
    if (standsAt(piece, text, at)) return at
  }
  return -1
}

function standsAt(piece: string, text: string, at: number): boolean {
  for (let i = 0; i < piece.length; i++) {
    const unit = piece.charCodeAt(i)
    if (unit !== 0x3f && unit !== text.charCodeAt(at + i)) return false
  }
  return true
}

/** The UTF-8 bytes of a text, one unit each. */
function bytesOf(text: string): string {
  return /[^\0-\x7f]/.test(text) ? Buffer.from(text).toString('latin1') : text
}
