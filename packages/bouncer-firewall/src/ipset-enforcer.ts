import { type Address, type AddressRange, type Family, parseAddressOrRange } from '@tocsin/address'
import {
  BanTable,
  type Change,
  type Drops,
  type Enforcer,
  EnforcerError,
  type EnforcerErrorCode,
  type Held,
  type HeldPart,
} from '@tocsin/bouncer'
import { SetNames } from './ipset-names.ts'
import {
  type IptablesOptions,
  IptablesRules,
  type IptablesState,
  readIptablesState,
} from './iptables-rules.ts'
import type { Ran, RunProgram } from './run-program.ts'

export interface IpsetOptions extends IptablesOptions {
  readonly run: RunProgram
  readonly nowMs: () => number
  readonly setNames: { readonly ipv4: string; readonly ipv6: string }
  /** How many entries one set takes. */
  readonly setSize: number
}

const families = [4, 6] as const
/** The kernel's longest time-out. */
const longestS = 2_147_483

/**
 * Bans in sets of ipset, matched by a chain of iptables: two sets for each origin and family, one of
 * hosts and one of ranges. Not a transaction as with nftables, but no entry is taken away to change it.
 */
export class IpsetEnforcer implements Enforcer {
  readonly name = 'iptables'
  /** A hash of ranges takes any that overlap. */
  readonly needsDisjoint = false
  readonly endsByItself = true
  readonly parts = 1
  readonly #options: IpsetOptions
  readonly #names: SetNames
  readonly #rules: Readonly<Record<Family, IptablesRules>>

