import Type, { type Static } from 'typebox'

/** A decision as it is sent with an alert. */
export const DecisionBody = Type.Object({
  duration: Type.String({ description: 'Go duration, days allowed in front: 4h, 2d12h' }),
  id: Type.Optional(Type.Integer()),
  origin: Type.String({ description: 'cscli, crowdsec, CAPI, lists or any other word' }),
  scenario: Type.String(),
  scope: Type.String(),
  simulated: Type.Optional(Type.Boolean()),
  type: Type.String({ description: 'ban, captcha, throttle or any other word' }),
  until: Type.Optional(Type.String()),
  uuid: Type.Optional(Type.String()),
  value: Type.String(),
})
export type DecisionBody = Static<typeof DecisionBody>

/** A decision as the server answers it. */
export const DecisionReply = Type.Object({
  duration: Type.String({
    description: 'what is left, whole seconds: 3h59m49s; negative once over',
  }),
  id: Type.Integer(),
  origin: Type.String(),
  scenario: Type.String(),
  scope: Type.String(),
  simulated: Type.Optional(Type.Boolean({ description: 'with alerts only' })),
  type: Type.String(),
  uuid: Type.Optional(Type.String({ description: 'in the stream only' })),
  value: Type.String(),
})
export type DecisionReply = Static<typeof DecisionReply>

export const DecisionReplies = Type.Union([Type.Array(DecisionReply), Type.Null()])

/** What changed since the last call, or everything at a startup; older servers send null for none. */
export const StreamReply = Type.Object({
  deleted: Type.Union([Type.Array(DecisionReply), Type.Null()]),
  new: Type.Union([Type.Array(DecisionReply), Type.Null()]),
})
export type StreamReply = Static<typeof StreamReply>

/** `{ "nbDeleted": "3" }`: a number as text. */
export const DeletedReply = Type.Object({ nbDeleted: Type.String() })
export type DeletedReply = Static<typeof DeletedReply>
