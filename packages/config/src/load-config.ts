import { dirname, join, resolve } from 'node:path'
import { type Problems, SourceText } from '@tocsin/diagnostic'
import type { YamlMap } from '@tocsin/yaml'
import type { ClientConfig, Config, ServerConfig } from './config.ts'
import type { Variables } from './expand-variables.ts'
import { SectionReader } from './section-reader.ts'
import { readAgent, readCli, readPlugins, readPrometheus } from './sections/agent-section.ts'
import { readApi } from './sections/api-section.ts'
import { readCommon, readPaths } from './sections/common-section.ts'
import { readDatabase } from './sections/database-section.ts'
import { readYamlFile } from './yaml-file.ts'

/** Where a configuration comes from, beside its file. */
export interface ConfigOrigin {
  readonly variables: Variables
  /** Where everything is kept when the file does not say, or when there is none. */
  readonly stateDirectory: string
  /** Where relative paths start. */
  readonly workingDirectory: string
}

/**
 * Reads `config.yaml` with `config.yaml.local` over it. Without a path, everything has its default in
 * the state directory. Use the result only when there are no errors among the problems.
 */
export function loadConfig(
  path: string | undefined,
  origin: ConfigOrigin,
  problems: Problems,
): Config | undefined {
  if (path === undefined) return readConfig(undefined, undefined, origin, problems)
  const file = resolve(origin.workingDirectory, path)
  const options = { hasOverlay: true, variables: origin.variables }
  const map = readYamlFile(file, options, problems)
  return map && readConfig(map, file, origin, problems)
}

function readConfig(
  map: YamlMap | undefined,
  file: string | undefined,
  origin: ConfigOrigin,
  problems: Problems,
): Config {
  const span = map?.span ?? new SourceText('<defaults>', '').span(0, 0)
  const place = { name: 'configuration', span, directory: origin.workingDirectory }
  const root = new SectionReader(map, place, problems)
  const common = readCommon(root.section('common'))
  const paths = readPaths(root.section('config_paths'), {
    configDir: file === undefined ? join(origin.stateDirectory, 'config') : dirname(file),
    dataDir: origin.stateDirectory,
  })
  const agent = root.section('crowdsec_service')
  const api = readApi(root.section('api'), common.logLevel)
  const config: Config = {
    file,
    common,
    paths,
    agent: agent.isPresent || file === undefined ? readAgent(agent) : undefined,
    cli: readCli(root.section('cscli')),
    database: readDatabase(root.section('db_config'), paths.dataDir),
    client: file === undefined ? defaultClient(origin.stateDirectory) : api.client,
    server: file === undefined ? defaultServer() : api.server,
    cti: api.cti,
    plugins: readPlugins(root.section('plugin_config')),
    prometheus: readPrometheus(root.section('prometheus')),
  }
  root.close()
  return config
}

function defaultClient(stateDirectory: string): ClientConfig {
  return {
    credentialsPath: join(stateDirectory, 'local_api_credentials.yaml'),
    skipsVerification: false,
    unregistersOnExit: false,
  }
}

/** A Local API for this machine alone. */
function defaultServer(): ServerConfig {
  return {
    listenUri: '127.0.0.1:8080',
    listenSocket: undefined,
    profilesPath: undefined,
    consolePath: undefined,
    logLevel: 'info',
    trustedProxies: [],
    trustedIps: [],
    refusesRemoteRegistration: false,
    exportsUsageMetrics: true,
    capiWhitelistsPath: undefined,
    autoRegistration: undefined,
    tls: undefined,
    onlineClient: undefined,
    neverBan: { ownAddresses: true, privateRanges: true },
  }
}
