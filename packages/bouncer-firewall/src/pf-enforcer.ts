import { type Address, type AddressRange, parseAddressOrRange } from '@tocsin/address'
import {
  BanTable,
  type Change,
  type Drops,
  type Enforcer,
  EnforcerError,
  type Held,
  type HeldPart,
} from '@tocsin/bouncer'
import type { RunProgram } from './run-program.ts'

export interface PfOptions {
  readonly run: RunProgram
  /** The anchor that `pf.conf` names; `tocsin` when absent. Its rules and tables are ours. */
  readonly anchor?: string
  readonly deny?: 'drop' | 'reject'
  readonly isLogged?: boolean
  /** Whether flows that were there before a ban end with it. `cut` when absent. */
  readonly established?: 'cut' | 'keep'
}

const table = 'tocsin'
const allowTable = 'tocsin-allow'
/** One program for each; a feed's first set is no flow that should be cut. */
const mostKilled = 200
/** What an entry is thought to be of which this process knows nothing: pf keeps no time, no origin. */
const unknownEnd = Number.MAX_SAFE_INTEGER

/**
 * Bans in a table of pf, in an anchor that `pf.conf` must name. A table holds ranges that overlap, the
 * narrowest counts, so who is allowed stands in it as an exception. pf knows no time-outs: what is
 * over is taken away by us, and only while we run.
 */
export class PfEnforcer implements Enforcer {
  readonly name = 'pf'
  readonly needsDisjoint = false
  readonly endsByItself = false
  readonly parts = 1
  readonly #options: PfOptions
  readonly #anchor: string
  /** End and origin of what we put there. */
  #known = new BanTable()

  /** @throws {RangeError} When the anchor cannot be a name. */
  constructor(options: PfOptions) {
    this.#options = options
    this.#anchor = options.anchor ?? 'tocsin'
    if (!/^[A-Za-z0-9][A-Za-z0-9_./-]{0,62}$/.test(this.#anchor)) {
      throw new RangeError(`"${this.#anchor}" cannot be the name of an anchor`)
    }
  }

  standsAlone(): boolean {
    return true
  }

  async isWhole(): Promise<boolean> {
    const main = await this.#pfctl(['-s', 'rules'])
    if (!main.includes(`anchor "${this.#anchor}"`)) {
      throw new EnforcerError(
        'TOC_BOUNCER_UNAVAILABLE',
        `pf.conf does not name our anchor: add the line anchor "${this.#anchor}"`,
      )
    }
    return this.#rulesOf(await this.#inAnchor(['-s', 'rules'])) > 0
  }

  async read(): Promise<Held> {
    const isWhole = await this.isWhole()
    const { bans, allow } = await this.readPart()
    const isClosed = this.#rulesOf(await this.#inAnchor(['-s', 'rules'])) > 1
    return { isWhole, bans, allow, isClosed }
  }

  partOf(): number {
    return 0
  }

  async readPart(): Promise<HeldPart & { readonly allow: readonly AddressRange[] }> {
    const bans = new BanTable()
    for (const range of await this.#show(table)) {
      const known = this.#known.get(range)
      bans.set(range, known?.expiresS ?? unknownEnd, known?.origin ?? 'unknown')
    }
    return { bans, allow: await this.#show(allowTable), isClean: true }
  }

  async apply(change: Change): Promise<void> {
    if (change.rebuild || change.closed !== undefined) {
      await this.#inAnchor(['-f', '-'], [this.#rules(change.closed ?? false)])
    }
    if (change.rebuild) {
      await this.#inAnchor(['-t', table, '-T', 'flush'])
      this.#known = new BanTable()
    }
    if (change.allow) await this.#allow(change.allow)
    await this.#table('delete', texts(change.remove))
    await this.#table('add', texts(change.add))
    for (const { range } of change.remove.bans()) this.#known.delete(range)
    for (const bans of [change.update, change.add]) {
      for (const { range, expiresS, origin } of bans.bans()) {
        this.#known.set(range, expiresS, origin)
      }
    }
    await this.#cut(change.add)
  }

  async blocks(addresses: readonly Address[]): Promise<boolean[]> {
    const rules = this.#rulesOf(await this.#inAnchor(['-s', 'rules']))
    const blocked: boolean[] = []
    for (const address of addresses) {
      const isBanned = rules > 0 && (await this.#isIn(table, address))
      const isClosedOut = rules > 1 && !(await this.#isIn(allowTable, address))
      blocked.push(isBanned || isClosedOut)
    }
    return blocked
  }

  async readDrops(): Promise<readonly Drops[]> {
    const labels = await this.#inAnchor(['-s', 'labels'])
    const [, packets, bytes] = /^tocsin \d+ (\d+) (\d+)/m.exec(labels) ?? []
    if (packets === undefined || bytes === undefined) return []
    return [{ origin: 'all', packets: Number(packets), bytes: Number(bytes) }]
  }

  async removeAll(): Promise<void> {
    await this.#inAnchor(['-F', 'all'])
    for (const name of [table, allowTable]) {
      if ((await this.#show(name)).length > 0) await this.#inAnchor(['-t', name, '-T', 'flush'])
    }
    this.#known = new BanTable()
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  #rules(isClosed: boolean): string {
    const { deny, isLogged } = this.#options
    const block = `block ${deny === 'reject' ? 'return' : 'drop'} in${isLogged ? ' log' : ''} quick`
    return [
      `table <${table}> persist`,
      `table <${allowTable}> persist`,
      `${block} from <${table}> to any label "tocsin"`,
      ...(isClosed ? [`${block} from ! <${allowTable}> to any label "tocsin-closed"`] : []),
      '',
    ].join('\n')
  }

  #rulesOf(listing: string): number {
    return listing.split('\n').filter((line) => line.startsWith('block ')).length
  }

  /** Allowed are an exception in the table of the banned, and a table of their own. */
  async #allow(allow: readonly AddressRange[]): Promise<void> {
    const before = await this.#show(allowTable)
    await this.#table(
      'delete',
      before.map((range) => `!${entryText(range)}`),
    )
    await this.#inAnchor(
      ['-t', allowTable, '-T', 'replace', '-f', '-'],
      lines(allow.map(entryText)),
    )
    await this.#table(
      'add',
      allow.map((range) => `!${entryText(range)}`),
    )
  }

  async #table(verb: 'add' | 'delete', entries: readonly string[]): Promise<void> {
    if (entries.length === 0) return
    await this.#inAnchor(['-t', table, '-T', verb, '-f', '-'], lines(entries))
  }

