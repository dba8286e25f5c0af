import { type AddressRange, parseAddressOrRange } from '@tocsin/address'
import type { Stance } from '@tocsin/bouncer'
import type { Hook } from '@tocsin/bouncer-firewall'

export const firewallModes = ['nftables', 'iptables', 'ipset', 'pf', 'dry-run'] as const
export type FirewallMode = (typeof firewallModes)[number]

/** Where decisions come from and which of them; the same for every bouncer of ours. */
export interface FeedSettings {
  /** Tried in order. */
  readonly urls: readonly string[]
  readonly apiKey: string | undefined
  readonly certPath: string | undefined
  readonly keyPath: string | undefined
  readonly caCertPath: string | undefined
  readonly acceptsAnyServer: boolean
  readonly intervalMs: number
  readonly scopes: readonly string[] | undefined
  readonly origins: readonly string[] | undefined
  readonly scenariosContaining: readonly string[] | undefined
  readonly scenariosNotContaining: readonly string[] | undefined
  /** In lower case. */
  readonly types: readonly string[]
}

/** All that a firewall bouncer is told. */
export interface FirewallSettings {
  readonly feed: FeedSettings
  readonly mode: FirewallMode
  readonly families: readonly (4 | 6)[]
  readonly deny: 'drop' | 'reject'
  readonly logPrefix: string | undefined
  readonly established: 'cut' | 'keep'
  readonly table: string
  readonly hooks: readonly Hook[]
  readonly priority: number
  readonly setNames: { readonly ipv4: string; readonly ipv6: string }
  readonly setSize: number
  readonly iptablesChains: { readonly ipv4: readonly string[]; readonly ipv6: readonly string[] }
  readonly pfAnchor: string | undefined
  readonly prometheus: { readonly host: string; readonly port: number } | undefined
  readonly logLevel: 'error' | 'warn' | 'info' | 'debug'
  readonly allow: readonly AddressRange[]
  readonly ipv6PrefixLength: number
  readonly capacity: number | undefined
  readonly staleAfterMs: number | undefined
  readonly whenStale: Stance
}

/** What holds when nobody says otherwise. */
export const defaultFirewallSettings: FirewallSettings = {
  feed: {
    urls: ['http://127.0.0.1:8080/'],
    apiKey: undefined,
    certPath: undefined,
    keyPath: undefined,
    caCertPath: undefined,
    acceptsAnyServer: false,
    intervalMs: 10_000,
    scopes: undefined,
    origins: undefined,
    scenariosContaining: undefined,
    scenariosNotContaining: undefined,
    types: ['ban'],
  },
  mode: 'nftables',
  families: [4, 6],
  deny: 'drop',
  logPrefix: undefined,
  established: 'cut',
  table: 'tocsin',
  hooks: ['input', 'forward'],
  priority: -190,
  setNames: { ipv4: 'tocsin4', ipv6: 'tocsin6' },
  setSize: 131_072,
  iptablesChains: { ipv4: ['INPUT', 'FORWARD'], ipv6: ['INPUT', 'FORWARD'] },
  pfAnchor: undefined,
  prometheus: undefined,
  logLevel: 'info',
  allow: [],
  ipv6PrefixLength: 128,
  capacity: undefined,
  staleAfterMs: undefined,
  whenStale: 'static',
}

/** Reads addresses and ranges; gives the texts that are neither. */
export function readRanges(texts: readonly string[]): {
  readonly ranges: AddressRange[]
  readonly wrong: string[]
} {
  const ranges: AddressRange[] = []
  const wrong: string[] = []
  for (const text of texts) {
    const range = parseAddressOrRange(text.trim())
    if (range) ranges.push(range)
    else wrong.push(text)
  }
  return { ranges, wrong }
}
