import { type AddressRange, PrefixTree, parseRange } from '@tocsin/address'
import type { AllowlistMatch } from '@tocsin/store'

/** A range that is never acted upon: `{ range: 10.0.0.1/32, reason: 'gateway' }`. */
export interface NeverBanEntry {
  readonly range: AddressRange
  readonly reason: string
}

/** How the list calls itself where allowlists are named. */
export const neverBanList = 'never-ban'

const loopback = ['127.0.0.0/8', '::1/128']
const privateRanges = [
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '100.64.0.0/10',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
]

/** What no machine can do without: loopback, and unless given up, the private ranges. */
export function fixedEntries(includePrivate: boolean): NeverBanEntry[] {
  return [
    ...loopback.map((text) => entry(text, 'loopback')),
    ...(includePrivate ? privateRanges.map((text) => entry(text, 'private range')) : []),
  ]
}

function entry(text: string, reason: string): NeverBanEntry {
  const range = parseRange(text)
  if (!range) throw new Error(`no range: ${text}`)
  return { range, reason }
}

/** Answers whether a range touches what must never be banned. Replaced as a whole when it changes. */
export class NeverBan {
  readonly entries: readonly NeverBanEntry[]
  readonly #tree = new PrefixTree<string>()

  constructor(entries: readonly NeverBanEntry[]) {
    this.entries = entries
    for (const { range, reason } of entries) this.#tree.set(range, reason)
  }

  /** The entries that overlap a range, either way round. */
  matches(range: AddressRange): AllowlistMatch[] {
    const found = new Map<string, string>()
    for (const hit of [...this.#tree.covering(range), ...this.#tree.within(range)]) {
      found.set(textOf(hit.range), hit.value)
    }
    return [...found].map(([value, comment]) => {
      return { value, list: neverBanList, comment, expiresMs: undefined }
    })
  }
}

function textOf(range: AddressRange): string {
  return range.isSingle ? range.first.toString() : range.toString()
}
