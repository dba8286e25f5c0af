import Type, { type Static } from 'typebox'

export const AllowlistItemReply = Type.Object({
  created_at: Type.String({ description: 'RFC 3339 with milliseconds' }),
  description: Type.Optional(Type.String()),
  expiration: Type.String({ description: '0001-01-01T00:00:00.000Z: never' }),
  value: Type.String(),
})
export type AllowlistItemReply = Static<typeof AllowlistItemReply>

export const AllowlistReply = Type.Object({
  allowlist_id: Type.Optional(Type.String()),
  console_managed: Type.Optional(Type.Boolean()),
  created_at: Type.String(),
  description: Type.Optional(Type.String()),
  items: Type.Array(AllowlistItemReply),
  name: Type.String(),
  updated_at: Type.String(),
})
export type AllowlistReply = Static<typeof AllowlistReply>

export const AllowlistReplies = Type.Array(AllowlistReply)

/** `{}` when the value is on no list. */
export const AllowlistCheckReply = Type.Object({
  allowlisted: Type.Optional(Type.Boolean()),
  reason: Type.Optional(Type.String()),
})
export type AllowlistCheckReply = Static<typeof AllowlistCheckReply>

export const BulkCheckBody = Type.Object(
  { targets: Type.Optional(Type.Array(Type.String())) },
  { title: 'BulkCheckAllowlistRequest' },
)
export type BulkCheckBody = Static<typeof BulkCheckBody>

export const BulkCheckReply = Type.Object({
  results: Type.Array(
    Type.Object({ allowlists: Type.Array(Type.String()), target: Type.String() }),
  ),
})
export type BulkCheckReply = Static<typeof BulkCheckReply>
