export type { Static, TSchema } from 'typebox'
export { alertFromBody, bodyOfAlert, type ReadAlert } from './alert-mapping.ts'
export { type Decoded, decodeBody } from './decode-body.ts'
export { encodeJson, encodeText } from './encode-json.ts'
export { openApiDocument } from './open-api.ts'
export {
  type Caller,
  type Method,
  type Operation,
  type OperationName,
  operations,
} from './operations.ts'
export {
  AlertBodies,
  AlertBody,
  AlertIds,
  AlertReplies,
  AlertReply,
  EventBody,
  MetaItemBody,
  SourceBody,
} from './schemas/alert-schema.ts'
export {
  AllowlistCheckReply,
  AllowlistItemReply,
  AllowlistReplies,
  AllowlistReply,
  BulkCheckBody,
  BulkCheckReply,
} from './schemas/allowlist-schema.ts'
export {
  DecisionBody,
  DecisionReplies,
  DecisionReply,
  DeletedReply,
  StreamReply,
} from './schemas/decision-schema.ts'
export { ErrorReply, HealthReply, TokenErrorReply } from './schemas/reply-schema.ts'
export {
  HubItemState,
  LogProcessor,
  MetricsItem,
  MetricsWindow,
  RemediationComponent,
  UsageMetricsBody,
} from './schemas/usage-metrics-schema.ts'
export {
  CertificateLoginBody,
  LoginBody,
  LoginReply,
  RegistrationBody,
} from './schemas/watcher-schema.ts'
export { normalScope } from './scope.ts'
export { formatRemaining, readWireDuration, type WireDuration } from './wire-duration.ts'
export {
  formatEventTime,
  formatMilliseconds,
  formatSeconds,
  noTime,
  readWireTime,
} from './wire-time.ts'
