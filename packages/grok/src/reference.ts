/** `%{IP:source_ip}` in a pattern: which pattern stands there, and as what its text is exported. */
export interface Reference {
  readonly start: number
  readonly end: number
  readonly name: string
  /** Undefined when nothing is exported. */
  readonly semantic: string | undefined
}

/** The reference that begins at an offset. Anything else after `%`, types included, is literal text. */
export function readReference(source: string, offset: number): Reference | undefined {
  if (source[offset] !== '%' || source[offset + 1] !== '{') return undefined
  const syntax = /%\{(\w+)(?::(\w+))?\}/y
  syntax.lastIndex = offset
  const match = syntax.exec(source)
  if (!match) return undefined
  const end = offset + match[0].length
  return { start: offset, end, name: match[1] ?? '', semantic: match[2] }
}
