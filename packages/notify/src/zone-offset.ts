/** Minutes east of UTC of a time zone at an instant; undefined when there is no such zone. */
export function zoneOffsetMinutes(zone: string, epochMs: number): number | undefined {
  if (zone === 'UTC' || zone === '') return 0
  let text: string
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' })
    text = format.formatToParts(epochMs).find(({ type }) => type === 'timeZoneName')?.value ?? ''
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
  const match = /^GMT(?:([+-])(\d\d):(\d\d))?/.exec(text)
  if (!match) return undefined
  const minutes = Number(match[2] ?? 0) * 60 + Number(match[3] ?? 0)
  return match[1] === '-' ? 0 - minutes : minutes
}
