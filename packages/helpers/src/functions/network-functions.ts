import { type Address, AddressRange, bitsOf, parseAddress, parseRange } from '@tocsin/address'
import { EvaluationError, type FunctionDeclaration } from '@tocsin/expr'
import { readFloat } from '../text/read-float.ts'
import { bool, float, string } from '../types/types.ts'
import { pure } from './declare.ts'

const maxRanges = 100_000
const earthRadiusKm = 6371

/** `IpInRange`, `IsIP`, `IpToRange`, `Distance`… */
export function networkFunctions(): readonly FunctionDeclaration[] {
  return [
    pure('IpInRange', [string, string], bool, createIpInRange()),
    pure('IsIPV4', [string], bool, (text: string) => familyOf(text) === 4),
    pure('IsIPV6', [string], bool, (text: string) => familyOf(text) === 6),
    pure('IsIP', [string], bool, (text: string) => parseAddress(text) !== undefined),
    pure('IpToRange', [string, string], string, ipToRange),
    pure('Distance', [string, string, string, string], float, distance),
  ]
}

/**
 * Whether an address lies in a range, both as text. Hot path: a rule asks it for one address and
 * each of thousands of lines of a data file, so the address and the ranges are read only once.
 */
function createIpInRange(): (ip: string, cidr: string) => boolean {
  const ranges = new Map<string, AddressRange | undefined>()
  let lastText = ''
  let lastAddress: Address | undefined
  return (ip, cidr) => {
    if (ip !== lastText) {
      lastText = ip
      lastAddress = parseAddress(ip)?.unmapped()
    }
    if (!lastAddress) return false
    let range = ranges.get(cidr)
    if (range === undefined && !ranges.has(cidr)) {
      // Larger than any list in use; a rule that takes ranges from events must not fill the memory.
      if (ranges.size >= maxRanges) ranges.clear()
      range = parseRange(cidr)?.unmapped()
      ranges.set(cidr, range)
    }
    return range?.contains(lastAddress) ?? false
  }
}

/** A mapped address counts as the IPv4 address it stands for. */
function familyOf(text: string): number | undefined {
  return parseAddress(text)?.unmapped().family
}

/** `192.0.2.7` and `24` or `/24` give `192.0.2.0/24`; anything wrong gives empty text. */
function ipToRange(ip: string, mask: string): string {
  const address = parseAddress(ip)
  const digits = mask.startsWith('/') ? mask.slice(1) : mask
  if (!address || !/^\d{1,3}$/.test(digits)) return ''
  const length = Number(digits)
  return length > bitsOf(address.family) ? '' : AddressRange.of(address, length).toString()
}

/** Kilometres along the great circle; 0 when either point is 0,0, which stands for unknown. */
function distance(
  latitude1: string,
  longitude1: string,
  latitude2: string,
  longitude2: string,
): number {
  const [lat1, lon1, lat2, lon2] = [latitude1, longitude1, latitude2, longitude2].map(degrees)
  if (lat1 === undefined || lon1 === undefined || lat2 === undefined || lon2 === undefined) return 0
  if ((lat1 === 0 && lon1 === 0) || (lat2 === 0 && lon2 === 0)) return 0
  const haversine =
    Math.sin((lat2 - lat1) / 2) ** 2 +
    Math.cos(lat1) * Math.cos(lat2) * Math.sin((lon2 - lon1) / 2) ** 2
  return 2 * earthRadiusKm * Math.atan2(Math.sqrt(haversine), Math.sqrt(1 - haversine))
}

/** Degrees as text, in radians. */
function degrees(text: string): number {
  const value = readFloat(text)
  if (value === undefined) {
    throw new EvaluationError(`Distance takes numbers as text, not ${JSON.stringify(text)}`)
  }
  return (value * Math.PI) / 180
}
