import { hooks, longestBase } from '@tocsin/bouncer-firewall'
import { readYamlFile } from '@tocsin/config'
import type { Problems } from '@tocsin/diagnostic'
import { parseDurationWithDays } from '@tocsin/model'
import { MapReader, type YamlMap } from '@tocsin/yaml'
import {
  defaultFirewallSettings,
  type FeedSettings,
  type FirewallSettings,
  firewallModes,
  readRanges,
} from './firewall-settings.ts'

/**
 * Reads `crowdsec-firewall-bouncer.yaml` with its `.local` over it: the peers' keys, and ours under
 * `tocsin`. Undefined when the file cannot be read; every other problem is reported.
 */
export function readFirewallConfig(
  path: string,
  variables: Readonly<Record<string, string | undefined>>,
  problems: Problems,
): FirewallSettings | undefined {
  const map = readYamlFile(path, { hasOverlay: true, variables }, problems)
  if (!map) return undefined
  const reader = new Reader(map, problems, 'configuration')
  const base = defaultFirewallSettings
  const mode = reader.word('mode', firewallModes)
  if (!reader.map.has('mode')) {
    problems.error(reader.map.mapSpan, 'TOC_BOUNCER_MODE', "configuration does not contain 'mode'")
  }
  const deny = readDeny(reader)
  const common = reader.texts('iptables_chains') ?? []
  const v4 = reader.texts('iptables_v4_chains') ?? []
  const v6 = reader.texts('iptables_v6_chains') ?? []
  const hasChains = common.length + v4.length + v6.length > 0
  const prefix = reader.map.text('deny_log_prefix')
  const nftables = readNftables(reader, problems)
  const settings: FirewallSettings = {
    ...base,
    feed: readFeed(reader),
    mode: mode ?? base.mode,
    families: readFamilies(reader, nftables.off, problems),
    deny,
    logPrefix: reader.map.boolean('deny_log') ? (prefix ?? 'crowdsec drop: ') : undefined,
    hooks: reader.words('nftables_hooks', hooks) ?? base.hooks,
    priority: nftables.priority ?? base.priority,
    setNames: {
      ipv4: reader.setName('blacklists_ipv4') ?? base.setNames.ipv4,
      ipv6: reader.setName('blacklists_ipv6') ?? base.setNames.ipv6,
    },
    setSize: reader.map.integer('ipset_size') ?? base.setSize,
    iptablesChains: hasChains
      ? { ipv4: [...v4, ...common], ipv6: [...v6, ...common] }
      : base.iptablesChains,
    pfAnchor: readPf(reader, problems),
    prometheus: readPrometheus(reader, problems),
    logLevel: readLogLevel(reader),
    ...readOwn(reader, problems),
  }
  ignore(reader)
  reader.map.finish()
  return settings
}

class Reader {
  readonly map: MapReader
  readonly #problems: Problems
  readonly #what: string

  constructor(map: YamlMap, problems: Problems, what: string) {
    this.map = new MapReader(map, problems, what)
    this.#problems = problems
    this.#what = what
  }

  /** A list of texts, or one text alone; undefined when absent or empty. */
  texts(key: string): readonly string[] | undefined {
    const node = this.map.node(key)
    if (!node || (node.kind === 'scalar' && node.isNull)) return undefined
    const texts = node.kind === 'scalar' ? [node.text] : (this.map.textList(key) ?? [])
    return texts.length > 0 ? texts : undefined
  }

  word<Word extends string>(key: string, words: readonly Word[]): Word | undefined {
    const text = this.map.text(key)?.toLowerCase()
    if (text === undefined || text === '') return undefined
    const word = words.find((candidate) => candidate.toLowerCase() === text)
    return word ?? this.fault(key, `must be one of ${words.join(', ')}, not "${text}"`)
  }

