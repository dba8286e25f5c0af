import { type Address, AddressRange, bitsOf, type Family } from '@tocsin/address'
import {
  BanTable,
  type Change,
  type Drops,
  type Enforcer,
  type Held,
  type HeldPart,
} from '@tocsin/bouncer'
import { counterName, originOfCounter } from './counter-name.ts'
import { elementCommands, type ListedElement, readElement, readKey } from './nft-elements.ts'
import { kindOf, type MapKind, NftLayout, type NftLayoutOptions } from './nft-layout.ts'
import { type NftObject, NftProgram } from './nft-program.ts'
import type { RunProgram } from './run-program.ts'

export interface NftablesOptions extends NftLayoutOptions {
  readonly run: RunProgram
  readonly nowMs: () => number
}

/** One transaction takes this many elements: a kernel's queue of changes is memory too. */
const perTransaction = 200_000

/**
 * Bans in a table of nftables that is ours alone: hosts and IPv6 networks in hash maps, ranges in
 * interval maps, each address mapped to the counter of its ban's origin, with the time-out in the
 * kernel. A change is one transaction; what stands when we stop goes on to stand.
 */
export class NftablesEnforcer implements Enforcer {
  readonly name = 'nftables'
  readonly needsDisjoint = true
  readonly endsByItself = true
  readonly #layout: NftLayout
  readonly #nft: NftProgram
  /** By the name of a map. */
  readonly #partOf: ReadonlyMap<string, number>
  readonly #nowMs: () => number
  /** Counters that are in the table, as far as is known. */
  #counters = new Set<string>()

  constructor(options: NftablesOptions) {
    this.#layout = new NftLayout(options)
    this.#partOf = new Map(this.#layout.maps.map(({ name }, part) => [name, part]))
    this.#nft = new NftProgram(options.run)
    this.#nowMs = options.nowMs
  }

  standsAlone(family: Family, prefixLength: number): boolean {
    return prefixLength === bitsOf(family) || (family === 6 && prefixLength === 64)
  }

  async isWhole(): Promise<boolean> {
    return this.#check(await this.#nft.listStructure())
  }

