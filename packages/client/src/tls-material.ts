import { createSecureContext, getCACertificates, type SecureContext } from 'node:tls'
import { ClientError } from './client-error.ts'

/** What a TLS connection is made with, as PEM text (the contents of the files, not their paths). */
export interface TlsMaterial {
  /** An authority to trust beside those of the system. */
  readonly ca?: string
  /** The certificate that says who asks, in place of a key or password. Needs `key`. */
  readonly cert?: string
  readonly key?: string
  /** Accepts any certificate of the server. Whoever can reroute the connection then reads it. */
  readonly acceptsAnyServer?: boolean
}

/** @throws {ClientError} `TOC_CLIENT_OPTIONS` when a PEM text cannot be used. */
export function createTlsContext(tls: TlsMaterial): SecureContext {
  if ((tls.cert === undefined) !== (tls.key === undefined)) {
    throw new ClientError('TOC_CLIENT_OPTIONS', 'a client certificate and its key go together')
  }
  try {
    return createSecureContext({
      minVersion: 'TLSv1.2',
      ca: [
        ...new Set([
          ...getCACertificates('default'),
          ...getCACertificates('system'),
          ...(tls.ca === undefined ? [] : [tls.ca]),
        ]),
      ],
      ...(tls.cert !== undefined && { cert: tls.cert }),
      ...(tls.key !== undefined && { key: tls.key }),
    })
  } catch (cause) {
    throw new ClientError('TOC_CLIENT_OPTIONS', 'the certificates cannot be used', { cause })
  }
}
