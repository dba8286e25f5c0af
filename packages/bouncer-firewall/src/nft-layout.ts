import { createHash } from 'node:crypto'
import { type AddressRange, bitsOf } from '@tocsin/address'

export const hooks = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const
export type Hook = (typeof hooks)[number]

/** How packets are taken from the kernel and what is done to those of banned addresses. */
export interface NftLayoutOptions {
  /** `tocsin` when absent; a table of our own, of both families. */
  readonly table?: string
  /** `['input', 'forward']` when absent; forwarded packets are those of containers. */
  readonly hooks?: readonly Hook[]
  /** Before whom the packets are seen: -190 when absent, after connection tracking, before others. */
  readonly priority?: number
  readonly deny?: 'drop' | 'reject'
  /** Logged with this in front when there is one. */
  readonly logPrefix?: string
  /** Whether flows that were there before a ban end with it, or may go on. `cut` when absent. */
  readonly established?: 'cut' | 'keep'
}

type Json = Readonly<Record<string, unknown>>

/**
 * Reading a hash set costs the kernel the square of its size: it starts over for every message.
 * Sixteen sets instead of one make that bearable for a million entries.
 */
const shards = 16

/** Which of the maps of a table hold a range: hosts and IPv6 networks of 64 bits stand alone. */
export const mapKinds = ['host4', 'host6', 'net6', 'range4', 'range6'] as const
export type MapKind = (typeof mapKinds)[number]

/** The table of one firewall: what it consists of, and where a range belongs in it. */
export class NftLayout {
  readonly family = 'inet'
  readonly table: string
  /** Every map with its kind, in the order of the table. */
  readonly maps: readonly { readonly name: string; readonly kind: MapKind }[]
  /** Names of chains and how many rules each has, except the one that closes. */
  readonly chainSizes: ReadonlyMap<string, number>
  /** Stands in the table as a comment: another one means that another version made it. */
  readonly fingerprint: string
  readonly #options: Required<Omit<NftLayoutOptions, 'logPrefix'>> & { logPrefix?: string }

