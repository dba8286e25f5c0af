/** Text that every database takes: PostgreSQL refuses NUL, and half a surrogate pair is no UTF-8. */
export function storable(text: string): string {
  const wellFormed = text.isWellFormed() ? text : text.toWellFormed()
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', '\ufffd') : wellFormed
}