  words<Word extends string>(key: string, words: readonly Word[]): readonly Word[] | undefined {
    const found: Word[] = []
    for (const text of this.texts(key) ?? []) {
      const word = words.find((candidate) => candidate === text)
      if (word) found.push(word)
      else this.fault(key, `must be of ${words.join(', ')}, not "${text}"`)
    }
    return found.length > 0 ? found : undefined
  }

  durationMs(key: string): number | undefined {
    const text = this.map.text(key)
    if (text === undefined || text === '') return undefined
    const nanos = parseDurationWithDays(text)
    if (nanos !== undefined && nanos > 0) return nanos / 1e6
    return this.fault(key, `must be a duration such as 10s, not "${text}"`)
  }

  /** The name of a set: it becomes an argument of programs. */
  setName(key: string): string | undefined {
    const text = this.map.text(key)
    if (text === undefined) return undefined
    if (/^[A-Za-z][A-Za-z0-9_.-]*$/.test(text) && text.length <= longestBase) return text
    return this.fault(key, `must be a name of letters, digits and dashes, up to ${longestBase}`)
  }

  fault(key: string, message: string): undefined {
    const text = `${this.#what} key "${key}" ${message}`
    return this.#problems.error(this.map.span(key), 'TOC_BOUNCER_CONFIG', text)
  }

  /** Keys that are read and change nothing, each said once. */
  inert(keys: readonly string[], why: string): void {
    for (const key of keys) {
      if (!this.map.has(key)) continue
      const text = `${this.#what} key "${key}" has no effect: ${why}`
      this.#problems.warn(this.map.keySpan(key), 'TOC_BOUNCER_NO_EFFECT', text)
    }
  }
}

function readFeed(reader: Reader): FeedSettings {
  const { map } = reader
  const base = defaultFirewallSettings.feed
  const url = map.text('api_url')
  // Ours goes on trying whatever this says: what stands goes on to stand meanwhile.
  map.boolean('retry_initial_connect')
  const types = reader.texts('supported_decisions_types')
  return {
    urls: url ? [url] : base.urls,
    apiKey: map.text('api_key') || undefined,
    certPath: map.text('cert_path') || undefined,
    keyPath: map.text('key_path') || undefined,
    caCertPath: map.text('ca_cert_path') || undefined,
    acceptsAnyServer: map.boolean('insecure_skip_verify') ?? false,
    intervalMs: reader.durationMs('update_frequency') ?? base.intervalMs,
    scopes: reader.texts('scopes'),
    origins: reader.texts('origins'),
    scenariosContaining: reader.texts('scenarios_containing'),
    scenariosNotContaining: reader.texts('scenarios_not_containing'),
    types: types?.map((type) => type.toLowerCase()) ?? base.types,
  }
}

function readDeny(reader: Reader): 'drop' | 'reject' {
  const word = reader.word('deny_action', ['DROP', 'REJECT', 'TARPIT', 'LOG'])
  if (word === 'TARPIT' || word === 'LOG') {
    reader.fault('deny_action', `${word} is not supported; use DROP or REJECT`)
  }
  return word === 'REJECT' ? 'reject' : 'drop'
}

function readFamilies(
  reader: Reader,
  off: readonly (4 | 6)[],
  problems: Problems,
): readonly (4 | 6)[] {
  const disabled = new Set<4 | 6>(off)
  if (reader.map.boolean('disable_ipv4')) disabled.add(4)
  if (reader.map.boolean('disable_ipv6')) disabled.add(6)
  const families = ([4, 6] as const).filter((family) => !disabled.has(family))
  if (families.length === 0) {
    const message = 'both IPv4 and IPv6 disabled, doing nothing'
    problems.error(reader.map.mapSpan, 'TOC_BOUNCER_CONFIG', message)
  }
  return families
}

