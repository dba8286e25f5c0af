import type { Members } from './types.ts'
import {
  bool,
  dictOf,
  field,
  float,
  int,
  listOf,
  method,
  string,
  strings,
  struct,
} from './types.ts'

/** A name with its text for people. */
export interface CtiEntry {
  readonly name: string
  readonly label: string
  readonly description: string
  readonly references?: readonly string[]
}

export interface CtiScore {
  readonly aggressiveness: number
  readonly threat: number
  readonly trust: number
  readonly anomaly: number
  readonly total: number
}

/** What the reputation service answers about an address; an unknown one has `emptyCtiItem`. */
export interface CtiItem {
  readonly ip: string
  readonly reputation: string
  readonly background_noise: string
  readonly confidence: string
  readonly background_noise_score: number | null
  readonly ip_range: string | null
  readonly ip_range_score: number
  readonly as_name: string | null
  readonly as_num: number | null
  readonly reverse_dns: string | null
  readonly location: {
    readonly country: string | null
    readonly city: string | null
    readonly latitude: number | null
    readonly longitude: number | null
  }
  readonly behaviors: readonly CtiEntry[]
  readonly history: {
    readonly first_seen: string | null
    readonly last_seen: string | null
    readonly full_age: number
    readonly days_age: number
  }
  readonly classifications: {
    readonly false_positives: readonly CtiEntry[]
    readonly classifications: readonly CtiEntry[]
  }
  readonly attack_details: readonly CtiEntry[]
  readonly target_countries: Readonly<Record<string, number>>
  readonly scores: {
    readonly overall: CtiScore
    readonly last_day: CtiScore
    readonly last_week: CtiScore
    readonly last_month: CtiScore
  }
  readonly references: readonly CtiEntry[]
  readonly cves: readonly string[]
}

const noScore: CtiScore = { aggressiveness: 0, threat: 0, trust: 0, anomaly: 0, total: 0 }

/** An address nobody reported. */
export const emptyCtiItem: CtiItem = {
  ip: '',
  reputation: '',
  background_noise: '',
  confidence: '',
  background_noise_score: null,
  ip_range: null,
  ip_range_score: 0,
  as_name: null,
  as_num: null,
  reverse_dns: null,
  location: { country: null, city: null, latitude: null, longitude: null },
  behaviors: [],
  history: { first_seen: null, last_seen: null, full_age: 0, days_age: 0 },
  classifications: { false_positives: [], classifications: [] },
  attack_details: [],
  target_countries: {},
  scores: { overall: noScore, last_day: noScore, last_week: noScore, last_month: noScore },
  references: [],
  cves: [],
}

/** What `CrowdsecCTI` gives. */
export const ctiType = struct('CtiItem', ctiMembers)

function ctiMembers(): Members {
  return {
    Ip: field('ip', string),
    Reputation: field('reputation', string),
    BackgroundNoise: field('background_noise', string),
    Confidence: field('confidence', string),
    BackgroundNoiseScore: field('background_noise_score', int),
    IpRange: field('ip_range', string),
    IpRangeScore: field('ip_range_score', int),
    AsName: field('as_name', string),
    AsNum: field('as_num', int),
    ReverseDNS: field('reverse_dns', string),
    Location: field('location', locationType),
    Behaviors: field('behaviors', listOf(entryType)),
    History: field('history', historyType),
    Classifications: field('classifications', classificationsType),
    AttackDetails: field('attack_details', listOf(entryType)),
    TargetCountries: field('target_countries', dictOf(int)),
    Scores: field('scores', scoresType),
    References: field('references', listOf(entryType)),
    CVEs: field('cves', strings),
    GetAttackDetails: method([], strings, (item: CtiItem) => namesOf(item.attack_details)),
    GetBehaviors: method([], strings, (item: CtiItem) => namesOf(item.behaviors)),
    GetFalsePositives: method([], strings, (item: CtiItem) =>
      namesOf(item.classifications.false_positives),
    ),
    GetClassifications: method([], strings, (item: CtiItem) =>
      namesOf(item.classifications.classifications),
    ),
    IsFalsePositive: method(
      [],
      bool,
      (item: CtiItem) => item.classifications.false_positives.length > 0,
    ),
    IsPartOfCommunityBlocklist: method([], bool, isInBlocklist),
    GetBackgroundNoiseScore: method([], int, (item: CtiItem) => item.background_noise_score ?? 0),
    GetMaliciousnessScore: method([], float, (item: CtiItem) =>
      isInBlocklist(item) ? 1 : item.scores.last_day.total / 10,
    ),
  }
}

function namesOf(entries: readonly CtiEntry[]): string[] {
  return entries.map((entry) => entry.name)
}

function isInBlocklist(item: CtiItem): boolean {
  return namesOf(item.classifications.classifications).includes('community-blocklist')
}

const entryType = struct('CtiEntry', () => ({
  Name: field('name', string),
  Label: field('label', string),
  Description: field('description', string),
  References: field('references', strings),
}))

const locationType = struct('CtiLocation', () => ({
  Country: field('country', string),
  City: field('city', string),
  Latitude: field('latitude', float),
  Longitude: field('longitude', float),
}))

const historyType = struct('CtiHistory', () => ({
  FirstSeen: field('first_seen', string),
  LastSeen: field('last_seen', string),
  FullAge: field('full_age', int),
  DaysAge: field('days_age', int),
}))

const classificationsType = struct('CtiClassifications', () => ({
  FalsePositives: field('false_positives', listOf(entryType)),
  Classifications: field('classifications', listOf(entryType)),
}))

const scoreType = struct('CtiScore', () => ({
  Aggressiveness: field('aggressiveness', int),
  Threat: field('threat', int),
  Trust: field('trust', int),
  Anomaly: field('anomaly', int),
  Total: field('total', int),
}))

const scoresType = struct('CtiScores', () => ({
  Overall: field('overall', scoreType),
  LastDay: field('last_day', scoreType),
  LastWeek: field('last_week', scoreType),
  LastMonth: field('last_month', scoreType),
}))
