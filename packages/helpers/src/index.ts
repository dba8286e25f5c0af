export type {
  Cti,
  DataFiles,
  DecisionCounts,
  Dns,
  Geo,
  HelperDependencies,
  HttpReply,
  HttpRequests,
  InjectionDetector,
  Stashes,
} from './dependencies.ts'
export {
  type AssertSubject,
  assertEnvironment,
  conditionEnvironment,
  contextEnvironment,
  eventEnvironment,
  overflowFilterEnvironment,
  type ParserResultView,
  profileEnvironment,
} from './environments.ts'
export { createFunctions, type Functions } from './functions.ts'
export { quoteGo } from './text/go-quote.ts'
export { sprintf } from './text/sprintf.ts'
export type { BucketView, QueueView } from './types/bucket-type.ts'
export { type CtiEntry, type CtiItem, type CtiScore, emptyCtiItem } from './types/cti-type.ts'
export type { AsnRecord, CityRecord, CountryRecord } from './types/geo-type.ts'
export { emptyRequest, type RequestView, type UrlView } from './types/request-type.ts'