  constructor(options: IpsetOptions) {
    this.#options = options
    this.#names = new SetNames(options.setNames.ipv4, options.setNames.ipv6)
    this.#rules = {
      4: new IptablesRules(4, options, this.#names),
      6: new IptablesRules(6, options, this.#names),
    }
  }

  standsAlone(): boolean {
    return true
  }

  async isWhole(): Promise<boolean> {
    for (const family of families) {
      const state = await this.#readRules(family)
      // A rule keeps its set from being destroyed: where the rules are, the sets are.
      if (!this.#rules[family].isWhole(state)) return false
    }
    return true
  }

  async read(): Promise<Held> {
    const { bans, allow, isClean } = await this.readPart()
    const state = await this.#readRules(4)
    return { isWhole: isClean && (await this.isWhole()), bans, allow, isClosed: state.isClosed }
  }

  partOf(): number {
    return 0
  }

  async readPart(): Promise<HeldPart & { readonly allow: readonly AddressRange[] }> {
    const sets = new Map<string, string>()
    for (const family of families) {
      for (const origin of (await this.#readRules(family)).origins.keys()) {
        for (const set of this.#names.ofOrigin(family, origin)) sets.set(set, origin)
      }
    }
    const nowS = this.#options.nowMs() / 1000
    const bans = new BanTable()
    const allow: AddressRange[] = []
    let isClean = true
    for (const { set, range, timeoutS } of readEntries(await this.#expect('ipset', ['save']))) {
      if (!this.#names.isOurs(set)) continue
      const origin = sets.get(set)
      if (set === this.#names.allow(4) || set === this.#names.allow(6)) allow.push(range)
      else if (origin === undefined) isClean = false
      else {
        const expiresS = timeoutS === undefined ? Number.MAX_SAFE_INTEGER : nowS + timeoutS
        const known = bans.get(range)
        // In two sets at once, which only a change that broke off leaves: the rest is mended.
        if (known) isClean = false
        bans.set(range, expiresS, origin)
      }
    }
    return { bans, allow, isClean }
  }

  async apply(change: Change, nowS: number): Promise<void> {
    if (change.rebuild) await this.removeAll()
    const states = { 4: await this.#readRules(4), 6: await this.#readRules(6) }
    const origins = { 4: new Set(states[4].origins.keys()), 6: new Set(states[6].origins.keys()) }
    const before = { 4: origins[4].size, 6: origins[6].size }
    for (const table of [change.add, change.update]) {
      for (let index = 0; index < table.end; index++) {
        if (table.has(index)) origins[table.familyAt(index)].add(table.originAt(index))
      }
    }
    await this.#expect('ipset', ['restore'], this.#setLines(change, origins, nowS))
    for (const family of families) {
      const state = states[family]
      const isClosed = change.closed ?? state.isClosed
      const isSame = origins[family].size === before[family] && isClosed === state.isClosed
      if (isSame && this.#rules[family].isWhole(state)) continue
      const text = this.#rules[family].restore([...origins[family]], isClosed, state)
      await this.#expect(command(family, '-restore'), ['--noflush'], [text])
    }
  }

  async blocks(addresses: readonly Address[]): Promise<boolean[]> {
    const blocked: boolean[] = []
    for (const address of addresses) blocked.push(await this.#blocksOne(address))
    return blocked
  }

  async readDrops(): Promise<readonly Drops[]> {
    const sums = new Map<string | undefined, { packets: number; bytes: number }>()
    for (const family of families) {
      const { origins, processed } = await this.#readRules(family)
      for (const [origin, counted] of [...origins, [undefined, processed] as const]) {
        const sum = sums.get(origin) ?? { packets: 0, bytes: 0 }
        sum.packets += counted?.packets ?? 0
        sum.bytes += counted?.bytes ?? 0
        sums.set(origin, sum)
      }
    }
    return [...sums].map(([origin, sum]) => ({ origin, ...sum }))
  }

  async removeAll(): Promise<void> {
    for (const family of families) {
      const state = await this.#readRules(family)
      const text = this.#rules[family].remove(state)
      if (state.ruleCount > 0)
        await this.#expect(command(family, '-restore'), ['--noflush'], [text])
    }
    const names = (await this.#expect('ipset', ['list', '-n'])).split('\n')
    const ours = names.filter((name) => this.#names.isOurs(name))
    if (ours.length === 0) return
    await this.#expect('ipset', ['restore'], [ours.map((name) => `destroy ${name}\n`).join('')])
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  async #blocksOne(address: Address): Promise<boolean> {
    const { family } = address
    const state = await this.#readRules(family)
    if (!this.#rules[family].isWhole(state)) return false
    const text = address.toString()
    const isIn = async (set: string): Promise<boolean> =>
      (await this.#options.run('ipset', ['test', set, text])).status === 0
    if (await isIn(this.#names.allow(family))) return false
    if (state.isClosed) return true
    for (const origin of state.origins.keys()) {
      for (const set of this.#names.ofOrigin(family, origin)) if (await isIn(set)) return true
    }
    return false
  }

  *#setLines(
    change: Change,
    origins: Readonly<Record<Family, ReadonlySet<string>>>,
    nowS: number,
  ): Generator<string> {
    for (const family of families) yield* this.#createLines(family, origins[family])
    if (change.allow) {
      for (const family of families) yield `flush ${this.#names.allow(family)}\n`
      for (const range of change.allow) {
        yield `add ${this.#names.allow(range.first.family)} ${entryText(range)} -exist\n`
      }
    }
    yield* this.#entryLines('add', change.update, nowS)
    // Of those whose origin changed, the entry in the set of the other origin.
    for (const { range, origin } of change.replaced.bans()) {
      if (change.update.get(range)?.origin !== origin) yield this.#entryLine('del', range, origin)
    }
    yield* this.#entryLines('add', change.add, nowS)
    yield* this.#entryLines('del', change.remove, nowS)
  }

  *#createLines(family: Family, origins: ReadonlySet<string>): Generator<string> {
    const inet = family === 4 ? 'inet' : 'inet6'
    const size = `maxelem ${this.#options.setSize}`
    yield `create ${this.#names.allow(family)} hash:net family ${inet} ${size} -exist\n`
    for (const origin of origins) {
      const timed = `family ${inet} timeout 0 ${size} -exist\n`
      yield `create ${this.#names.hosts(family, origin)} hash:ip ${timed}`
      yield `create ${this.#names.ranges(family, origin)} hash:net ${timed}`
    }
  }

  *#entryLines(verb: 'add' | 'del', bans: BanTable, nowS: number): Generator<string> {
    let lines = ''
    for (const { range, expiresS, origin } of bans.bans()) {
      lines += this.#entryLine(verb, range, origin, expiresS - nowS)
      if (lines.length < 65_536) continue
      yield lines
      lines = ''
    }
    yield lines
  }

  #entryLine(verb: 'add' | 'del', range: AddressRange, origin: string, leftS = 0): string {
    const { family } = range.first
    const names = this.#names
    const set = range.isSingle ? names.hosts(family, origin) : names.ranges(family, origin)
    const timeoutS = Math.min(longestS, Math.max(1, Math.ceil(leftS)))
    const end = verb === 'add' ? ` timeout ${timeoutS}` : ''
    return `${verb} ${set} ${entryText(range)}${end} -exist\n`
  }

  async #readRules(family: Family): Promise<IptablesState> {
    return readIptablesState(await this.#expect(command(family, '-save'), ['-c', '-t', 'filter']))
  }

  async #expect(
    program: string,
    args: readonly string[],
    input?: Iterable<string>,
  ): Promise<string> {
    const ran = await this.#options.run(program, args, input)
    if (ran.status !== 0) throw errorOf(program, ran)
    return ran.stdout
  }
}

function command(family: Family, suffix: string): string {
  return `${family === 4 ? 'iptables' : 'ip6tables'}${suffix}`
}

function entryText(range: AddressRange): string {
  return range.isSingle ? range.first.toString() : range.toString()
}

/** Reads the `add` lines of `ipset save`. */
function* readEntries(
  listing: string,
): Generator<{ set: string; range: AddressRange; timeoutS: number | undefined }> {
  for (const line of listing.split('\n')) {
    if (!line.startsWith('add ')) continue
    const [, set = '', value = '', key, seconds] = line.split(' ')
    const range = parseAddressOrRange(value)
    if (range) yield { set, range, timeoutS: key === 'timeout' ? Number(seconds) : undefined }
  }
}

const causes: readonly (readonly [RegExp, EnforcerErrorCode])[] = [
  [/Hash is full|Cannot allocate memory|No space left/, 'TOC_BOUNCER_FULL'],
  [/Operation not permitted|Permission denied|must be root/, 'TOC_BOUNCER_UNAVAILABLE'],
]

function errorOf(program: string, { status, stderr }: Ran): EnforcerError {
  const said = stderr.trim().slice(0, 300).replaceAll(/\s+/g, ' ')
  const code = causes.find(([pattern]) => pattern.test(said))?.[1] ?? 'TOC_BOUNCER_CONFLICT'
  return new EnforcerError(code, `${program} failed with status ${status}: ${said}`)
}
