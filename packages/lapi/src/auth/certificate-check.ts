import type { Clock } from '@tocsin/model'
import type { TlsPeer } from './tls-peer.ts'

/** Which certificates a role accepts. */
export interface CertificatePolicy {
  /** One of these must be a unit of the certificate; none accepts no certificate. */
  readonly units: readonly string[]
  /** Why a certificate of the chain is no longer good; undefined when it is. */
  readonly revocation: (peer: TlsPeer) => string | undefined
}

/** Why a certificate is not accepted; undefined when it is. */
export function certificateFault(
  peer: TlsPeer,
  policy: CertificatePolicy,
  clock: Clock,
): string | undefined {
  if (!peer.isVerified) return 'no verified cert in request'
  if (!peer.units.some((unit) => policy.units.includes(unit))) {
    const [given, wanted] = [peer.units.join(' '), policy.units.join(' ')]
    return `client certificate OU [${given}] doesn't match expected OU [${wanted}]`
  }
  const nowMs = clock.nowMs()
  if (nowMs < peer.validFromMs) return 'client certificate is not yet valid'
  if (nowMs > peer.validToMs) return 'client certificate is expired'
  if (peer.commonName === '') return 'client certificate has no common name'
  return policy.revocation(peer)
}
