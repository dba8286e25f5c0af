import { join, resolve } from 'node:path'
import type { DatabaseConfig, FlushConfig } from '../config.ts'
import type { SectionReader } from '../section-reader.ts'

const dayMs = 86_400_000
const types: Readonly<Record<string, DatabaseConfig['type']>> = {
  sqlite: 'sqlite',
  mysql: 'mysql',
  pgx: 'postgresql',
  postgres: 'postgresql',
  postgresql: 'postgresql',
}

/** Reads `db_config`; without it everything is kept in one SQLite file in the data directory. */
export function readDatabase(section: SectionReader, dataDir: string): DatabaseConfig {
  const type = readType(section)
  const path = section.text('db_path')
  const database: DatabaseConfig = {
    type,
    path: type === 'sqlite' ? sqlitePath(path, dataDir) : path,
    user: section.text('user'),
    password: section.text('password'),
    name: section.text('db_name'),
    host: section.text('host'),
    port: section.integer('port') || undefined,
    sslMode: section.text('sslmode'),
    sslCaCert: section.path('ssl_ca_cert'),
    sslClientCert: section.path('ssl_client_cert'),
    sslClientKey: section.path('ssl_client_key'),
    maxOpenConnections: section.integer('max_open_conns') || 100,
    flush: readFlush(section.section('flush')),
  }
  section.boolean('use_wal')
  section.inert(['decision_bulk_size'], 'decisions are written in pages of a fitting size')
  section.logLevel('log_level')
  if (type !== 'sqlite' && database.name === undefined) {
    section.fault('db_name', 'TOC_CONFIG_MISSING', `a ${type} database needs db_name`)
  }
  section.close()
  return database
}

function readType(section: SectionReader): DatabaseConfig['type'] {
  const text = section.text('type')
  if (text === undefined) return 'sqlite'
  const type = Object.hasOwn(types, text) ? types[text] : undefined
  if (type !== undefined) return type
  const hint = `known are ${Object.keys(types).join(', ')}`
  section.fault('type', 'TOC_CONFIG_WORD', `unknown database type '${text}'`, hint)
  return 'sqlite'
}

function sqlitePath(path: string | undefined, dataDir: string): string {
  if (path === ':memory:') return path
  return path === undefined ? join(dataDir, 'tocsin.db') : resolve(path)
}

function readFlush(section: SectionReader): FlushConfig {
  const machines = section.section('agents_autodelete')
  const bouncers = section.section('bouncers_autodelete')
  const password = machines.durationMs('login_password')
  const machineTls = machines.durationMs('cert')
  const apiKey = bouncers.durationMs('api_key')
  const bouncerTls = bouncers.durationMs('cert')
  machines.inert(['api_key'], 'machines have no key')
  bouncers.inert(['login_password'], 'bouncers have no password')
  machines.close()
  bouncers.close()
  const maxItems = section.integer('max_items')
  if (maxItems !== undefined && maxItems <= 0) {
    section.fault('max_items', 'TOC_CONFIG_RANGE', "max_items can't be zero or negative")
  }
  // What the packages of the peer ship; nothing said must not mean a disk that fills up.
  const flush: FlushConfig = {
    maxItems: maxItems ?? (section.isPresent ? undefined : 5000),
    maxAgeMs: section.durationMs('max_age') ?? (section.isPresent ? undefined : 7 * dayMs),
    metricsMaxAgeMs: section.durationMs('metrics_max_age') ?? 7 * dayMs,
    machinesMaxSilenceMs: {
      ...(password !== undefined && { password }),
      ...(machineTls !== undefined && { tls: machineTls }),
    },
    bouncersMaxSilenceMs: {
      ...(apiKey !== undefined && { apiKey }),
      ...(bouncerTls !== undefined && { tls: bouncerTls }),
    },
  }
  section.close()
  return flush
}
