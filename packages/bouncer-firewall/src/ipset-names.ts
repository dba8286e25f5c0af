import { createHash } from 'node:crypto'
import type { Family } from '@tocsin/address'

/** The kernel takes names of 31 characters; ours add eleven to the base. */
export const longestBase = 20

/** The names of our sets: one of hosts and one of ranges for each family and origin. */
export class SetNames {
  readonly #bases: Readonly<Record<Family, string>>

  /** @throws {RangeError} When a base cannot be the beginning of a name. */
  constructor(ipv4: string, ipv6: string) {
    for (const base of [ipv4, ipv6]) {
      if (!/^[A-Za-z][A-Za-z0-9_.-]*$/.test(base) || base.length > longestBase || ipv4 === ipv6) {
        throw new RangeError(`"${base}" cannot begin the name of a set`)
      }
    }
    this.#bases = { 4: ipv4, 6: ipv6 }
  }

  /** Who is never banned. */
  allow(family: Family): string {
    return `${this.#bases[family]}-allow`
  }

  hosts(family: Family, origin: string): string {
    return `${this.#bases[family]}-h-${digest(origin)}`
  }

  ranges(family: Family, origin: string): string {
    return `${this.#bases[family]}-n-${digest(origin)}`
  }

  ofOrigin(family: Family, origin: string): readonly string[] {
    return [this.hosts(family, origin), this.ranges(family, origin)]
  }

  /** Whether a set is one of ours, by its name. */
  isOurs(name: string): boolean {
    return Object.values(this.#bases).some(
      (base) =>
        name.startsWith(`${base}-`) &&
        /^(allow|[hn]-[0-9a-f]{8})$/.test(name.slice(base.length + 1)),
    )
  }
}

/** An origin is text of somebody else, and may be longer than a name. */
function digest(origin: string): string {
  return createHash('sha256').update(origin).digest('hex').slice(0, 8)
}
