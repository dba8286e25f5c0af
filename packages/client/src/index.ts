export { AlertSender, type AlertSenderOptions } from './alert-sender.ts'
export { BouncerClient, type BouncerOptions, type LookupTarget } from './bouncer-client.ts'
export { ClientError, type ClientErrorCode, isPassing } from './client-error.ts'
export type { ClientOptions } from './client-options.ts'
export type { DecisionUpdate, StreamOptions } from './decision-stream.ts'
export { type Endpoint, formatEndpoint, readEndpoint } from './endpoint.ts'
export {
  LapiClient,
  type LapiOptions,
  type Registration,
  registerMachine,
} from './lapi-client.ts'
export type { MachineCredentials } from './machine-session.ts'
export { type Pacing, type RetryPolicy, systemPacing } from './pacing.ts'
export type { AlertQuery, DecisionDeletion } from './queries.ts'
export type { TlsMaterial } from './tls-material.ts'
