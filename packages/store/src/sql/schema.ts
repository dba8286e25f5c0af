import type { ColumnType } from 'kysely'

/** Milliseconds since 1970, or a whole number: 64 bits in SQL. */
type Int = number
/** 0 or 1, because not every database has a boolean. */
type Flag = 0 | 1
type Bytes = ColumnType<Uint8Array, Uint8Array, Uint8Array>

/** One row: the counters every writing transaction locks, which puts all writers in one order. */
export interface StateTable {
  id: Int
  /** The number of the last transaction that changed decisions. */
  seq: Int
  /** Changes whenever machines, bouncers or allowlists do. */
  people: Int
  last_alert: Int
  last_decision: Int
  last_kind: Int
  last_person: Int
}

export interface AlertTable {
  id: Int
  uuid: string
  created_ms: Int
  /** Row of `machines`, 0 for none; may point to one that was deleted. */
  machine: Int
  scenario: string
  scenario_hash: string
  scenario_version: string
  message: string
  events_count: Int
  capacity: Int
  leak_speed: string
  start_ms: Int
  stop_ms: Int
  simulated: Flag
  remediation: Flag
  kind: string
  source_scope: string
  source_value: string
  source_ip: string
  source_range: string
  source_as_number: string
  source_as_name: string
  source_country: string
  source_latitude: number
  source_longitude: number
  /** Events, meta and labels: see `alert-detail.ts`. */
  detail: Bytes
}

/** What many decisions have in common, kept once. */
export interface KindTable {
  id: Int
  origin: string
  scenario: string
  type: string
  scope: string
  simulated: Flag
}

export interface DecisionTable {
  id: Int
  /** 0 when the alert was deleted. */
  alert: Int
  kind: Int
  created_ms: Int
  until_ms: Int
  /** The end that bouncers were told first; null when it was never extended. */
  told_ms: Int | null
  /** The transaction that changed it last. */
  seq: Int
  uuid: string | null
  value: string
  /** Family, address and prefix length in bytes that sort as ranges do; null for other scopes. */
  net: Uint8Array | null
}

export interface MachineTable {
  id: Int
  machine_id: string
  password_hash: string
  ip_address: string
  validated: Flag
  auth_type: string
  created_ms: Int
  updated_ms: Int
  last_push_ms: Int | null
  last_heartbeat_ms: Int | null
  version: string
  /** JSON: scenarios, operating system, feature flags, hub state, data sources. */
  info: string
}

export interface BouncerTable {
  id: Int
  name: string
  key_hash: string
  ip_address: string
  auth_type: string
  auto_created: Flag
  revoked: Flag
  type: string
  version: string
  created_ms: Int
  updated_ms: Int
  last_pull_ms: Int | null
  position_seq: Int | null
  position_ms: Int | null
  /** JSON: operating system, feature flags. */
  info: string
}

export interface AllowlistTable {
  id: Int
  name: string
  description: string
  allowlist_id: string
  from_console: Flag
  created_ms: Int
  updated_ms: Int
}

export interface AllowlistItemTable {
  allowlist: Int
  value: string
  comment: string
  created_ms: Int
  expires_ms: Int | null
}

export interface MetricTable {
  id: Int
  source: string
  reporter: string
  received_ms: Int
  pushed_ms: Int | null
  payload: string
}

export interface ConfigTable {
  name: string
  value: string
}

export interface LockTable {
  name: string
  holder: string
  taken_ms: Int
}

export interface Schema {
  state: StateTable
  alerts: AlertTable
  kinds: KindTable
  decisions: DecisionTable
  machines: MachineTable
  bouncers: BouncerTable
  allowlists: AllowlistTable
  allowlist_items: AllowlistItemTable
  metrics: MetricTable
  config_items: ConfigTable
  locks: LockTable
}
