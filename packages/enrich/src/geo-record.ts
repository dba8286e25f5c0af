import { createTextDict } from '@tocsin/model'

type Names = Readonly<Record<string, string | undefined>>

/** A country, as the GeoLite2 databases have it. */
export interface CountryRecord {
  readonly iso_code?: string
  readonly names?: Names
  readonly geoname_id?: number
  readonly is_in_european_union?: boolean
}

/** A city or a continent. */
export interface PlaceRecord {
  readonly code?: string
  readonly names?: Names
  readonly geoname_id?: number
}

/** An entry of a City database; what is not known is absent. */
export interface CityRecord {
  readonly country?: CountryRecord
  readonly registered_country?: CountryRecord
  readonly represented_country?: CountryRecord
  readonly city?: PlaceRecord
  readonly continent?: PlaceRecord
  readonly location?: {
    readonly latitude?: number
    readonly longitude?: number
    readonly accuracy_radius?: number
    readonly time_zone?: string
    readonly metro_code?: number
  }
  readonly postal?: { readonly code?: string }
  readonly subdivisions?: readonly CountryRecord[]
  readonly traits?: {
    readonly is_anonymous_proxy?: boolean
    readonly is_satellite_provider?: boolean
    readonly is_anycast?: boolean
  }
}

/** An entry of an ASN database. */
export interface AsnRecord {
  readonly autonomous_system_number?: number
  readonly autonomous_system_organization?: string
}

type Raw = Readonly<Record<string, unknown>>

/** Takes from a raw entry what is of the right type; any database may be given. */
export function readCityRecord(raw: Raw): CityRecord {
  const location = asRecord(raw.location)
  const postal = asRecord(raw.postal)
  const traits = asRecord(raw.traits)
  return present({
    country: readCountry(raw.country),
    registered_country: readCountry(raw.registered_country),
    represented_country: readCountry(raw.represented_country),
    city: readPlace(raw.city),
    continent: readPlace(raw.continent),
    location:
      location &&
      present({
        latitude: asNumber(location.latitude),
        longitude: asNumber(location.longitude),
        accuracy_radius: asNumber(location.accuracy_radius),
        time_zone: asText(location.time_zone),
        metro_code: asNumber(location.metro_code),
      }),
    postal: postal && present({ code: asText(postal.code) }),
    subdivisions: Array.isArray(raw.subdivisions)
      ? raw.subdivisions.flatMap((item) => readCountry(item) ?? [])
      : undefined,
    traits:
      traits &&
      present({
        is_anonymous_proxy: asBoolean(traits.is_anonymous_proxy),
        is_satellite_provider: asBoolean(traits.is_satellite_provider),
        is_anycast: asBoolean(traits.is_anycast),
      }),
  })
}

/** Takes number and organization of a raw entry, when they are of the right type. */
export function readAsnRecord(raw: Raw): AsnRecord {
  return present({
    autonomous_system_number: asNumber(raw.autonomous_system_number),
    autonomous_system_organization: asText(raw.autonomous_system_organization),
  })
}

/** The country an entry speaks of: the first that has a code of its own, registered, represented. */
export function chooseCountry(city: CityRecord): CountryRecord | undefined {
  const countries = [city.country, city.registered_country, city.represented_country]
  return countries.find((country) => country?.iso_code)
}

function readCountry(value: unknown): CountryRecord | undefined {
  const raw = asRecord(value)
  return (
    raw &&
    present({
      iso_code: asText(raw.iso_code),
      names: readNames(raw.names),
      geoname_id: asNumber(raw.geoname_id),
      is_in_european_union: asBoolean(raw.is_in_european_union),
    })
  )
}

function readPlace(value: unknown): PlaceRecord | undefined {
  const raw = asRecord(value)
  return (
    raw &&
    present({
      code: asText(raw.code),
      names: readNames(raw.names),
      geoname_id: asNumber(raw.geoname_id),
    })
  )
}

function readNames(value: unknown): Names | undefined {
  const raw = asRecord(value)
  if (!raw) return undefined
  const names = createTextDict()
  for (const [language, name] of Object.entries(raw)) names[language] = asText(name)
  return names
}

/** The same record without what is undefined, so that "absent" has one form. */
function present<T extends object>(record: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(record).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [K in keyof T]?: Exclude<T[K], undefined> }
}

function asRecord(value: unknown): Raw | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Raw)
    : undefined
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function asBoolean(value: unknown): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined
}
