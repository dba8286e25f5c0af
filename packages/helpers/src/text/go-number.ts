/** A number of exponent form as Go writes it, at least two exponent digits: `1e+06`, `1.5e-07`. */
export function formatExponent(value: number, precision: number | undefined): string {
  if (!Number.isFinite(value)) return formatInfinite(value)
  const text = value.toExponential(precision === undefined ? undefined : Math.min(precision, 100))
  const signed = Object.is(value, -0) ? `-${text}` : text
  return signed.replace(/e([+-])(\d)$/, 'e$10$2')
}

/** Decimal form with exactly `precision` digits after the point: `1.50`. */
export function formatFixed(value: number, precision: number): string {
  if (!Number.isFinite(value)) return formatInfinite(value)
  const digits = Math.min(precision, 100)
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  const size = Math.abs(value)
  // Beyond 1e21 toFixed answers in exponent form; such a number has no fraction.
  if (size >= 1e21) return `${sign}${BigInt(size)}${digits > 0 ? `.${'0'.repeat(digits)}` : ''}`
  return sign + (evenTie(size, digits) ?? size).toFixed(digits)
}

/** Half-way between two results Go takes the even one, JavaScript the larger. */
function evenTie(size: number, digits: number): number | undefined {
  // Exact: only a number with so few binary digits can be half-way, and scaling by 2 rounds nothing.
  if (digits > 15 || !Number.isInteger(size * 2 ** (digits + 1))) return undefined
  const scaled = size * 10 ** digits
  const floor = Math.floor(scaled)
  return scaled - floor === 0.5 && floor % 2 === 0 ? floor / 10 ** digits : undefined
}

/**
 * Go's `%g`, which is `%v` for floats: the fewest digits that read back as the same number, or
 * `precision` significant ones; exponent form below 1e-4 and from 1e6 or `10^precision` on.
 */
export function formatGeneral(value: number, precision: number | undefined): string {
  if (!Number.isFinite(value)) return formatInfinite(value)
  const significant = precision === undefined ? undefined : Math.min(Math.max(precision, 1), 100)
  const text = value.toExponential(significant === undefined ? undefined : significant - 1)
  const [, sign = '', mantissa = '', power = '0'] = /^(-?)([\d.]+)e([+-]\d+)$/.exec(text) ?? []
  const exponent = Number(power)
  const digits = mantissa.replace('.', '').replace(/0+$/, '') || '0'
  const minus = sign === '-' || Object.is(value, -0) ? '-' : ''
  if (exponent < -4 || exponent >= (significant ?? 6)) {
    const fraction = digits.length > 1 ? `.${digits.slice(1)}` : ''
    const tens = String(Math.abs(exponent)).padStart(2, '0')
    return `${minus}${digits[0]}${fraction}e${exponent < 0 ? '-' : '+'}${tens}`
  }
  if (exponent < 0) return `${minus}0.${'0'.repeat(-exponent - 1)}${digits}`
  if (digits.length <= exponent + 1) return minus + digits.padEnd(exponent + 1, '0')
  return `${minus}${digits.slice(0, exponent + 1)}.${digits.slice(exponent + 1)}`
}

function formatInfinite(value: number): string {
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
}
