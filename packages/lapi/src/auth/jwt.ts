import { createHmac, timingSafeEqual } from 'node:crypto'

/** How long a token is good for. */
export const tokenLifetimeMs = 3_600_000

/** What a valid token says. */
export interface TokenClaims {
  readonly machineId: string
  readonly expiresMs: number
  readonly issuedMs: number
}

/** What a token is worth. */
export type TokenVerdict =
  | { readonly kind: 'valid'; readonly claims: TokenClaims }
  /** Everything is right but the time. */
  | { readonly kind: 'expired'; readonly claims: TokenClaims }
  | { readonly kind: 'refused'; readonly status: 400 | 401; readonly message: string }

const header = encode({ alg: 'HS256', typ: 'JWT' })

/** Issues a token for a machine, good for an hour. */
export function issueToken(machineId: string, secret: string, nowMs: number): string {
  const issued = Math.floor(nowMs / 1000)
  const claims = encode({ exp: issued + tokenLifetimeMs / 1000, id: machineId, orig_iat: issued })
  return `${header}.${claims}.${sign(`${header}.${claims}`, secret)}`
}

/** Checks a token; the messages are those existing clients know. */
export function checkToken(token: string, secret: string, nowMs: number): TokenVerdict {
  const parts = token.split('.')
  const [head = '', body = '', signature = ''] = parts
  if (parts.length !== 3) return refused('token contains an invalid number of segments')
  const { alg } = decode(head)
  if (alg === undefined) return refused('token is malformed')
  if (alg !== 'HS256') return refused('invalid signing algorithm')
  const expected = Buffer.from(sign(`${head}.${body}`, secret))
  const given = Buffer.from(signature)
  if (expected.length !== given.length || !timingSafeEqual(expected, given)) {
    return refused('signature is invalid')
  }
  const { id, exp, orig_iat: issued } = decode(body)
  if (exp === undefined) return { kind: 'refused', status: 400, message: 'missing exp field' }
  if (typeof exp !== 'number' || typeof id !== 'string') return refused('token is malformed')
  const claims = {
    machineId: id,
    expiresMs: exp * 1000,
    issuedMs: typeof issued === 'number' ? issued * 1000 : 0,
  }
  return { kind: claims.expiresMs > nowMs ? 'valid' : 'expired', claims }
}

function refused(message: string): TokenVerdict {
  return { kind: 'refused', status: 401, message }
}

function sign(text: string, secret: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url')
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

function decode(part: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
  } catch {
    // Not JSON: a token without claims, which the caller refuses.
    return {}
  }
}
