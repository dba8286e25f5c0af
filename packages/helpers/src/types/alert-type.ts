import type { Alert, AlertEvent, MetaItem, Overflow, Source } from '@tocsin/model'
import type { Members } from './types.ts'
import {
  bool,
  field,
  float,
  int,
  listOf,
  mapOf,
  method,
  string,
  strings,
  struct,
  time,
} from './types.ts'

const metaItemType = struct('MetaItem', () => ({
  Key: field('key', string),
  Value: field('value', string),
}))

/** `Alert.Source`: who an alert is about. */
export const sourceType = struct('Source', sourceMembers, true)

function sourceMembers(): Members {
  return {
    AsName: field('asName', string),
    AsNumber: field('asNumber', string),
    Cn: field('country', string),
    IP: field('ip', string),
    Latitude: field('latitude', float),
    Longitude: field('longitude', float),
    Range: field('range', string),
    Scope: field('scope', string),
    Value: field('value', string),
    GetScope: method([], string, (source: Source) => source.scope),
    GetValue: method([], string, (source: Source) => source.value),
    GetAsNumberName: method([], string, asNumberName),
    String: method([], string, formatSource),
  }
}

/** `64496 EXAMPLE`, the number alone without a name, empty without a number. */
function asNumberName(source: Source): string {
  if (source.asNumber === '') return ''
  return source.asName === '' ? source.asNumber : `${source.asNumber} ${source.asName}`
}

/** `Ip:192.0.2.7`, with country and network when they are known. */
function formatSource(source: Source): string {
  if (source.scope !== 'Ip' && source.scope !== 'Range') return `${source.scope}:${source.value}`
  const network = asNumberName(source).replace(' ', '/')
  const place = [source.country, network].filter((part) => part !== '').join('/')
  return place === '' ? source.value : `${source.value} (${place})`
}

const alertEventType = struct('AlertEvent', () => ({
  Timestamp: field('timestamp', string),
  Meta: field('meta', listOf(metaItemType)),
  GetMeta: method([string], string, (event: AlertEvent, key: string) => findMeta(event.meta, key)),
}))

const decisionType = struct('Decision', () => ({
  Duration: field('duration', string),
  Origin: field('origin', string),
  Scenario: field('scenario', string),
  Scope: field('scope', string),
  Simulated: field('isSimulated', bool),
  Type: field('type', string),
  UUID: field('uuid', string),
  Value: field('value', string),
}))

/** `Alert` of profiles, `evt.Overflow.Alert` of postoverflows. */
export const alertType = struct('Alert', alertMembers, true)

function alertMembers(): Members {
  return {
    Capacity: field('capacity', int),
    Decisions: field('decisions', listOf(decisionType)),
    Events: field('events', listOf(alertEventType)),
    EventsCount: field('eventsCount', int),
    Kind: field('kind', string),
    Labels: field('labels', strings),
    Leakspeed: field('leakSpeed', string),
    Message: field('message', string),
    Meta: field('meta', listOf(metaItemType)),
    Remediation: field('hasRemediation', bool),
    Scenario: field('scenario', string),
    ScenarioHash: field('scenarioHash', string),
    ScenarioVersion: field('scenarioVersion', string),
    Simulated: field('isSimulated', bool),
    Source: field('source', sourceType),
    StartAt: field('startAt', time),
    StopAt: field('stopAt', time),
    GetScope: method([], string, (alert: Alert) => alert.source.scope),
    GetValue: method([], string, (alert: Alert) => alert.source.value),
    GetScenario: method([], string, (alert: Alert) => alert.scenario),
    GetEventsCount: method([], int, (alert: Alert) => alert.eventsCount),
    GetMeta: method([string], string, (alert: Alert, key: string) => findMeta(alert.meta, key)),
  }
}

/** The value of the first item of that key; empty when there is none. */
function findMeta(items: readonly MetaItem[], key: string): string {
  for (const item of items) if (item.key === key) return item.value
  return ''
}

/** `evt.Overflow` and, with the same members, `signal`. */
export const overflowType = struct('Overflow', overflowMembers, true)

function overflowMembers(): Members {
  return {
    Mapkey: field('mapkey', string),
    BucketId: field('bucketId', string),
    Whitelisted: field('isWhitelisted', bool),
    Reprocess: field('reprocess', bool),
    Sources: field('sources', mapOf(sourceType)),
    Alert: field('alert', alertType),
    APIAlerts: field('alerts', listOf(alertType)),
    GetSources: method([], strings, (overflow: Overflow) => [...overflow.sources.keys()]),
  }
}
