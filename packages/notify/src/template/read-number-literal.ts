/** Reads `12`, `-1.5e3`, `0x1F`, `0b11`, `0o17`, `1_000`; undefined for what only looks like one. */
export function readNumberLiteral(text: string): number | undefined {
  const digits = text.replaceAll('_', '')
  const sign = digits.startsWith('-') ? -1 : 1
  const size = digits.replace(/^[+-]/, '')
  // A leading zero alone means octal, as in Go.
  const value = Number(/^0[0-7]+$/.test(size) ? `0o${size.slice(1)}` : size)
  return Number.isNaN(value) || size === '' ? undefined : sign * value || 0
}