function readNftables(
  reader: Reader,
  problems: Problems,
): { readonly priority: number | undefined; readonly off: readonly (4 | 6)[] } {
  const section = reader.map.map('nftables')
  if (!section) return { priority: undefined, off: [] }
  const outer = new MapReader(section, problems, 'nftables')
  const off: (4 | 6)[] = []
  let priority: number | undefined
  for (const family of [4, 6] as const) {
    const map = outer.map(`ipv${family}`)
    if (!map) continue
    const inner = new Reader(map, problems, `nftables.ipv${family}`)
    if (inner.map.boolean('enabled') === false) off.push(family)
    const own = inner.map.integer('priority')
    priority ??= own
    if (inner.map.boolean('set-only')) {
      inner.inert(['set-only'], 'Tocsin keeps a table of its own, with its rules')
    }
    inner.map.text('table')
    inner.map.text('chain')
    inner.map.finish()
  }
  outer.finish()
  return { priority, off }
}

function readPf(reader: Reader, problems: Problems): string | undefined {
  const section = reader.map.map('pf')
  if (!section) return undefined
  const map = new MapReader(section, problems, 'pf')
  const anchor = map.text('anchor_name')
  map.integer('batch_size')
  map.finish()
  return anchor === '' ? undefined : anchor
}

function readPrometheus(
  reader: Reader,
  problems: Problems,
): { readonly host: string; readonly port: number } | undefined {
  const section = reader.map.map('prometheus')
  if (!section) return undefined
  const map = new MapReader(section, problems, 'prometheus')
  const isEnabled = map.boolean('enabled') ?? false
  const host = map.text('listen_addr') || '127.0.0.1'
  const port = map.integer('listen_port') ?? 60_601
  map.finish()
  return isEnabled ? { host, port } : undefined
}

function readLogLevel(reader: Reader): FirewallSettings['logLevel'] {
  const words = ['trace', 'debug', 'info', 'warn', 'warning', 'error', 'fatal', 'panic'] as const
  switch (reader.word('log_level', words)) {
    case 'trace':
    case 'debug':
      return 'debug'
    case 'warn':
    case 'warning':
      return 'warn'
    case 'error':
    case 'fatal':
    case 'panic':
      return 'error'
    default:
      return 'info'
  }
}

/** Keys that only Tocsin has; what is not there is left to the defaults. */
function readOwn(reader: Reader, problems: Problems): Partial<FirewallSettings> {
  const base = defaultFirewallSettings
  const section = reader.map.map('tocsin')
  if (!section) return {}
  const own = new Reader(section, problems, 'tocsin')
  const { ranges, wrong } = readRanges(own.texts('allow') ?? [])
  for (const text of wrong) own.fault('allow', `must hold addresses and ranges, not "${text}"`)
  const length = own.map.integer('ipv6_prefix_length') ?? base.ipv6PrefixLength
  if (length < 32 || length > 128) own.fault('ipv6_prefix_length', 'must be from 32 to 128')
  const capacity = own.map.integer('capacity')
  if (capacity !== undefined && capacity < 1) own.fault('capacity', 'must be at least 1')
  const settings = {
    allow: ranges,
    ipv6PrefixLength: length,
    capacity,
    established: own.word('established', ['cut', 'keep'] as const) ?? base.established,
    staleAfterMs: own.durationMs('stale_after'),
    whenStale: own.word('when_stale', ['static', 'open', 'closed'] as const) ?? base.whenStale,
    table: own.setName('table') ?? base.table,
  }
  own.map.finish()
  return settings
}

/** Keys of the peers that change nothing here. */
function ignore(reader: Reader): void {
  const { map } = reader
  for (const key of ['log_mode', 'log_dir', 'pid_dir', 'ipset_type']) map.text(key)
  for (const key of ['log_max_size', 'log_max_files', 'log_max_age', 'log_max_backups']) {
    map.integer(key)
  }
  for (const key of ['compress_logs', 'log_compression', 'daemonize']) map.boolean(key)
  map.boolean('iptables_add_rule_comments')
  reader.inert(['ipset_disable_timeouts'], 'every ban ends by itself, whatever becomes of Tocsin')
}
