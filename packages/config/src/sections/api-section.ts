import type {
  AutoRegistrationConfig,
  ClientConfig,
  CtiConfig,
  NeverBanConfig,
  OnlineClientConfig,
  ServerConfig,
  TlsConfig,
} from '../config.ts'
import { verifications } from '../config.ts'
import type { LogLevel, SectionReader } from '../section-reader.ts'
import { readCti } from './agent-section.ts'

/** What `api` says: as whom this process calls a Local API, and how it is one. */
export interface ApiConfig {
  readonly client: ClientConfig | undefined
  readonly server: ServerConfig | undefined
  readonly cti: CtiConfig | undefined
}

/** Reads `api`. */
export function readApi(section: SectionReader, commonLevel: LogLevel): ApiConfig {
  const client = section.section('client')
  const server = section.section('server')
  const cti = section.section('cti')
  const api = {
    client: client.isPresent ? readClient(client) : undefined,
    server: server.isPresent ? readServer(server, commonLevel) : undefined,
    cti: cti.isPresent ? readCti(cti) : undefined,
  }
  section.close()
  return api
}

function readClient(section: SectionReader): ClientConfig {
  const client: ClientConfig = {
    credentialsPath: section.path('credentials_path'),
    skipsVerification: section.boolean('insecure_skip_verify') ?? false,
    unregistersOnExit: section.boolean('unregister_on_exit') ?? false,
  }
  section.close()
  return client
}

function readServer(section: SectionReader, commonLevel: LogLevel): ServerConfig | undefined {
  const isEnabled = section.boolean('enable') ?? true
  const server: ServerConfig = {
    listenUri: section.text('listen_uri'),
    listenSocket: section.path('listen_socket'),
    profilesPath: section.path('profiles_path'),
    consolePath: section.path('console_path'),
    logLevel: section.logLevel('log_level') ?? commonLevel,
    trustedProxies: readTrustedProxies(section),
    trustedIps: section.texts('trusted_ips'),
    refusesRemoteRegistration: section.boolean('disable_remote_lapi_registration') ?? false,
    exportsUsageMetrics: !(section.boolean('disable_usage_metrics_export') ?? false),
    capiWhitelistsPath: section.path('capi_whitelists_path'),
    autoRegistration: readAutoRegistration(section.section('auto_registration')),
    tls: readTls(section.section('tls')),
    onlineClient: readOnlineClient(section.section('online_client')),
    neverBan: readNeverBan(section.section('never_ban')),
  }
  section.logLevel('papi_log_level')
  if (isEnabled && server.listenUri === undefined && server.listenSocket === undefined) {
    const hint = 'listen_uri: 127.0.0.1:8080'
    section.fault(
      'listen_uri',
      'TOC_CONFIG_LISTEN',
      'no listen_uri or listen_socket specified',
      hint,
    )
  }
  section.close()
  return isEnabled ? server : undefined
}

function readTrustedProxies(section: SectionReader): readonly string[] {
  const proxies = section.texts('trusted_proxies')
  const believes = section.boolean('use_forwarded_for_headers') ?? false
  if (believes && proxies.length === 0) {
    // To believe everybody would let anyone claim to be this machine.
    section.fault(
      'use_forwarded_for_headers',
      'TOC_CONFIG_PROXIES',
      'use_forwarded_for_headers needs trusted_proxies: from anybody else the header can be forged',
      'trusted_proxies: [ 10.0.0.2 ]',
    )
  }
  return proxies
}

const minTokenLength = 32

function readAutoRegistration(section: SectionReader): AutoRegistrationConfig | undefined {
  const isEnabled = section.boolean('enabled') ?? false
  const token = section.text('token')
  const allowedRanges = section.texts('allowed_ranges')
  section.close()
  if (!isEnabled) return undefined
  if (token === undefined || token.length < minTokenLength) {
    const message = `auto_registration needs a token of at least ${minTokenLength} characters`
    section.fault('token', 'TOC_CONFIG_TOKEN', message)
  }
  if (allowedRanges.length === 0) {
    const message = 'auto_registration needs allowed_ranges'
    section.fault('allowed_ranges', 'TOC_CONFIG_MISSING', message, 'allowed_ranges: [ 10.0.0.0/8 ]')
  }
  return { token: token ?? '', allowedRanges }
}

function readTls(section: SectionReader): TlsConfig | undefined {
  const certPath = section.path('cert_file')
  const keyPath = section.path('key_file')
  const tls = {
    caCertPath: section.path('ca_cert_path'),
    crlPath: section.path('crl_path'),
    serverName: section.text('server_name'),
    verification: section.oneOf('client_verification', verifications) ?? 'VerifyClientCertIfGiven',
    agentUnits: readUnits(section, 'agents_allowed_ou'),
    bouncerUnits: readUnits(section, 'bouncers_allowed_ou'),
    cacheExpirationMs: section.durationMs('cache_expiration') ?? 3_600_000,
  }
  if (tls.verification === 'RequestClientCert' || tls.verification === 'RequireAnyClientCert') {
    const message = `${tls.verification} verifies nothing, so no certificate will be accepted`
    section.warn('client_verification', 'TOC_CONFIG_TLS', message)
  }
  section.close()
  if (certPath === undefined && keyPath === undefined) return undefined
  if (certPath === undefined)
    return section.fault('key_file', 'TOC_CONFIG_TLS', 'missing TLS cert file')
  if (keyPath === undefined)
    return section.fault('cert_file', 'TOC_CONFIG_TLS', 'missing TLS key file')
  return { certPath, keyPath, ...tls }
}

function readUnits(section: SectionReader, key: string): readonly string[] {
  const units = section.texts(key)
  if (units.includes('')) {
    section.fault(key, 'TOC_CONFIG_TLS', 'allowed_ou configuration contains invalid empty string')
  }
  return [...new Set(units)]
}

function readOnlineClient(section: SectionReader): OnlineClientConfig | undefined {
  const pull = section.section('pull')
  const online: OnlineClientConfig = {
    credentialsPath: section.path('credentials_path'),
    isSharing: section.boolean('sharing') ?? true,
    pullsCommunity: pull.boolean('community') ?? true,
    pullsBlocklists: pull.boolean('blocklists') ?? true,
  }
  pull.close()
  section.close()
  return section.isPresent ? online : undefined
}

function readNeverBan(section: SectionReader): NeverBanConfig {
  const never: NeverBanConfig = {
    ownAddresses: section.boolean('own_addresses') ?? true,
    privateRanges: section.boolean('private_ranges') ?? true,
  }
  section.close()
  return never
}
