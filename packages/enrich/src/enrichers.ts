import { type Event, timeMode } from '@tocsin/model'
import { type Log, silentLog } from '@tocsin/telemetry'
import type { DnsCache } from './dns-cache.ts'
import type { Geo } from './geo.ts'
import { mergeJson } from './merge-json.ts'
import type { DateReader } from './read-date.ts'

/** Looks something up about `text` and writes what it finds into `event`. Hot path. */
export type Enricher = (text: string, event: Event) => void

export interface EnricherSources {
  readonly dates: DateReader
  readonly geo?: Geo | undefined
  readonly dns?: DnsCache | undefined
  readonly log?: Log
  /** Told when a date was not recognised and the present was taken: for counting and explaining. */
  readonly onUnknownDate?: (text: string, event: Event) => void
}

/** The enrichers by the name that `method:` of a static uses. */
export function createEnrichers(sources: EnricherSources): ReadonlyMap<string, Enricher> {
  const { dates, geo, dns, log = silentLog, onUnknownDate } = sources
  const parseDate: Enricher = (text, event) => {
    const date = dates.read(text, event.strTimeFormat)
    event.enriched.MarshaledTime = date.marshaledTime
    if (!date.isRecognised) onUnknownDate?.(text, event)
    // Live, the wall clock counts: what a line says of its time is only noted.
    else if (event.mode === timeMode.replay) event.time = date.instant
  }
  const unmarshalJson: Enricher = (_text, event) => {
    const fault = mergeJson(event.line.raw, event.unmarshaled)
    if (fault !== undefined) log.debug({ fault }, 'line is not a JSON object')
  }
  const geoCity: Enricher = (text, { enriched }) => {
    const city = geo?.answer(text)?.cityTexts
    if (!city) return
    enriched.IsoCode = city.isoCode
    enriched.IsInEU = city.isInEu
    enriched.Latitude = city.latitude
    enriched.Longitude = city.longitude
  }
  const geoAsn: Enricher = (text, { enriched }) => {
    const asn = geo?.answer(text)?.asn
    if (!asn) return
    const number = String(asn.autonomous_system_number ?? 0)
    enriched.ASNNumber = number
    enriched.ASNumber = number
    enriched.ASNOrg = asn.autonomous_system_organization ?? ''
  }
  const ipToRange: Enricher = (text, { enriched }) => {
    const range = geo?.answer(text)?.range
    if (range !== undefined) enriched.SourceRange = range
  }
  const reverseDns: Enricher = (text, { enriched }) => {
    const name = dns?.reverse(text)[0]
    if (name !== undefined) enriched.reverse_dns = name
  }
  return new Map([
    ['ParseDate', parseDate],
    ['UnmarshalJSON', unmarshalJson],
    ['GeoIpCity', geoCity],
    ['GeoIpASN', geoAsn],
    ['IpToRange', ipToRange],
    ['reverse_dns', reverseDns],
  ])
}