  constructor(options: NftLayoutOptions = {}) {
    this.table = options.table ?? 'tocsin'
    this.#options = {
      table: this.table,
      hooks: options.hooks ?? ['input', 'forward'],
      priority: options.priority ?? -190,
      deny: options.deny ?? 'drop',
      established: options.established ?? 'cut',
      ...(options.logPrefix !== undefined && { logPrefix: plainPrefix(options.logPrefix) }),
    }
    this.maps = mapKinds.flatMap((kind) => shardsOf(kind).map((name) => ({ name, kind })))
    const text = JSON.stringify(this.#structure(''))
    this.fingerprint = `tocsin ${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
    const sizes = new Map<string, number>()
    for (const command of this.#structure(this.fingerprint)) {
      const { chain, rule } = command.add as { chain?: Json; rule?: Json }
      if (chain) sizes.set(String(chain.name), 0)
      if (rule) sizes.set(String(rule.chain), (sizes.get(String(rule.chain)) ?? 0) + 1)
    }
    sizes.delete('closed')
    this.chainSizes = sizes
  }

  /** The map that holds a range. */
  mapOf(range: AddressRange): string {
    const { first } = range
    switch (kindOf(range)) {
      case 'host4':
        return `host4-${first.w0 & (shards - 1)}`
      case 'host6':
        return `host6-${first.w3 & (shards - 1)}`
      case 'net6':
        return `net6-${first.w1 & (shards - 1)}`
      case 'range4':
        return 'range4'
      case 'range6':
        return 'range6'
    }
  }

  /**
   * Commands that make the table anew, empty; what stood before goes in the same transaction.
   * @param counters Must come before the maps: nft sends the first elements of an interval map
   *   together with the map.
   */
  rebuild(counters: readonly string[]): Json[] {
    const table = { family: this.family, name: this.table }
    const [create, ...rest] = this.#structure(this.fingerprint)
    return [
      { add: { table } },
      { delete: { table } },
      ...(create ? [create] : []),
      ...counters.map((name) => ({ add: { counter: this.#in({ name }) } })),
      ...rest,
    ]
  }

  /** Commands for the chain that refuses everyone who got as far as there. */
  closed(isClosed: boolean): Json[] {
    const chain = this.#in({ name: 'closed' })
    const flush: Json = { flush: { chain } }
    if (!isClosed) return [flush]
    return [
      flush,
      this.#rule('closed', [established, { return: null }]),
      this.#rule('closed', this.#verdict()),
    ]
  }

  #in(fields: Json): Json {
    return { family: this.family, table: this.table, ...fields }
  }

  #rule(chain: string, expr: readonly unknown[], comment?: string): Json {
    return { add: { rule: this.#in({ chain, expr, ...(comment && { comment }) }) } }
  }

  #structure(fingerprint: string): Json[] {
    const { hooks: taken, priority, established: policy } = this.#options
    const add = (kind: string, fields: Json): Json => ({ add: { [kind]: this.#in(fields) } })
    const commands: Json[] = [
      { add: { table: { family: this.family, name: this.table } } },
      add('counter', { name: 'processed' }),
      add('set', { name: 'allow4', type: 'ipv4_addr', flags: ['interval'] }),
      add('set', { name: 'allow6', type: 'ipv6_addr', flags: ['interval'] }),
    ]
    for (const { name, kind } of this.maps) {
      const type = kind.endsWith('4') ? 'ipv4_addr' : 'ipv6_addr'
      const flags = kind.startsWith('range') ? ['interval', 'timeout'] : ['timeout']
      commands.push(add('map', { name, type, map: 'counter', flags }))
    }
    commands.push(add('chain', { name: 'closed' }))
    for (const { name, kind } of this.maps) {
      if (kind.startsWith('range')) continue
      commands.push(add('chain', { name }), this.#banRule(name, name, kind))
    }
    commands.push(add('chain', { name: 'check' }), ...this.#check(policy === 'keep'))
    for (const hook of taken) {
      commands.push(
        add('chain', { name: hook, type: 'filter', hook, prio: priority, policy: 'accept' }),
        this.#rule(hook, [{ counter: 'processed' }], fingerprint),
        this.#rule(hook, [{ jump: { target: 'check' } }]),
      )
    }
    return commands
  }

  /** What a packet meets, in this order: the allowed go first, whatever is banned around them. */
  #check(keepsEstablished: boolean): Json[] {
    const leave = { return: null }
    const check = (...expr: unknown[]): Json => this.#rule('check', expr)
    const rules = [
      check({ match: { op: '==', left: { meta: { key: 'iifname' } }, right: 'lo' } }, leave),
    ]
    if (keepsEstablished) rules.push(check(established, leave))
    for (const family of [4, 6] as const) {
      const right = `@allow${family}`
      rules.push(check({ match: { op: '==', left: source(family), right } }, leave))
    }
    rules.push(
      check({ vmap: { key: { '&': [source(4), '0.0.0.15'] }, data: dispatch('host4') } }),
      this.#banRule('check', 'range4', 'range4'),
      check({ vmap: { key: { '&': [source(6), '::f'] }, data: dispatch('host6') } }),
      check({ vmap: { key: { '&': [source(6), '0:0:0:f::'] }, data: dispatch('net6') } }),
      this.#banRule('check', 'range6', 'range6'),
      check({ jump: { target: 'closed' } }),
    )
    return rules
  }

  /** Counts for the origin of the ban that the packet's source has in a map, and ends it. */
  #banRule(chain: string, map: string, kind: MapKind): Json {
    const address = source(kind.endsWith('4') ? 4 : 6)
    const key = kind === 'net6' ? { '&': [address, 'ffff:ffff:ffff:ffff::'] } : address
    return this.#rule(chain, [{ counter: { map: { key, data: `@${map}` } } }, ...this.#verdict()])
  }

  #verdict(): Json[] {
    const { deny, logPrefix } = this.#options
    const log = logPrefix === undefined ? [] : [{ log: { prefix: logPrefix } }]
    if (deny === 'drop') return [...log, { drop: null }]
    return [...log, { reject: { type: 'icmpx', expr: 'admin-prohibited' } }]
  }
}

const established: Json = {
  match: { op: 'in', left: { ct: { key: 'state' } }, right: ['established', 'related'] },
}

/** Which kind of map holds a range. */
export function kindOf({ first, prefixLength }: AddressRange): MapKind {
  const { family } = first
  if (prefixLength === bitsOf(family)) return family === 4 ? 'host4' : 'host6'
  if (family === 4) return 'range4'
  return prefixLength === 64 ? 'net6' : 'range6'
}

function source(family: 4 | 6): Json {
  return { payload: { protocol: family === 4 ? 'ip' : 'ip6', field: 'saddr' } }
}

function shardsOf(kind: MapKind): string[] {
  if (kind.startsWith('range')) return [kind]
  return Array.from({ length: shards }, (_, shard) => `${kind}-${shard}`)
}

/** Sends a packet to the chain of its shard by the last four bits of its host or network. */
function dispatch(kind: 'host4' | 'host6' | 'net6'): Json {
  const text = (shard: number): string => {
    if (kind === 'host4') return `0.0.0.${shard}`
    return kind === 'host6' ? `::${shard.toString(16)}` : `0:0:0:${shard.toString(16)}::`
  }
  return { set: shardsOf(kind).map((target, shard) => [text(shard), { jump: { target } }]) }
}

/** Without what would make the kernel's listing unreadable, and no longer than it takes. */
function plainPrefix(text: string): string {
  return text.replace(/[^\x20-\x7e]|["\\]/g, '').slice(0, 100)
}
