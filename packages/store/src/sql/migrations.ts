import type { DatabaseKind } from './database.ts'

/** What a column is made of, in the words of each database. */
const types = {
  int: { sqlite: 'INTEGER', postgresql: 'BIGINT', mysql: 'BIGINT' },
  real: { sqlite: 'REAL', postgresql: 'DOUBLE PRECISION', mysql: 'DOUBLE' },
  text: { sqlite: 'TEXT', postgresql: 'TEXT', mysql: 'LONGTEXT' },
  name: { sqlite: 'TEXT', postgresql: 'TEXT', mysql: 'VARCHAR(700)' },
  bytes: { sqlite: 'BLOB', postgresql: 'BYTEA', mysql: 'LONGBLOB' },
  net: { sqlite: 'BLOB', postgresql: 'BYTEA', mysql: 'VARBINARY(18)' },
} as const

type ColumnKind = keyof typeof types

/** One step of the schema: the statements that lead to this version from the one before. */
export type Migration = (kind: DatabaseKind) => string[]

/** Steps in order; version n is reached by the first n. Never change one that was released. */
export const migrations: readonly Migration[] = [createTables]

function createTables(kind: DatabaseKind): string[] {
  const table = (name: string, columns: Readonly<Record<string, string>>, ...keys: string[]) => {
    const lines = Object.entries(columns).map(([column, text]) => {
      const [type = '', ...rest] = text.split(' ')
      const isNullable = type.endsWith('?')
      const word = types[type.replace('?', '') as ColumnKind][kind]
      return [column, word, isNullable ? '' : 'NOT NULL', ...rest].filter(Boolean).join(' ')
    })
    const tail = kind === 'mysql' ? ' ENGINE=InnoDB CHARSET=utf8mb4 COLLATE=utf8mb4_bin' : ''
    return `CREATE TABLE ${name} (${[...lines, ...keys].join(', ')})${tail}`
  }
  /** MySQL indexes long text by its beginning only. */
  const start = (column: string) => (kind === 'mysql' ? `${column}(64)` : column)
  return [
    table('state', {
      id: 'int PRIMARY KEY',
      seq: 'int',
      people: 'int',
      last_alert: 'int',
      last_decision: 'int',
      last_kind: 'int',
      last_person: 'int',
    }),
    'INSERT INTO state VALUES (1, 0, 0, 0, 0, 0, 0)',
    table('alerts', {
      id: 'int PRIMARY KEY',
      uuid: 'text',
      created_ms: 'int',
      machine: 'int',
      scenario: 'text',
      scenario_hash: 'text',
      scenario_version: 'text',
      message: 'text',
      events_count: 'int',
      capacity: 'int',
      leak_speed: 'text',
      start_ms: 'int',
      stop_ms: 'int',
      simulated: 'int',
      remediation: 'int',
      kind: 'text',
      source_scope: 'text',
      source_value: 'text',
      source_ip: 'text',
      source_range: 'text',
      source_as_number: 'text',
      source_as_name: 'text',
      source_country: 'text',
      source_latitude: 'real',
      source_longitude: 'real',
      detail: 'bytes',
    }),
    `CREATE INDEX alerts_uuid ON alerts (${start('uuid')})`,
    `CREATE INDEX alerts_scenario ON alerts (${start('scenario')})`,
    `CREATE INDEX alerts_source_value ON alerts (${start('source_value')})`,
    table('kinds', {
      id: 'int PRIMARY KEY',
      origin: 'text',
      scenario: 'text',
      type: 'text',
      scope: 'text',
      simulated: 'int',
    }),
    table('decisions', {
      id: 'int PRIMARY KEY',
      alert: 'int',
      kind: 'int',
      created_ms: 'int',
      until_ms: 'int',
      told_ms: 'int?',
      seq: 'int',
      uuid: 'text?',
      value: 'text',
      net: 'net?',
    }),
    'CREATE INDEX decisions_alert ON decisions (alert, until_ms)',
    'CREATE INDEX decisions_until ON decisions (until_ms)',
    'CREATE INDEX decisions_seq ON decisions (seq)',
    'CREATE INDEX decisions_net ON decisions (net)',
    table('machines', {
      id: 'int PRIMARY KEY',
      machine_id: 'name UNIQUE',
      password_hash: 'text',
      ip_address: 'text',
      validated: 'int',
      auth_type: 'text',
      created_ms: 'int',
      updated_ms: 'int',
      last_push_ms: 'int?',
      last_heartbeat_ms: 'int?',
      version: 'text',
      info: 'text',
    }),
    table('bouncers', {
      id: 'int PRIMARY KEY',
      name: 'name UNIQUE',
      key_hash: 'text',
      ip_address: 'text',
      auth_type: 'text',
      auto_created: 'int',
      revoked: 'int',
      type: 'text',
      version: 'text',
      created_ms: 'int',
      updated_ms: 'int',
      last_pull_ms: 'int?',
      position_seq: 'int?',
      position_ms: 'int?',
      info: 'text',
    }),
    table('allowlists', {
      id: 'int PRIMARY KEY',
      name: 'name UNIQUE',
      description: 'text',
      allowlist_id: 'text',
      from_console: 'int',
      created_ms: 'int',
      updated_ms: 'int',
    }),
    table('allowlist_items', {
      allowlist: 'int',
      value: 'text',
      comment: 'text',
      created_ms: 'int',
      expires_ms: 'int?',
    }),
    'CREATE INDEX allowlist_items_list ON allowlist_items (allowlist)',
    table('metrics', {
      id: 'int PRIMARY KEY',
      source: 'text',
      reporter: 'text',
      received_ms: 'int',
      pushed_ms: 'int?',
      payload: 'text',
    }),
    'CREATE INDEX metrics_received ON metrics (received_ms)',
    table('config_items', { name: 'name PRIMARY KEY', value: 'text' }),
    table('locks', { name: 'name PRIMARY KEY', holder: 'text', taken_ms: 'int' }),
  ]
}
