import type { CtiEntry, CtiItem } from '@tocsin/helpers'
import { declareStruct, type Struct } from './value.ts'

const namesOf = (entries: readonly CtiEntry[]) => entries.map(({ name }) => name)
const isInBlocklist = (item: CtiItem) =>
  namesOf(item.classifications.classifications).includes('community-blocklist')

/** What `CrowdsecCTI` gives. */
export const ctiValue: (item: CtiItem) => Struct = declareStruct<CtiItem>(
  'SmokeItem',
  {
    Ip: (item) => item.ip,
    Reputation: (item) => item.reputation,
    BackgroundNoise: (item) => item.background_noise,
    Confidence: (item) => item.confidence,
    BackgroundNoiseScore: (item) => item.background_noise_score,
    IpRange: (item) => item.ip_range,
    IpRangeScore: (item) => item.ip_range_score,
    AsName: (item) => item.as_name,
    AsNum: (item) => item.as_num,
    ReverseDNS: (item) => item.reverse_dns,
    Location: ({ location }) =>
      new Map<string, string | number | null>([
        ['Country', location.country],
        ['City', location.city],
        ['Latitude', location.latitude],
        ['Longitude', location.longitude],
      ]),
    CVEs: (item) => item.cves,
  },
  {
    GetAttackDetails: [0, (item) => namesOf(item.attack_details)],
    GetBehaviors: [0, (item) => namesOf(item.behaviors)],
    GetFalsePositives: [0, (item) => namesOf(item.classifications.false_positives)],
    GetClassifications: [0, (item) => namesOf(item.classifications.classifications)],
    IsFalsePositive: [0, (item) => item.classifications.false_positives.length > 0],
    IsPartOfCommunityBlocklist: [0, isInBlocklist],
    GetBackgroundNoiseScore: [0, (item) => item.background_noise_score ?? 0],
    GetMaliciousnessScore: [
      0,
      (item) => (isInBlocklist(item) ? 1 : item.scores.last_day.total / 10),
    ],
  },
  (item) => item,
)
