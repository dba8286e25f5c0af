import Type, { type Static } from 'typebox'

/** The body of `POST /v1/watchers`: a machine introduces itself. */
export const RegistrationBody = Type.Object(
  {
    machine_id: Type.String(),
    password: Type.String(),
    registration_token: Type.Optional(Type.String({ minLength: 32, maxLength: 255 })),
  },
  { title: 'WatcherRegistrationRequest' },
)
export type RegistrationBody = Static<typeof RegistrationBody>

/** The body of `POST /v1/watchers/login`. */
export const LoginBody = Type.Object(
  {
    machine_id: Type.String(),
    password: Type.String(),
    scenarios: Type.Optional(Type.Array(Type.String())),
  },
  { title: 'WatcherAuthRequest' },
)
export type LoginBody = Static<typeof LoginBody>

/** The body of a login with a client certificate. */
export const CertificateLoginBody = Type.Object(
  { scenarios: Type.Optional(Type.Array(Type.String())) },
  { title: 'WatcherAuthRequest' },
)
export type CertificateLoginBody = Static<typeof CertificateLoginBody>

export const LoginReply = Type.Object({
  code: Type.Integer(),
  expire: Type.String({ description: 'RFC 3339' }),
  token: Type.String(),
})
export type LoginReply = Static<typeof LoginReply>
