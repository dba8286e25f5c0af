import Type, { type Static } from 'typebox'

/** Why a request was refused. */
export const ErrorReply = Type.Object({
  errors: Type.Optional(Type.String()),
  message: Type.String(),
})
export type ErrorReply = Static<typeof ErrorReply>

/** As `ErrorReply`, where a token is asked for. */
export const TokenErrorReply = Type.Object({ code: Type.Integer(), message: Type.String() })
export type TokenErrorReply = Static<typeof TokenErrorReply>

export const HealthReply = Type.Object({ status: Type.String() })
export type HealthReply = Static<typeof HealthReply>
