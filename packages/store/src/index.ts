export type { AlertFilter, AlertPage, AlertRow, AlertStore, NewAlert } from './alert-store.ts'
export type {
  Allowlist,
  AllowlistItem,
  AllowlistMatch,
  AllowlistStore,
  NewAllowlist,
  NewAllowlistItem,
} from './allowlist-store.ts'
export type { Bouncer, BouncerAuthType, BouncerStore, NewBouncer } from './bouncer-store.ts'
export type { ConfigStore } from './config-store.ts'
export type {
  DecisionCount,
  DecisionFilter,
  DecisionPage,
  DecisionRow,
  DecisionStore,
  DecisionStream,
  Expired,
  ImportReport,
  NewDecision,
  StreamPosition,
  StreamReply,
  StreamRequest,
} from './decision-store.ts'
export type {
  HubItemState,
  Machine,
  MachineAuthType,
  MachineStore,
  MachineUsage,
  NewMachine,
  SystemInfo,
} from './machine-store.ts'
export type { MetricRow, MetricSource, MetricStore } from './metric-store.ts'
export { openStore } from './open-store.ts'
export type { RetentionReport, RetentionSettings } from './retention.ts'
export type { DatabaseSettings, ServerSettings, Store, StoreDeps, StoreSettings } from './store.ts'
export { StoreError, type StoreErrorCode } from './store-error.ts'
