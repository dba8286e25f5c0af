export {
  type Cache,
  type CacheGauge,
  type CacheStrategy,
  cacheStrategies,
  createCache,
} from './cache.ts'
export {
  type ConfirmedNames,
  type DataFileEntry,
  DataFiles,
  type DataFilesOptions,
} from './data/data-files.ts'
export { DnsCache, type DnsCacheOptions, type Resolver } from './dns-cache.ts'
export { createEnrichers, type Enricher, type EnricherSources } from './enrichers.ts'
export { type CityTexts, Geo, type GeoAnswer, type GeoOptions } from './geo.ts'
export { GeoDatabase, type GeoEntry, GeoError } from './geo-database.ts'
export type { AsnRecord, CityRecord, CountryRecord, PlaceRecord } from './geo-record.ts'
export { openGeoDatabase } from './open-geo-database.ts'
export {
  DateReader,
  type DateReaderOptions,
  knownLayouts,
  type ReadDate,
  readUnixSeconds,
} from './read-date.ts'
export { Stashes, type StashOptions, type StashSize, type StashWriter } from './stashes.ts'
export { createSystemResolver } from './system-resolver.ts'
