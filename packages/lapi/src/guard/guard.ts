import { parseAddressOrRange } from '@tocsin/address'
import type { AllowlistMatch, AllowlistStore } from '@tocsin/store'
import type { NeverBan } from './never-ban.ts'

/** Origins of decisions that a person made, who was asked about the allowlists before. */
export const deliberateOrigins: ReadonlySet<string> = new Set(['cscli', 'cscli-import'])

/** Says what must not be acted upon: the allowlists of the operator, and what is never banned. */
export class Guard {
  readonly #allowlists: AllowlistStore
  neverBan: NeverBan

  constructor(allowlists: AllowlistStore, neverBan: NeverBan) {
    this.#allowlists = allowlists
    this.neverBan = neverBan
  }

  /** The entries that overlap an address or range, by list name; undefined when it is neither. */
  check(target: string): AllowlistMatch[] | undefined {
    const range = parseAddressOrRange(target)?.unmapped()
    if (!range) return undefined
    const matches = this.#allowlists.check(target) ?? []
    const builtIn = this.neverBan.matches(range)
    if (builtIn.length === 0) return matches
    return [...matches, ...builtIn].sort((a, b) => compare(a.list, b.list))
  }

  /** Whether a decision about a scope and value must not be made; only addresses and ranges can be. */
  reasonAgainst(scope: string, value: string): string | undefined {
    if (scope !== 'Ip' && scope !== 'Range') return undefined
    const matches = this.check(value)
    return matches && matches.length > 0 ? matches.map(formatMatch).join(', ') : undefined
  }
}

/** `192.0.2.0/24 from office (printers)`. */
export function formatMatch(match: AllowlistMatch): string {
  return `${match.value} from ${match.list}${match.comment === '' ? '' : ` (${match.comment})`}`
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