  /** Ends the flows of who was banned now; pf asks its rules only when a flow begins. */
  async #cut(added: BanTable): Promise<void> {
    if (this.#options.established === 'keep' || added.size > mostKilled) return
    for (const text of texts(added)) await this.#pfctl(['-k', text])
  }

  async #isIn(name: string, address: Address): Promise<boolean> {
    const args = ['-a', this.#anchor, '-t', name, '-T', 'test', address.toString()]
    return (await this.#options.run('pfctl', args)).status === 0
  }

  /** The entries of a table that are no exceptions; none when there is no such table. */
  async #show(name: string): Promise<AddressRange[]> {
    const args = ['-a', this.#anchor, '-t', name, '-T', 'show']
    const ran = await this.#options.run('pfctl', args)
    if (ran.status !== 0) return []
    const ranges: AddressRange[] = []
    for (const line of ran.stdout.split('\n')) {
      const range = parseAddressOrRange(line.trim())
      if (range) ranges.push(range)
    }
    return ranges
  }

  #inAnchor(args: readonly string[], input?: Iterable<string>): Promise<string> {
    return this.#pfctl(['-a', this.#anchor, ...args], input)
  }

  async #pfctl(args: readonly string[], input?: Iterable<string>): Promise<string> {
    const { status, stdout, stderr } = await this.#options.run('pfctl', args, input)
    if (status === 0) return stdout
    const said = stderr.trim().slice(0, 300).replaceAll(/\s+/g, ' ')
    const code = /Cannot allocate memory|Too many/.test(said)
      ? 'TOC_BOUNCER_FULL'
      : /Permission denied|No such file|Device not configured|not permitted/.test(said)
        ? 'TOC_BOUNCER_UNAVAILABLE'
        : 'TOC_BOUNCER_CONFLICT'
    throw new EnforcerError(code, `pfctl failed with status ${status}: ${said}`)
  }
}

function texts(bans: BanTable): string[] {
  return [...bans.bans()].map(({ range }) => entryText(range))
}

function entryText(range: AddressRange): string {
  return range.isSingle ? range.first.toString() : range.toString()
}

function lines(entries: readonly string[]): string[] {
  return entries.map((entry) => `${entry}\n`)
}
