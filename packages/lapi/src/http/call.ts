import type { TlsPeer } from '../auth/tls-peer.ts'
import type { BodyText } from './body.ts'
import type { Query } from './query.ts'

/** One request, as handlers see it. */
export interface Call {
  /** Who calls, as text: the peer, or whom a trusted proxy names; `127.0.0.1` for the Unix socket. */
  readonly ip: string
  /** Whether it came over the Unix socket. */
  readonly isLocalSocket: boolean
  readonly query: Query
  readonly params: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly userAgent: string
  readonly isHead: boolean
  /** Read after the caller is known; calls without a body have an empty one. */
  readonly body: BodyText
  /** The client certificate of the connection, if there is one. */
  readonly tlsPeer: TlsPeer | undefined
}
