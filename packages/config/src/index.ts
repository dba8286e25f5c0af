export type {
  AgentConfig,
  AutoRegistrationConfig,
  CliConfig,
  ClientConfig,
  CommonConfig,
  Config,
  CtiConfig,
  DatabaseConfig,
  FlushConfig,
  NeverBanConfig,
  OnlineClientConfig,
  PathsConfig,
  PluginConfig,
  PrometheusConfig,
  ServerConfig,
  TlsConfig,
  Verification,
} from './config.ts'
export {
  type LocalCredentials,
  type OnlineCredentials,
  readLocalCredentials,
  readOnlineCredentials,
} from './credentials.ts'
export { expandVariables, type Variables } from './expand-variables.ts'
export { type ConfigOrigin, loadConfig } from './load-config.ts'
export type { LogLevel } from './section-reader.ts'
export {
  type ConsoleOptions,
  type FeatureFlag,
  readConsole,
  readFeatureFlags,
  readSimulation,
  type Simulation,
} from './side-files.ts'
export { defaultStateDirectory } from './state-directory.ts'
export { readYamlFile, type YamlFileOptions } from './yaml-file.ts'
