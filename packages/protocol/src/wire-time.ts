/** `2026-01-02T15:04:05Z`: RFC 3339 in whole seconds, as alerts have it. */
export function formatSeconds(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`
}

/** `2026-01-02T15:04:05.000Z`, as allowlists have it. */
export function formatMilliseconds(epochMs: number): string {
  return new Date(epochMs).toISOString()
}

/** How a time that is none is written where a time must stand. */
export const noTime = '0001-01-01T00:00:00.000Z'

/** `2020-10-09 10:00:01 +0000 UTC`: how servers in use write the time of an alert's event. */
export function formatEventTime(epochMs: number): string {
  const iso = new Date(epochMs).toISOString()
  const fraction = iso.slice(19, 23).replace(/\.?0+$/, '')
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${fraction} +0000 UTC`
}

/** Reads RFC 3339, or what `formatEventTime` writes, as milliseconds; undefined for other text. */
export function readWireTime(text: string): number | undefined {
  const match =
    /^(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d)([.,]\d+)? ?([Zz]|[+-]\d\d:?\d\d)(?: [A-Z]{1,5})?$/.exec(
      text,
    )
  if (!match) return undefined
  const [, date, time, fraction = '', zone = ''] = match
  const offset = /^[Zz]$/.test(zone) ? 'Z' : zone.replace(/^(...):?(..)$/, '$1:$2')
  const ms = Date.parse(`${date}T${time}${fraction.replace(',', '.').slice(0, 4)}${offset}`)
  return Number.isNaN(ms) ? undefined : ms
}
