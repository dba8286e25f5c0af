import { AddressRange, parseAddressOrRange, parseRange } from '@tocsin/address'
import { parseDuration } from '@tocsin/model'
import type { FeedDecision } from './decision-feed.ts'
import type { HeldDecision } from './decision-table.ts'

/** Which decisions are enforced. */
export interface AdmissionOptions {
  /** Remediations that come to a ban, in lower case; `['ban']` when absent. */
  readonly types?: readonly string[]
  readonly origins?: readonly string[]
  readonly scenariosContaining?: readonly string[]
  readonly scenariosNotContaining?: readonly string[]
  /** Bans the network of this length around each IPv6 address; 128 when absent, 64 is usual. */
  readonly ipv6PrefixLength?: number
  readonly families?: readonly (4 | 6)[]
  /** Wider ranges are refused: nobody means to ban a 256th of the Internet. */
  readonly widestIpv4?: number
  readonly widestIpv6?: number
  /** Never banned: allowed ranges, own addresses. A ban around one is enforced beside it. */
  readonly allow?: readonly AddressRange[]
}

/** Why a decision is not enforced: `filtered` by choice, the others because it cannot be right. */
export type Refusal = 'filtered' | 'value' | 'duration' | 'too-wide' | 'protected'

/** Addresses without which no machine works, whoever decides what. */
export const neverBanned: readonly AddressRange[] = [
  '0.0.0.0/8',
  '127.0.0.0/8',
  '224.0.0.0/4',
  '255.255.255.255/32',
  '::/128',
  '::1/128',
  // Without their neighbours IPv6 hosts find no router.
  'fe80::/10',
  'ff00::/8',
].map((text) => {
  const range = parseRange(text)
  if (!range) throw new Error(`not a range: ${text}`)
  return range
})

const longestValue = 64
/** Short and plain enough for the name of a counter in any kernel. */
const longestLabel = 60
/** Labels become counters in a kernel: a feed may not make them without end. */
const mostLabels = 200
const otherLabel = 'other'
const tenYearsS = 315_360_000

/**
 * Makes of what a feed says what can be enforced: parsed, filtered, bounded. No text of a decision
 * goes any further than here, except the label of its origin.
 */
export class Admission {
  readonly #options: AdmissionOptions
  readonly #types: ReadonlySet<string>
  readonly #origins: ReadonlySet<string> | undefined
  #protected: readonly AddressRange[] = []
  readonly #labels = new Set<string>()

  constructor(options: AdmissionOptions) {
    this.#options = options
    this.#types = new Set((options.types ?? ['ban']).map((type) => type.toLowerCase()))
    this.#origins = options.origins ? new Set(options.origins) : undefined
    this.protect(options.allow ?? [])
  }

  /** From now on these are never banned, in place of those before. */
  protect(allow: readonly AddressRange[]): void {
    this.#protected = [...neverBanned, ...allow]
  }

  /** Reads a decision heard at `receivedMs`; the reason when it is not to be enforced. */
  admit(decision: FeedDecision, receivedMs: number): HeldDecision | Refusal {
    if (!this.#isWanted(decision)) return 'filtered'
    const range = this.readRange(decision)
    if (typeof range === 'string') return range
    const nanos = decision.duration.length > 40 ? undefined : parseDuration(decision.duration)
    if (nanos === undefined || nanos <= 0) return 'duration'
    return {
      id: decision.id ?? -1,
      range,
      expiresS: Math.ceil(receivedMs / 1000 + Math.min(nanos / 1e9, tenYearsS)),
      origin: this.labelOf(decision),
    }
  }

  /** The range a decision is about, widened by choice. */
  readRange(decision: FeedDecision): AddressRange | Refusal {
    if (decision.value.length > longestValue) return 'value'
    const read = parseAddressOrRange(decision.value)?.unmapped()
    if (!read) return 'value'
    const { widestIpv4 = 8, widestIpv6 = 16, families, ipv6PrefixLength = 128 } = this.#options
    const { family } = read.first
    if (families && !families.includes(family)) return 'filtered'
    if (read.prefixLength < (family === 4 ? widestIpv4 : widestIpv6)) return 'too-wide'
    // Before it is widened: one own address must not let all of its neighbours go free.
    if (this.#protected.some((range) => range.covers(read))) return 'protected'
    if (family === 4 || read.prefixLength <= ipv6PrefixLength) return read
    return AddressRange.of(read.first, ipv6PrefixLength)
  }

  /** What the bans of a decision are counted under: its origin, of a list its name too. */
  labelOf({ origin, scenario }: FeedDecision): string {
    const text = origin === 'lists' ? `lists:${scenario.slice(0, longestLabel)}` : origin
    const label = text.slice(0, longestLabel).replaceAll(/[^\x20-\x7e]/g, '?')
    if (this.#labels.has(label)) return label
    if (this.#labels.size >= mostLabels) return otherLabel
    this.#labels.add(label)
    return label
  }

  #isWanted(decision: FeedDecision): boolean {
    const scope = decision.scope.length > 5 ? '' : decision.scope.toLowerCase()
    if (scope !== 'ip' && scope !== 'range') return false
    if (!this.#types.has(decision.type.slice(0, longestLabel).toLowerCase())) return false
    if (this.#origins && !this.#origins.has(decision.origin)) return false
    const { scenariosContaining, scenariosNotContaining } = this.#options
    if (!scenariosContaining && !scenariosNotContaining) return true
    const scenario = decision.scenario.toLowerCase()
    const isIn = (part: string): boolean => scenario.includes(part.toLowerCase())
    if (scenariosContaining && !scenariosContaining.some(isIn)) return false
    return !scenariosNotContaining?.some(isIn)
  }
}
