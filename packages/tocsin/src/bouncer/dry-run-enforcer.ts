import type { Address, AddressRange } from '@tocsin/address'
import type { Change, Drops, Enforcer, Held, HeldPart } from '@tocsin/bouncer'
import { type Clock, formatDuration } from '@tocsin/model'

/** Bans nobody and says what it would do: `+ 192.0.2.7/32 4h0m0s crowdsec`, `- 192.0.2.7/32`. */
export class DryRunEnforcer implements Enforcer {
  readonly name = 'dry-run'
  readonly needsDisjoint: boolean
  readonly endsByItself: boolean
  readonly parts: number
  readonly #inner: Enforcer
  readonly #clock: Clock
  readonly #say: (line: string) => void

  constructor(inner: Enforcer, clock: Clock, say: (line: string) => void) {
    this.#inner = inner
    this.#clock = clock
    this.#say = say
    this.needsDisjoint = inner.needsDisjoint
    this.endsByItself = inner.endsByItself
    this.parts = inner.parts
  }

  standsAlone(family: 4 | 6, prefixLength: number): boolean {
    return this.#inner.standsAlone(family, prefixLength)
  }

  isWhole(): Promise<boolean> {
    return this.#inner.isWhole()
  }

  read(): Promise<Held> {
    return this.#inner.read()
  }

  partOf(range: AddressRange): number {
    return this.#inner.partOf(range)
  }

  readPart(part: number): Promise<HeldPart> {
    return this.#inner.readPart(part)
  }

  async apply(change: Change, nowS: number): Promise<void> {
    for (const range of change.allow ?? []) this.#say(`allow ${range.toString()}`)
    for (const { range } of change.remove.bans()) this.#say(`- ${range.toString()}`)
    for (const [sign, table] of [
      ['~', change.update],
      ['+', change.add],
    ] as const) {
      for (const { range, expiresS, origin } of table.bans()) {
        const left = Math.max(0, Math.round(expiresS - this.#clock.nowMs() / 1000))
        this.#say(`${sign} ${range.toString()} ${formatDuration(left * 1e9)} ${origin}`)
      }
    }
    await this.#inner.apply(change, nowS)
  }

  blocks(addresses: readonly Address[]): Promise<boolean[]> {
    return this.#inner.blocks(addresses)
  }

  readDrops(): Promise<readonly Drops[]> {
    return this.#inner.readDrops()
  }

  removeAll(): Promise<void> {
    return this.#inner.removeAll()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inner[Symbol.asyncDispose]()
  }
}
