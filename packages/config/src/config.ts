import type { LogLevel } from './section-reader.ts'

/** What `config.yaml` says, every default filled in, every path absolute. */
export interface Config {
  /** The file it comes from; undefined when there is none. */
  readonly file: string | undefined
  readonly common: CommonConfig
  readonly paths: PathsConfig
  /** Undefined: this process reads no logs. */
  readonly agent: AgentConfig | undefined
  readonly cli: CliConfig
  readonly database: DatabaseConfig
  readonly client: ClientConfig | undefined
  /** Undefined: this process is no Local API. */
  readonly server: ServerConfig | undefined
  readonly cti: CtiConfig | undefined
  readonly plugins: PluginConfig
  readonly prometheus: PrometheusConfig
}

export interface CommonConfig {
  readonly logMedia: 'file' | 'stdout' | 'syslog'
  readonly logDir: string | undefined
  readonly logLevel: LogLevel
  readonly logFormat: 'text' | 'json'
  readonly logMaxSizeMb: number
  readonly logMaxFiles: number
  readonly logMaxAgeDays: number
  readonly compressesLogs: boolean
  readonly forcesColor: boolean
}

export interface PathsConfig {
  readonly configDir: string
  readonly dataDir: string
  readonly simulationPath: string
  readonly hubDir: string
  readonly indexPath: string
  readonly notificationDir: string
  readonly patternDir: string
  readonly pluginDir: string | undefined
}

export interface AgentConfig {
  readonly acquisitionPath: string | undefined
  readonly acquisitionDir: string | undefined
  readonly contextPath: string | undefined
  readonly contextValueLength: number
  readonly dnsCache: {
    readonly ttlMs: number
    readonly negativeTtlMs: number
    readonly size: number
  }
}

export interface CliConfig {
  readonly output: 'human' | 'json' | 'raw'
  readonly color: 'auto' | 'yes' | 'no'
  readonly hubBranch: string | undefined
  readonly hubWithContent: boolean
  readonly hubUrlTemplate: string
}

export interface DatabaseConfig {
  readonly type: 'sqlite' | 'postgresql' | 'mysql'
  /** File of SQLite, or `:memory:`; Unix socket of the others when there is no host. */
  readonly path: string | undefined
  readonly user: string | undefined
  readonly password: string | undefined
  readonly name: string | undefined
  readonly host: string | undefined
  readonly port: number | undefined
  readonly sslMode: string | undefined
  readonly sslCaCert: string | undefined
  readonly sslClientCert: string | undefined
  readonly sslClientKey: string | undefined
  readonly maxOpenConnections: number
  readonly flush: FlushConfig
}

/** How long things are kept; undefined for ever. */
export interface FlushConfig {
  readonly maxItems: number | undefined
  readonly maxAgeMs: number | undefined
  readonly metricsMaxAgeMs: number
  readonly machinesMaxSilenceMs: { readonly password?: number; readonly tls?: number }
  readonly bouncersMaxSilenceMs: { readonly apiKey?: number; readonly tls?: number }
}

export interface ClientConfig {
  readonly credentialsPath: string | undefined
  readonly skipsVerification: boolean
  readonly unregistersOnExit: boolean
}

export interface ServerConfig {
  readonly listenUri: string | undefined
  readonly listenSocket: string | undefined
  /** Undefined: the profiles that come with Tocsin. */
  readonly profilesPath: string | undefined
  readonly consolePath: string | undefined
  readonly logLevel: LogLevel
  /** Ranges of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies: readonly string[]
  /** From where alerts may be deleted, beside this machine. */
  readonly trustedIps: readonly string[]
  readonly refusesRemoteRegistration: boolean
  readonly exportsUsageMetrics: boolean
  readonly capiWhitelistsPath: string | undefined
  readonly autoRegistration: AutoRegistrationConfig | undefined
  readonly tls: TlsConfig | undefined
  readonly onlineClient: OnlineClientConfig | undefined
  readonly neverBan: NeverBanConfig
}

export interface AutoRegistrationConfig {
  readonly token: string
  readonly allowedRanges: readonly string[]
}

export const verifications = [
  'NoClientCert',
  'RequestClientCert',
  'RequireAnyClientCert',
  'VerifyClientCertIfGiven',
  'RequireAndVerifyClientCert',
] as const
export type Verification = (typeof verifications)[number]

export interface TlsConfig {
  readonly certPath: string
  readonly keyPath: string
  readonly caCertPath: string | undefined
  readonly crlPath: string | undefined
  readonly serverName: string | undefined
  readonly verification: Verification
  readonly agentUnits: readonly string[]
  readonly bouncerUnits: readonly string[]
  readonly cacheExpirationMs: number
}

export interface OnlineClientConfig {
  readonly credentialsPath: string | undefined
  readonly isSharing: boolean
  readonly pullsCommunity: boolean
  readonly pullsBlocklists: boolean
}

/** What is never banned whatever anybody says; each part can be given up. */
export interface NeverBanConfig {
  readonly ownAddresses: boolean
  readonly privateRanges: boolean
}

export interface CtiConfig {
  readonly key: string
  readonly cacheTimeoutMs: number
  readonly cacheSize: number
}

export interface PluginConfig {
  readonly user: string | undefined
  readonly group: string | undefined
}

export interface PrometheusConfig {
  readonly isEnabled: boolean
  readonly level: 'full' | 'aggregated' | 'none'
  readonly listenAddress: string
  readonly listenPort: number
}
