import { Address, type AddressRange } from '@tocsin/address'
import type { BanTable } from './ban-table.ts'

export interface SampleOptions {
  readonly count: number
  /** From 0 to 1. */
  readonly random: () => number
  readonly isAllowed: (address: Address) => boolean
  /** Bans that end before are left out. */
  readonly untilS: number
}

/**
 * Some addresses that the bans of these tables keep out, of a range one from its inside: a range that
 * is enforced as its first address only must be found out.
 * @param tables Looked at in this order until there are enough.
 */
export function sampleAddresses(
  tables: readonly BanTable[],
  { count, random, isAllowed, untilS }: SampleOptions,
): Address[] {
  const found = new Map<string, Address>()
  for (const table of tables) {
    // Holes and allowed addresses are stepped over, but not without end.
    for (let tries = 0; tries < 4 * count && found.size < count && table.size > 0; tries++) {
      const index = Math.floor(random() * table.end)
      if (!table.has(index) || table.expiresAt(index) < untilS) continue
      const address = insideOf(table.rangeAt(index))
      if (!isAllowed(address)) found.set(address.toString(), address)
    }
  }
  return [...found.values()]
}

/** An address in the middle of a range: neither its first nor its last where there is another. */
function insideOf({ first, last, prefixLength }: AddressRange): Address {
  const middle = (low: number, high: number): number => low + (((high - low) >>> 0) >>> 1)
  if (first.family === 4) {
    return prefixLength === 32 ? first : Address.ofIpv4(middle(first.w0, last.w0))
  }
  return Address.ofIpv6(
    middle(first.w0, last.w0),
    middle(first.w1, last.w1),
    middle(first.w2, last.w2),
    middle(first.w3, last.w3),
  )
}
