import type {
  AgentConfig,
  CliConfig,
  CtiConfig,
  PluginConfig,
  PrometheusConfig,
} from '../config.ts'
import type { SectionReader } from '../section-reader.ts'

const maxContextLength = 4000

/** Reads `crowdsec_service`: the part that reads logs. Undefined when it is switched off. */
export function readAgent(section: SectionReader): AgentConfig | undefined {
  const isEnabled = section.boolean('enable') ?? true
  const dns = section.section('dns_cache')
  const length = section.integer('console_context_value_length') ?? 0
  const agent: AgentConfig = {
    acquisitionPath: section.path('acquisition_path'),
    acquisitionDir: section.path('acquisition_dir'),
    contextPath: section.path('console_context_path'),
    contextValueLength: length > 0 && length < maxContextLength ? length : maxContextLength,
    dnsCache: {
      ttlMs: dns.durationMs('ttl') ?? 3_600_000,
      negativeTtlMs: dns.durationMs('negative_ttl') ?? 300_000,
      size: dns.integer('size') ?? 16_384,
    },
  }
  dns.close()
  section.inert(
    ['parser_routines', 'buckets_routines', 'output_routines'],
    'the order of events is always kept, workers are chosen by the machine',
  )
  section.inert(['state_input_file', 'state_output_dir'], 'state lives in the data directory')
  section.close()
  return isEnabled ? agent : undefined
}

/** Reads `cscli`: how commands answer. */
export function readCli(section: SectionReader): CliConfig {
  const cli: CliConfig = {
    output: section.oneOf('output', ['human', 'json', 'raw'] as const) ?? 'human',
    color: section.oneOf('color', ['auto', 'yes', 'no'] as const) ?? 'auto',
    hubBranch: section.text('hub_branch'),
    hubWithContent: section.boolean('hub_with_content') ?? false,
    hubUrlTemplate:
      section.text('__hub_url_template__') ?? 'https://cdn-hub.crowdsec.net/crowdsecurity/%s/%s',
  }
  section.inert(['prometheus_uri'], 'it follows from the prometheus section')
  section.close()
  return cli
}

/** Reads `api.cti`: questions about addresses to the central service. */
export function readCti(section: SectionReader): CtiConfig | undefined {
  const key = section.rawText('key')
  if (key === '') section.fault('key', 'TOC_CONFIG_MISSING', 'empty cti key')
  const isEnabled = section.boolean('enabled') ?? true
  const cti = {
    cacheTimeoutMs: section.durationMs('cache_timeout') ?? 600_000,
    cacheSize: section.integer('cache_size') ?? 100,
  }
  section.logLevel('log_level')
  section.close()
  return key !== undefined && key !== '' && isEnabled ? { key, ...cti } : undefined
}

/** Reads `plugin_config`: as whom notification plugins run. */
export function readPlugins(section: SectionReader): PluginConfig {
  const plugins = { user: section.text('user'), group: section.text('group') }
  section.close()
  return plugins
}

/** Reads `prometheus`: where the counters are shown. */
export function readPrometheus(section: SectionReader): PrometheusConfig {
  const isEnabled = section.boolean('enabled') ?? false
  const level = section.oneOf('level', ['full', 'aggregated', 'none'] as const)
  if (isEnabled && level === undefined && !section.has('level')) {
    section.warn('level', 'TOC_CONFIG_MISSING', 'prometheus has no level, full is used')
  }
  const prometheus: PrometheusConfig = {
    isEnabled,
    level: level ?? 'full',
    listenAddress: section.text('listen_addr') ?? '127.0.0.1',
    listenPort: section.integer('listen_port') ?? 6060,
  }
  section.close()
  return prometheus
}
