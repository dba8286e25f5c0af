import type { Clock, TextDict } from '@tocsin/model'
import type { Log } from '@tocsin/telemetry'
import type { CtiItem } from './types/cti-type.ts'
import type { AsnRecord, CityRecord } from './types/geo-type.ts'

/**
 * What helper functions look things up in; given by whoever composes a role. Everything but the
 * clock and the log may be absent: then a function answers as if it had found nothing, or fails
 * with an `EvaluationError` that says so.
 */
export interface HelperDependencies {
  readonly clock: Clock
  readonly log: Log
  readonly dataFiles?: DataFiles
  readonly stashes?: Stashes
  readonly geo?: Geo
  readonly dns?: Dns
  readonly decisions?: DecisionCounts
  readonly http?: HttpRequests
  readonly cti?: Cti
  readonly injection?: InjectionDetector
  /** The name of this machine. */
  readonly hostname?: string
  /** Minutes east of UTC of the local time zone at an instant; UTC when absent. */
  readonly offsetMinutesAt?: (epochMs: number) => number
}

/** Data files by the name rules give them; undefined where there is no such file. */
export interface DataFiles {
  /** Another number whenever a file was loaded; files that never change need none. */
  readonly revision?: number
  lines(name: string): readonly string[] | undefined
  /** Whether any regular expression of the file matches, unanchored. */
  matchesPattern(text: string, name: string): boolean | undefined
  rows(name: string): readonly Readonly<TextDict>[] | undefined
  /** The tag of the first row that hits; empty when none does. */
  lookup(text: string, name: string): string | undefined
  /** Whether an entry of these files knows the bot; `address` may carry a port. */
  matchBot(address: string, userAgent: string, path: string, names: readonly string[]): boolean
}

/** Named caches of texts. */
export interface Stashes {
  /** Undefined when there is no such cache; empty when it does not hold the key. */
  get(cache: string, key: string): string | undefined
  /** `ttlNanos` is the cache's own when absent. False when there is no such cache. */
  set(cache: string, key: string, value: string, ttlNanos: number | undefined): boolean
}

/** GeoIP databases; undefined without a database, an empty record without an entry. */
export interface Geo {
  city(address: string): CityRecord | undefined
  asn(address: string): AsnRecord | undefined
  /** The network of the address in the database: `192.0.2.0/24`; undefined without an entry. */
  range(address: string): string | undefined
}

/** Names that are already known: expressions cannot wait. */
export interface Dns {
  /** The addresses of a name; empty while or when they are not known. */
  lookupHost(name: string): readonly string[]
}

/** What is stored about a source: an address or a range, as text. */
export interface DecisionCounts {
  /** All decisions whose range covers it, expired included. 0 when it is neither. */
  count(value: string): number
  /** Of these, the ones made after an instant. */
  countSince(value: string, sinceMs: number): number
  /** Of these, the ones not expired. @throws When the value or the database is at fault. */
  countActive(value: string): number
  /** When the last active one expires; undefined when there is none. Throws as `countActive`. */
  activeUntilMs(value: string): number | undefined
}

/** HTTP from within an expression: blocks until the answer is there. Throws on failure. */
export interface HttpRequests {
  request(
    method: string,
    url: string,
    headers: Readonly<TextDict>,
    body: string | undefined,
  ): HttpReply
}

/** `{ statusCode: 200, body: 'ok', headers: { 'Content-Type': ['text/plain'] } }`. */
export interface HttpReply {
  readonly statusCode: number
  readonly body: string
  readonly headers: Readonly<Record<string, readonly string[]>>
}

/** What the reputation service knows of an address. Throws when it cannot be asked. */
export interface Cti {
  item(address: string): CtiItem
}

/** Whether text is an injection attack, by its tokens. */
export interface InjectionDetector {
  isSqlInjection(text: string): boolean
  isXss(text: string): boolean
}
