import { mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Config, DatabaseConfig } from '@tocsin/config'
import { type Clock, systemClock } from '@tocsin/model'
import {
  type DatabaseSettings,
  openStore,
  type ServerSettings,
  type Store,
  StoreError,
  type StoreSettings,
} from '@tocsin/store'
import type { Log } from '@tocsin/telemetry'
import { CommandError } from '../terminal/streams.ts'

/** Opens the database that a configuration names. @throws {CommandError} When that fails. */
export async function openConfiguredStore(
  config: Config,
  log: Log,
  clock: Clock = systemClock,
): Promise<Store> {
  const settings = storeSettings(config.database)
  const { database } = settings
  if (database.type === 'sqlite' && database.path !== ':memory:') {
    // Private: it holds hashes of keys and the secret of tokens.
    mkdirSync(dirname(database.path), { recursive: true, mode: 0o700 })
  }
  try {
    return await openStore(settings, { clock, log })
  } catch (error) {
    if (!(error instanceof StoreError)) throw error
    const cause = error.cause instanceof Error ? `: ${error.cause.message}` : ''
    throw new CommandError(`${error.message}${cause} [${error.code}]`)
  }
}

/** What `db_config` means for the store. */
export function storeSettings(config: DatabaseConfig): StoreSettings {
  const { flush } = config
  return {
    database: databaseSettings(config),
    retention: {
      ...(flush.maxItems !== undefined && { alertsMaxItems: flush.maxItems }),
      ...(flush.maxAgeMs !== undefined && { alertsMaxAgeMs: flush.maxAgeMs }),
      metricsMaxAgeMs: flush.metricsMaxAgeMs,
      machinesMaxSilenceMs: flush.machinesMaxSilenceMs,
      bouncersMaxSilenceMs: flush.bouncersMaxSilenceMs,
    },
  }
}

function databaseSettings(config: DatabaseConfig): DatabaseSettings {
  switch (config.type) {
    case 'sqlite':
      return { type: 'sqlite', path: config.path ?? ':memory:' }
    case 'postgresql':
    case 'mysql':
      return serverSettings(config, config.type)
  }
}

function serverSettings<T extends 'postgresql' | 'mysql'>(
  config: DatabaseConfig,
  type: T,
): ServerSettings<T> {
  const hasHost = config.host !== undefined
  const tls = tlsOf(config)
  return {
    type,
    database: config.name ?? '',
    ...(hasHost && { host: config.host }),
    ...(config.port !== undefined && { port: config.port }),
    ...(!hasHost && config.path !== undefined && { socketPath: config.path }),
    ...(config.user !== undefined && { user: config.user }),
    ...(config.password !== undefined && { password: config.password }),
    maxConnections: Math.min(config.maxOpenConnections, 20),
    ...(tls && { tls }),
  }
}

/** Modes of libpq (`disable`, `require`, `verify-ca`, `verify-full`) and of MySQL drivers (`true`, `skip-verify`). */
function tlsOf(config: DatabaseConfig): ServerSettings<'mysql'>['tls'] {
  const mode = config.sslMode ?? ''
  const files = { ca: config.sslCaCert, cert: config.sslClientCert, key: config.sslClientKey }
  const hasFiles = Object.values(files).some((path) => path !== undefined)
  const isOff = ['', 'disable', 'allow', 'prefer', 'false', 'preferred'].includes(mode)
  if (isOff && !hasFiles) return undefined
  const material = Object.entries(files)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, path]) => [name, readFileSync(path, 'utf8')])
  return {
    isVerified: !['require', 'skip-verify'].includes(mode) || files.ca !== undefined,
    ...Object.fromEntries(material),
  }
}
