import { PrefixTree, parseAddressOrRange } from '@tocsin/address'
import type { Allowlist, AllowlistMatch } from './allowlist-store.ts'

/** Finds the entries of allowlists that overlap a range, in either direction. */
export class AllowlistIndex {
  readonly #tree = new PrefixTree<AllowlistMatch[]>()
  readonly names: ReadonlySet<string>

  /** @param addresses What the names among the entries stand for. */
  constructor(lists: Iterable<Allowlist>, addresses: ReadonlyMap<string, readonly string[]>) {
    const names = new Set<string>()
    for (const { name: list, items } of lists) {
      for (const { value, comment, expiresMs } of items) {
        const match = { value, list, comment, expiresMs }
        if (this.#add(value, match)) continue
        names.add(value)
        for (const address of addresses.get(value) ?? []) this.#add(address, match)
      }
    }
    this.names = names
  }

  /** Sorted by list, then entry; undefined when the text is no address or range. */
  check(target: string, nowMs: number): AllowlistMatch[] | undefined {
    const range = parseAddressOrRange(target.trim())?.unmapped()
    if (!range) return undefined
    const found = new Set<AllowlistMatch>()
    for (const { value } of [...this.#tree.covering(range), ...this.#tree.within(range)]) {
      for (const match of value) {
        if (match.expiresMs === undefined || match.expiresMs >= nowMs) found.add(match)
      }
    }
    return [...found].sort((a, b) => compare(a.list, b.list) || compare(a.value, b.value))
  }

  #add(text: string, match: AllowlistMatch): boolean {
    const range = parseAddressOrRange(text.trim())?.unmapped()
    if (!range) return false
    const known = this.#tree.get(range)
    if (known) known.push(match)
    else this.#tree.set(range, [match])
    return true
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
