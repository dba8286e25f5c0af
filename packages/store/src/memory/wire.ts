/** JSON text that may also stand in HTML, as the peer's encoder writes it. */
export function escapeJson(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A length of time in whole seconds, half away from zero: `3h59m49s`, `1m0s`, `-1m2s`. */
export function formatSeconds(ms: number): string {
  const total = Math.floor(Math.abs(ms) / 1_000 + 0.5)
  if (total === 0) return '0s'
  const sign = ms < 0 ? '-' : ''
  const seconds = total % 60
  const minutes = Math.floor(total / 60)
  if (minutes === 0) return `${sign}${seconds}s`
  if (minutes < 60) return `${sign}${minutes}m${seconds}s`
  return `${sign}${Math.floor(minutes / 60)}h${minutes % 60}m${seconds}s`
}