  async read(): Promise<Held> {
    const structure = await this.#nft.listStructure()
    const bans = new BanTable()
    if (!this.#check(structure)) return { isWhole: false, bans, allow: [], isClosed: false }
    let isWhole = true
    // One map after the other: a listing of a million elements takes gigabytes.
    for (const { name, kind } of this.#layout.maps) {
      if (!(await this.#readMap(name, kind, bans))) isWhole = false
    }
    const allow: AddressRange[] = []
    for (const family of [4, 6] as const) {
      const { ranges, isClean } = await this.#readAllow(family)
      allow.push(...ranges)
      if (!isClean) isWhole = false
    }
    return { isWhole, bans, allow, isClosed: this.#rulesOf(structure, 'closed') > 0 }
  }

  /** Every map, and then what is allowed. */
  get parts(): number {
    return this.#layout.maps.length + 1
  }

  partOf(range: AddressRange): number {
    return this.#partOf.get(this.#layout.mapOf(range)) ?? 0
  }

  async readPart(part: number): Promise<HeldPart> {
    const bans = new BanTable()
    const map = this.#layout.maps[part]
    if (map) return { bans, isClean: await this.#readMap(map.name, map.kind, bans) }
    const [ipv4, ipv6] = [await this.#readAllow(4), await this.#readAllow(6)]
    const allow = [...ipv4.ranges, ...ipv6.ranges]
    return { bans, allow, isClean: ipv4.isClean && ipv6.isClean }
  }

  async apply(change: Change, nowS: number): Promise<void> {
    const known = change.rebuild ? new Set<string>() : this.#counters
    const fresh = newCounters([change.add, change.update], known)
    const additions = elementCommands('add', this.#layout, change.add, { nowS })
    const limit = change.rebuild ? Number.POSITIVE_INFINITY : perTransaction
    await this.#nft.apply(this.#firstCommands(change, fresh, nowS), additions, limit)
    this.#counters = known.union(new Set(fresh))
  }

  /** Everything of a change but what is added. */
  *#firstCommands(change: Change, counters: readonly string[], nowS: number): Generator<string> {
    const layout = this.#layout
    if (change.rebuild) yield* layout.rebuild(counters).map((one) => JSON.stringify(one))
    else for (const name of counters) yield this.#command('add', 'counter', { name })
    if (change.allow) yield* this.#allowCommands(change.allow)
    if (change.closed !== undefined) {
      yield* layout.closed(change.closed).map((one) => JSON.stringify(one))
    }
    const { remove, update, replaced } = change
    // A host may end by itself at any moment, and deleting what is not there fails; adding what is
    // there does not. So each is added as it was, then deleted, then added as it should be.
    yield* elementCommands('add', layout, remove, { kinds: 'alone' })
    yield* elementCommands('delete', layout, remove)
    yield* elementCommands('add', layout, replaced, { kinds: 'alone' })
    yield* elementCommands('delete', layout, replaced)
    yield* elementCommands('add', layout, update, { nowS })
  }

  async blocks(addresses: readonly Address[]): Promise<boolean[]> {
    const structure = await this.#nft.listStructure()
    if (!this.#check(structure)) return addresses.map(() => false)
    const isClosed = this.#rulesOf(structure, 'closed') > 0
    // Read once each, and only what the addresses concern.
    const maps = new Map<string, BanTable>()
    const allow: AddressRange[] = []
    for (const family of new Set(addresses.map((address) => address.family))) {
      allow.push(...(await this.#readAllow(family)).ranges)
    }
    const blocked: boolean[] = []
    for (const address of addresses) {
      const isAllowed = allow.some((range) => range.contains(address))
      blocked.push(!isAllowed && (isClosed || (await this.#isHeld(address, maps))))
    }
    return blocked
  }

  /** Whether a map holds the address itself, its network, or a range around it. */
  async #isHeld(address: Address, maps: Map<string, BanTable>): Promise<boolean> {
    const own = [AddressRange.of(address)]
    if (address.family === 6) own.push(AddressRange.of(address, 64))
    for (const range of own) {
      const held = await this.#mapOnce(this.#layout.mapOf(range), kindOf(range), maps)
      if (held.find(range) >= 0) return true
    }
    const ranges = `range${address.family}` as const
    for (const { range } of (await this.#mapOnce(ranges, ranges, maps)).bans()) {
      if (range.contains(address)) return true
    }
    return false
  }

  async #mapOnce(name: string, kind: MapKind, maps: Map<string, BanTable>): Promise<BanTable> {
    const known = maps.get(name)
    if (known) return known
    const held = new BanTable()
    await this.#readMap(name, kind, held)
    maps.set(name, held)
    return held
  }

  async #readAllow(family: Family): Promise<{ ranges: AddressRange[]; isClean: boolean }> {
    const ranges: AddressRange[] = []
    let isClean = true
    for (const element of await this.#list('set', `allow${family}`)) {
      const range = readKey(element)
      if (range) ranges.push(range)
      else isClean = false
    }
    return { ranges, isClean }
  }

  async readDrops(): Promise<readonly Drops[]> {
    const drops: Drops[] = []
    for (const { counter } of await this.#nft.listStructure()) {
      if (!counter || !this.#isOurs(counter)) continue
      const name = String(counter.name)
      const origin = originOfCounter(name)
      if (origin === undefined && name !== 'processed') continue
      drops.push({ origin, packets: Number(counter.packets), bytes: Number(counter.bytes) })
    }
    return drops
  }

  async removeAll(): Promise<void> {
    const { family, table: name } = this.#layout
    const table = { family, name }
    const commands = [{ add: { table } }, { delete: { table } }].map((one) => JSON.stringify(one))
    await this.#nft.apply(commands, [], perTransaction)
    this.#counters.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** Whether every chain with its rules, every map and set is there, made by this version. */
  #check(structure: readonly NftObject[]): boolean {
    const chains = new Map<string, number>()
    const sets = new Set<string>()
    const counters = new Set<string>()
    let isPrintRight = true
    for (const { chain, rule, set, map, counter } of structure) {
      if (chain && this.#isOurs(chain)) {
        const name = String(chain.name)
        chains.set(name, chains.get(name) ?? 0)
      } else if (rule && this.#isOurs(rule)) {
        const name = String(rule.chain)
        chains.set(name, (chains.get(name) ?? 0) + 1)
        const { comment } = rule
        if (comment !== undefined && comment !== this.#layout.fingerprint) isPrintRight = false
      } else if ((set && this.#isOurs(set)) || (map && this.#isOurs(map))) {
        sets.add(String((set ?? map)?.name))
      } else if (counter && this.#isOurs(counter)) counters.add(String(counter.name))
    }
    this.#counters = counters
    if (!isPrintRight || !chains.has('closed') || !counters.has('processed')) return false
    for (const [name, size] of this.#layout.chainSizes) if (chains.get(name) !== size) return false
    const wanted = ['allow4', 'allow6', ...this.#layout.maps.map(({ name }) => name)]
    return wanted.every((name) => sets.has(name))
  }

  #rulesOf(structure: readonly NftObject[], chain: string): number {
    return structure.filter(({ rule }) => rule && this.#isOurs(rule) && rule.chain === chain).length
  }

  #isOurs(object: Readonly<Record<string, unknown>>): boolean {
    return object.table === this.#layout.table && object.family === this.#layout.family
  }

  /** Adds what a map holds to `bans`; false when it holds what we never put there. */
  async #readMap(name: string, kind: MapKind, bans: BanTable): Promise<boolean> {
    const nowS = this.#nowMs() / 1000
    let isClean = true
    for (const element of await this.#list('map', name)) {
      const ban = readElement(element as ListedElement, kind === 'net6', nowS)
      if (ban) bans.set(ban.range, ban.expiresS, ban.origin)
      else isClean = false
    }
    return isClean
  }

  #list(kind: 'set' | 'map', name: string): Promise<readonly unknown[]> {
    return this.#nft.listElements(kind, this.#layout.family, this.#layout.table, name)
  }

  #allowCommands(allow: readonly AddressRange[]): string[] {
    const commands: string[] = []
    for (const family of [4, 6]) {
      const name = `allow${family}`
      commands.push(this.#command('flush', 'set', { name }))
      const elem = allow
        .filter(({ first }) => first.family === family)
        .map(({ first, prefixLength, isSingle }) =>
          isSingle ? first.toString() : { prefix: { addr: first.toString(), len: prefixLength } },
        )
      if (elem.length > 0) commands.push(this.#command('add', 'element', { name, elem }))
    }
    return commands
  }

  #command(verb: string, kind: string, fields: Readonly<Record<string, unknown>>): string {
    const { family, table } = this.#layout
    return JSON.stringify({ [verb]: { [kind]: { family, table, ...fields } } })
  }
}

function newCounters(tables: readonly BanTable[], known: ReadonlySet<string>): string[] {
  const names = new Set<string>()
  for (const table of tables) {
    for (const origin of table.origins()) names.add(counterName(origin))
  }
  return [...names].filter((name) => !known.has(name))
}
