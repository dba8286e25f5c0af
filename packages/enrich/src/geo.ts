import { parseAddress } from '@tocsin/address'
import { type Log, silentLog } from '@tocsin/telemetry'
import { type CacheGauge, gaugeOf, LruCache } from './cache.ts'
import type { GeoDatabase, GeoEntry } from './geo-database.ts'
import {
  type AsnRecord,
  type CityRecord,
  chooseCountry,
  readAsnRecord,
  readCityRecord,
} from './geo-record.ts'

export interface GeoOptions {
  readonly city?: GeoDatabase | undefined
  readonly asn?: GeoDatabase | undefined
  readonly log?: Log
  /** How many addresses are remembered; 10 000 when left out. */
  readonly cacheSize?: number
}

/** What the databases say of one address; a part is undefined where there is no database for it. */
export interface GeoAnswer {
  readonly city: CityRecord | undefined
  readonly asn: AsnRecord | undefined
  /** The network in the ASN database: `192.0.2.0/24`; undefined when it has no entry. */
  readonly range: string | undefined
  readonly cityTexts: CityTexts | undefined
}

/** The texts the `GeoIpCity` enricher writes: `{ isoCode: 'FR', isInEu: 'true', … }`. */
export interface CityTexts {
  readonly isoCode: string
  readonly isInEu: string
  readonly latitude: string
  readonly longitude: string
}

/**
 * Where addresses are and whose they are.
 * Hot path: asked several times per line, mostly for the same addresses, so answers are remembered.
 */
export class Geo {
  readonly #city: GeoDatabase | undefined
  readonly #asn: GeoDatabase | undefined
  readonly #log: Log
  readonly #answers: LruCache<GeoAnswer>
  /** Lookups that met a damaged place of a database; they answer as if there were no entry. */
  failureCount = 0

  constructor(options: GeoOptions) {
    this.#city = options.city
    this.#asn = options.asn
    this.#log = options.log ?? silentLog
    this.#answers = new LruCache(options.cacheSize ?? 10_000)
  }

  /** Undefined without a City database or for what is no address; empty when it has no entry. */
  city(address: string): CityRecord | undefined {
    return this.answer(address)?.city
  }

  /** Undefined without an ASN database or for what is no address; empty when it has no entry. */
  asn(address: string): AsnRecord | undefined {
    return this.answer(address)?.asn
  }

  /** The network of the address in the ASN database. */
  range(address: string): string | undefined {
    return this.answer(address)?.range
  }

  /** The code of the country the address is in, not of the one it is registered in. */
  country(address: string): string | undefined {
    return this.answer(address)?.city?.country?.iso_code
  }

  /** Everything known of an address; undefined for what is no address. */
  answer(text: string): GeoAnswer | undefined {
    const known = this.#answers.get(text)
    if (known) return known
    const address = parseAddress(text)?.unmapped()
    if (!address) return undefined
    const city = this.#city && this.#find(() => this.#city?.find(address))
    const asn = this.#asn && this.#find(() => this.#asn?.find(address))
    const cityRecord = this.#city && readCityRecord(city?.record ?? {})
    const answer: GeoAnswer = {
      city: cityRecord,
      asn: this.#asn && readAsnRecord(asn?.record ?? {}),
      range: asn?.record && asn.range.toString(),
      cityTexts: cityRecord && formatCity(cityRecord),
    }
    this.#answers.set(text, answer)
    return answer
  }

  /** Its remembered answers as a gauge shows them. */
  gauge(): CacheGauge {
    return gaugeOf('geo', this.#answers)
  }

  #find(find: () => GeoEntry | undefined): GeoEntry | undefined {
    try {
      return find()
    } catch (error) {
      this.failureCount++
      // Once: a damaged file would otherwise write a record per line.
      if (this.failureCount === 1) this.#log.warn({ error }, 'GeoIP database is damaged')
      return undefined
    }
  }
}

function formatCity(city: CityRecord): CityTexts {
  const country = chooseCountry(city)
  return {
    isoCode: country?.iso_code ?? '',
    isInEu: String(country?.is_in_european_union ?? false),
    latitude: (city.location?.latitude ?? 0).toFixed(6),
    longitude: (city.location?.longitude ?? 0).toFixed(6),
  }
}
