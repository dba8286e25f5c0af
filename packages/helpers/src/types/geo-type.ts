import { bool, dictOf, field, float, int, listOf, method, string, struct } from './types.ts'

type Names = Readonly<Record<string, string | undefined>>

/** A country, as the GeoLite2 databases have it. */
export interface CountryRecord {
  readonly iso_code?: string
  readonly names?: Names
  readonly geoname_id?: number
  readonly is_in_european_union?: boolean
}

/** An entry of a GeoLite2 City database; what is not known is absent. */
export interface CityRecord {
  readonly country?: CountryRecord
  readonly registered_country?: CountryRecord
  readonly represented_country?: CountryRecord
  readonly city?: { readonly names?: Names; readonly geoname_id?: number }
  readonly continent?: {
    readonly code?: string
    readonly names?: Names
    readonly geoname_id?: number
  }
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

/** An entry of a GeoLite2 ASN database. */
export interface AsnRecord {
  readonly autonomous_system_number?: number
  readonly autonomous_system_organization?: string
}

const noNames: Names = {}

function fillCountry(country: CountryRecord | undefined): Required<CountryRecord> {
  return {
    iso_code: country?.iso_code ?? '',
    names: country?.names ?? noNames,
    geoname_id: country?.geoname_id ?? 0,
    is_in_european_union: country?.is_in_european_union ?? false,
  }
}

/** The record with everything there, because rules read what is absent as zero or empty. */
export function fillCity(record: CityRecord) {
  return {
    country: fillCountry(record.country),
    registered_country: fillCountry(record.registered_country),
    represented_country: fillCountry(record.represented_country),
    city: { names: record.city?.names ?? noNames, geoname_id: record.city?.geoname_id ?? 0 },
    continent: {
      code: record.continent?.code ?? '',
      names: record.continent?.names ?? noNames,
      geoname_id: record.continent?.geoname_id ?? 0,
    },
    location: {
      latitude: record.location?.latitude ?? 0,
      longitude: record.location?.longitude ?? 0,
      accuracy_radius: record.location?.accuracy_radius ?? 0,
      time_zone: record.location?.time_zone ?? '',
      metro_code: record.location?.metro_code ?? 0,
    },
    postal: { code: record.postal?.code ?? '' },
    subdivisions: (record.subdivisions ?? []).map(fillCountry),
    traits: {
      is_anonymous_proxy: record.traits?.is_anonymous_proxy ?? false,
      is_satellite_provider: record.traits?.is_satellite_provider ?? false,
      is_anycast: record.traits?.is_anycast ?? false,
    },
  }
}

/** As `fillCity`, of a network. */
export function fillAsn(record: AsnRecord): Required<AsnRecord> {
  return {
    autonomous_system_number: record.autonomous_system_number ?? 0,
    autonomous_system_organization: record.autonomous_system_organization ?? '',
  }
}

const named = { Names: field('names', dictOf(string)), GeoNameID: field('geoname_id', int) }

const countryType = struct('GeoCountry', () => ({
  ...named,
  IsoCode: field('iso_code', string),
  IsInEuropeanUnion: field('is_in_european_union', bool),
}))

/** What `GeoIPEnrich` gives; nil without a database. */
export const cityType = struct(
  'GeoCity',
  () => ({
    Country: field('country', countryType),
    RegisteredCountry: field('registered_country', countryType),
    RepresentedCountry: field('represented_country', countryType),
    City: field(
      'city',
      struct('GeoPlace', () => named),
    ),
    Continent: field(
      'continent',
      struct('GeoContinent', () => ({ ...named, Code: field('code', string) })),
    ),
    Location: field('location', locationType),
    Postal: field(
      'postal',
      struct('GeoPostal', () => ({ Code: field('code', string) })),
    ),
    Subdivisions: field('subdivisions', listOf(countryType)),
    Traits: field('traits', traitsType),
  }),
  true,
)

const locationType = struct('GeoLocation', () => ({
  Latitude: field('latitude', float),
  Longitude: field('longitude', float),
  AccuracyRadius: field('accuracy_radius', int),
  TimeZone: field('time_zone', string),
  MetroCode: field('metro_code', int),
}))

const traitsType = struct('GeoTraits', () => ({
  IsAnonymousProxy: field('is_anonymous_proxy', bool),
  IsSatelliteProvider: field('is_satellite_provider', bool),
  IsAnycast: field('is_anycast', bool),
}))

/** What `GeoIPASNEnrich` gives. */
export const asnType = struct(
  'GeoAsn',
  () => ({
    AutonomousSystemNumber: field('autonomous_system_number', int),
    AutonomousSystemOrganization: field('autonomous_system_organization', string),
  }),
  true,
)

/** What `GeoIPRangeEnrich` gives: at run time the text of the network. */
export const networkType = struct(
  'Network',
  () => ({ String: method([], string, (network: string) => network) }),
  true,
)
