import { createHash } from 'node:crypto'
import type { Family } from '@tocsin/address'
import { counterName, originOfCounter } from './counter-name.ts'
import type { SetNames } from './ipset-names.ts'

/** How the packets are taken and what is done to those of banned addresses. */
export interface IptablesOptions {
  /** Jumped from at their head; those that are not there are left out: `['INPUT', 'DOCKER-USER']`. */
  readonly chains: { readonly ipv4: readonly string[]; readonly ipv6: readonly string[] }
  readonly deny?: 'drop' | 'reject'
  /** Logged with this in front when there is one. */
  readonly logPrefix?: string
  readonly established?: 'cut' | 'keep'
}

/** What `iptables-save -c` says of us. */
export interface IptablesState {
  /** The origins that have a rule, each with what it dropped. */
  readonly origins: ReadonlyMap<string, { readonly packets: number; readonly bytes: number }>
  readonly processed: { readonly packets: number; readonly bytes: number } | undefined
  /** Of the rules that are there; the same as `fingerprintOf` says when nothing was changed. */
  readonly fingerprint: string | undefined
  readonly ruleCount: number
  readonly isClosed: boolean
  /** Chains that jump to ours. */
  readonly jumps: ReadonlySet<string>
  /** Chains of others that are there. */
  readonly chains: ReadonlySet<string>
}

const chain = 'TOCSIN'
const denyChain = 'TOCSIN_DENY'
/** There whether the listing shows them or not. */
const builtIn = new Set(['INPUT', 'FORWARD', 'OUTPUT'])

/** The chain of one family, as text for `iptables-restore`. */
export class IptablesRules {
  readonly #family: Family
  readonly #options: IptablesOptions
  readonly #names: SetNames

  constructor(family: Family, options: IptablesOptions, names: SetNames) {
    this.#family = family
    this.#options = options
    this.#names = names
  }

  /** Makes our chains anew in one go, and the jumps to them where they are missing. */
  restore(origins: readonly string[], isClosed: boolean, state: IptablesState): string {
    const rules = this.#rules(origins, isClosed)
    const jumps = this.#wantedJumps(state).filter((from) => !state.jumps.has(from))
    return [
      '*filter',
      `:${chain} - [0:0]`,
      `:${denyChain} - [0:0]`,
      ...rules,
      ...jumps.map((from) => `-I ${from} 1 -j ${chain}`),
      'COMMIT',
      '',
    ].join('\n')
  }

  /** Takes our chains away. */
  remove(state: IptablesState): string {
    return [
      '*filter',
      ...[...state.jumps].map((from) => `-D ${from} -j ${chain}`),
      `:${chain} - [0:0]`,
      `:${denyChain} - [0:0]`,
      `-X ${chain}`,
      `-X ${denyChain}`,
      'COMMIT',
      '',
    ].join('\n')
  }

  /** Whether the chains and jumps are there as they were made. */
  isWhole(state: IptablesState): boolean {
    const origins = [...state.origins.keys()]
    return (
      state.fingerprint === this.#fingerprint() &&
      state.ruleCount === this.#rules(origins, state.isClosed).length &&
      this.#wantedJumps(state).every((from) => state.jumps.has(from))
    )
  }

  #wantedJumps(state: IptablesState): readonly string[] {
    const { ipv4, ipv6 } = this.#options.chains
    const wanted = this.#family === 4 ? ipv4 : ipv6
    return [...new Set(wanted)].filter((name) => builtIn.has(name) || state.chains.has(name))
  }

  #rules(origins: readonly string[], isClosed: boolean): string[] {
    const { deny, logPrefix, established } = this.#options
    const leave = '-m conntrack --ctstate RELATED,ESTABLISHED -j RETURN'
    const named = (name: string): string => `-m comment --comment ${name}`
    const inSet = (set: string): string => `-m set --match-set ${set} src`
    const family = this.#family
    const reject = family === 4 ? 'icmp-admin-prohibited' : 'icmp6-adm-prohibited'
    const rules = [
      `-A ${chain} ${named(this.#fingerprint())}`,
      `-A ${chain} -i lo -j RETURN`,
      ...(established === 'keep' ? [`-A ${chain} ${leave}`] : []),
      `-A ${chain} ${inSet(this.#names.allow(family))} -j RETURN`,
      ...origins.flatMap((origin) =>
        this.#names
          .ofOrigin(family, origin)
          .map((set) => `-A ${chain} ${inSet(set)} ${named(counterName(origin))} -j ${denyChain}`),
      ),
      ...(isClosed
        ? [`-A ${chain} ${leave}`, `-A ${chain} ${named('closed')} -j ${denyChain}`]
        : []),
      ...(logPrefix === undefined
        ? []
        : [`-A ${denyChain} -j LOG --log-prefix "${plainPrefix(logPrefix)}"`]),
      `-A ${denyChain} -j ${deny === 'reject' ? `REJECT --reject-with ${reject}` : 'DROP'}`,
    ]
    return rules
  }

  #fingerprint(): string {
    const { chains: _, ...rest } = this.#options
    const text = JSON.stringify([1, rest, this.#names.allow(this.#family)])
    return `tocsin-${createHash('sha256').update(text).digest('hex').slice(0, 16)}`
  }
}

const counters = /^\[(\d+):(\d+)\] /
const comment = /--comment "?([^" ]+)"?/

/** Reads `iptables-save -c -t filter`. */
export function readIptablesState(listing: string): IptablesState {
  const origins = new Map<string, { packets: number; bytes: number }>()
  const jumps = new Set<string>()
  const chains = new Set<string>()
  let processed: IptablesState['processed']
  let fingerprint: string | undefined
  let ruleCount = 0
  let isClosed = false
  for (const line of listing.split('\n')) {
    if (line.startsWith(':')) {
      const name = line.slice(1, line.indexOf(' '))
      if (name !== chain && name !== denyChain) chains.add(name)
      continue
    }
    const [count, packets, bytes] = counters.exec(line) ?? []
    const rule = line.slice(count?.length ?? 0)
    const jump = /^-A (\S+) -j TOCSIN$/.exec(rule)
    if (jump?.[1]) jumps.add(jump[1])
    if (!rule.startsWith(`-A ${chain} `) && !rule.startsWith(`-A ${denyChain} `)) continue
    ruleCount++
    const name = comment.exec(rule)?.[1] ?? ''
    const counted = { packets: Number(packets), bytes: Number(bytes) }
    const origin = originOfCounter(name)
    if (name === 'closed') isClosed = true
    else if (name.startsWith('tocsin-')) {
      fingerprint = name
      processed = counted
    } else if (origin !== undefined) {
      const before = origins.get(origin)
      origins.set(origin, {
        packets: counted.packets + (before?.packets ?? 0),
        bytes: counted.bytes + (before?.bytes ?? 0),
      })
    }
  }
  return { origins, processed, fingerprint, ruleCount, isClosed, jumps, chains }
}

/** Without what would end the text, and no longer than the kernel takes. */
function plainPrefix(text: string): string {
  return text.replace(/[^\x20-\x7e]|["\\]/g, '').slice(0, 28)
}
