/** `1 234 567` with thin grouping that any terminal shows: `1,234,567`. */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

/** `93.4 %`, `0 %`, `100 %`. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return '0 %'
  const percent = (part / whole) * 100
  // 99.97 must not look complete.
  const shown = percent > 99.9 && percent < 100 ? 99.9 : percent
  return `${Number.isInteger(shown) ? shown : shown.toFixed(1)} %`
}

/** A length of time for people: `42 ms`, `3.1 s`, `4 min`, `2.5 h`, `3 days`. */
export function formatSpan(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${trim(ms / 1000)} s`
  if (ms < 3_600_000) return `${trim(ms / 60_000)} min`
  if (ms < 48 * 3_600_000) return `${trim(ms / 3_600_000)} h`
  return `${trim(ms / 86_400_000)} days`
}

function trim(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(2)))
}

/** `12.4 MiB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes / 1024
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit++
  }
  return `${value.toFixed(1)} ${units[unit]}`
}
