import { parseAddress, parseRange } from '@tocsin/address'
import { type Event, eventKind, type Source } from '@tocsin/model'
import { reasonOf } from './rule-failures.ts'
import type { Scope } from './scenario.ts'

/** Why an alert has no source: `{ reason: 'source_ip "?" is not an address' }`. */
export class SourceError extends Error {
  override readonly name = 'SourceError'
  readonly code = 'TOC_BUCKET_SOURCE'
}

/** Told what was left out or unreadable, though the alert could be made. */
export type SourceWarning = (reason: string) => void

/**
 * Whom the events of a bucket are about, by value, first seen first; a later event with the same
 * value replaces what is said about it.
 * @throws {SourceError} When an event names no valid source, or the events differ in scope.
 */
export function readSources(
  events: readonly Event[],
  scope: Scope,
  warn: SourceWarning,
): Map<string, Source> {
  const sources = new Map<string, Source>()
  let seen: string | undefined
  let lastIp: string | undefined
  for (const event of events) {
    const isOverflow = event.kind === eventKind.overflow
    const { source_ip: ip } = event.meta
    const isKnownIp = ip !== undefined && ip === lastIp
    const found = isOverflow
      ? overflowSources(event, scope, warn)
      : [logSource(event, scope, warn, isKnownIp)]
    if (!isOverflow) lastIp = ip
    for (const source of found) {
      if (seen !== undefined && source.scope !== seen) {
        throw new SourceError(`events of different scopes, ${seen} and ${source.scope}`)
      }
      seen = source.scope
      sources.set(source.value, source)
    }
  }
  return sources
}

function createSource(scope: string, value: string): Source {
  return {
    ...{ scope, value, ip: '', range: '', asNumber: '', asName: '', country: '' },
    ...{ latitude: 0, longitude: 0 },
  }
}

/** @param isKnownIp Whether the address of the event was found to be one before. */
function logSource(event: Event, scope: Scope, warn: SourceWarning, isKnownIp: boolean): Source {
  if (scope.type !== 'Ip' && scope.type !== 'Range') {
    return createSource(scope.type, scopeValue(scope, event))
  }
  const ip = event.meta.source_ip
  if (ip === undefined || ip === '') {
    throw new SourceError(`the scope ${scope.type} needs evt.Meta.source_ip, which is not set`)
  }
  if (!isKnownIp && !parseAddress(ip)) {
    throw new SourceError(`source_ip "${ip}" is not an address`)
  }
  const range = networkOf(event.meta.SourceRange ?? '')
  const source = createSource(scope.type, ip)
  if (scope.type === 'Range') source.value = scope.expression ? scopeValue(scope, event) : range
  const { enriched } = event
  source.ip = ip
  source.range = range
  source.asNumber = enriched.ASNumber || enriched.ASNNumber || ''
  source.asName = enriched.ASNOrg ?? ''
  source.country = enriched.IsoCode ?? ''
  source.latitude = coordinate('Latitude', enriched.Latitude, warn)
  source.longitude = coordinate('Longitude', enriched.Longitude, warn)
  return source
}

function scopeValue(scope: Scope, event: Event): string {
  let value: unknown
  try {
    value = scope.expression?.expression.evaluate(event)
  } catch (error) {
    throw new SourceError(`scope.expression failed: ${reasonOf(error)}`, { cause: error })
  }
  return typeof value === 'string' ? value : ''
}

function networkOf(text: string): string {
  if (text === '') return ''
  const range = parseRange(text)
  if (!range) throw new SourceError(`SourceRange "${text}" is not a range`)
  return range.toString()
}

function coordinate(name: string, text: string | undefined, warn: SourceWarning): number {
  if (text === undefined || text === '') return 0
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return shortestFloat32(value)
  warn(`${name} "${text}" is not a number`)
  return 0
}

/** The double that prints as the shortest text of the float32 nearest to `value`: 48.8566. */
export function shortestFloat32(value: number): number {
  const rounded = Math.fround(value)
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(rounded.toPrecision(digits))
    if (Math.fround(short) === rounded) return short
  }
  return Number(rounded.toPrecision(9))
}

/** What a meta-bucket says about the sources of the overflows that it holds. */
function overflowSources(event: Event, scope: Scope, warn: SourceWarning): Source[] {
  const found: Source[] = []
  for (const source of event.overflow?.sources.values() ?? []) {
    if (source.scope === scope.type) found.push({ ...source })
    else if (scope.type !== 'Range') {
      warn(`a source of scope ${source.scope} is left out of an alert of scope ${scope.type}`)
    } else if (source.scope === 'Ip') {
      const value = scope.expression ? scopeValue(scope, event) : source.range
      if (value === '') warn(`the range of ${source.value} is not known, so it is left out`)
      else found.push({ ...source, scope: 'Range', value, ip: '' })
    } else {
      warn(`a source of scope ${source.scope} is left out of an alert of scope Range`)
    }
  }
  return found
}
