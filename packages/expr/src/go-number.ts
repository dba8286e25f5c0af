/**
 * A float as Go's `%v` writes it: the shortest digits that read back as the same number, with an
 * exponent below 1e-4 and from 1e6 on: `0.25`, `999999`, `1e+06`, `1.234567e+06`.
 */
export function formatFloat(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [mantissa = '', power = ''] = value.toExponential().split('e')
  const exponent = Number(power)
  // Within these exponents JavaScript writes no exponent either.
  if (exponent >= -4 && exponent < 6) return String(value)
  const digits = String(Math.abs(exponent)).padStart(2, '0')
  return `${mantissa}e${exponent < 0 ? '-' : '+'}${digits}`
}

/** A float as Go's `%f` writes it, with six decimals: `443.000000`. */
export function formatFixed(value: number): string {
  if (!Number.isFinite(value)) return formatFloat(value)
  if (Math.abs(value) < 1e21) return value.toFixed(6)
  return `${BigInt(value)}.000000`
}

/** A whole number; never with an exponent or a negative zero. */
export function formatInt(value: number): string {
  if (Number.isSafeInteger(value)) return String(value + 0)
  return Number.isFinite(value) ? String(BigInt(Math.trunc(value))) : String(value)
}
