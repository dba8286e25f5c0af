import { readFileSync, statSync } from 'node:fs'
import type { DetailedPeerCertificate, TLSSocket, TlsOptions } from 'node:tls'
import type { TlsConfig } from '@tocsin/config'
import type { ChainLink, TlsPeer } from './tls-peer.ts'

/** How TLS is spoken, and which connections go on after the handshake. */
export interface TlsSettings {
  readonly options: TlsOptions
  readonly isAcceptable: (socket: TLSSocket) => boolean
}

/**
 * Reads certificates and keys. Client certificates are verified against `ca_cert_path` alone: with the
 * authorities of the system anybody could buy one.
 */
export function readTlsSettings(config: TlsConfig): TlsSettings {
  const { verification, caCertPath } = config
  const isVerified =
    verification === 'VerifyClientCertIfGiven' || verification === 'RequireAndVerifyClientCert'
  const isRequired =
    verification === 'RequireAnyClientCert' || verification === 'RequireAndVerifyClientCert'
  return {
    options: {
      minVersion: 'TLSv1.2',
      cert: readFileSync(config.certPath),
      key: readFileSync(config.keyPath),
      ...(caCertPath !== undefined && { ca: readFileSync(caCertPath) }),
      requestCert: verification !== 'NoClientCert' && (caCertPath !== undefined || isRequired),
      rejectUnauthorized: verification === 'RequireAndVerifyClientCert',
    },
    isAcceptable: (socket) => {
      const isGiven = Object.keys(socket.getPeerCertificate()).length > 0
      if (isRequired && !isGiven) return false
      return !(isVerified && isGiven) || socket.authorized
    },
  }
}

/** The client certificate of a connection; undefined when there is none. */
export function readTlsPeer(socket: TLSSocket): TlsPeer | undefined {
  const leaf = socket.getPeerCertificate(true)
  if (!leaf || Object.keys(leaf).length === 0) return undefined
  const units = leaf.subject.OU ?? []
  return {
    commonName: textOf(leaf.subject.CN),
    units: Array.isArray(units) ? units : [units],
    validFromMs: Date.parse(leaf.valid_from),
    validToMs: Date.parse(leaf.valid_to),
    isVerified: socket.authorized,
    reason: socket.authorizationError ? String(socket.authorizationError) : '',
    chain: readChain(leaf),
  }
}

/** Sees when the files of certificates change, so that a renewed one is used without a restart. */
export class TlsFiles {
  readonly #config: TlsConfig
  #stamp: string

  constructor(config: TlsConfig) {
    this.#config = config
    this.#stamp = this.#stampNow()
  }

  /** The settings when a file changed since the last call. @throws {Error} When it cannot be read. */
  changed(): TlsSettings | undefined {
    const stamp = this.#stampNow()
    if (stamp === this.#stamp) return undefined
    const settings = readTlsSettings(this.#config)
    this.#stamp = stamp
    return settings
  }

  #stampNow(): string {
    const { certPath, keyPath, caCertPath } = this.#config
    return [certPath, keyPath, ...(caCertPath === undefined ? [] : [caCertPath])]
      .map((path) => {
        const { mtimeMs, size } = statSync(path)
        return `${mtimeMs} ${size}`
      })
      .join()
  }
}

function textOf(value: string | string[] | undefined): string {
  return Array.isArray(value) ? (value[0] ?? '') : (value ?? '')
}

function readChain(leaf: DetailedPeerCertificate): ChainLink[] {
  const links: ChainLink[] = []
  const seen = new Set<string>()
  let certificate: DetailedPeerCertificate | undefined = leaf
  // The root is its own issuer, which ends the walk.
  while (certificate?.issuerCertificate && !seen.has(certificate.fingerprint256)) {
    seen.add(certificate.fingerprint256)
    links.push({ serial: certificate.serialNumber, issuer: certificate.issuerCertificate.raw })
    certificate = certificate.issuerCertificate
  }
  return links
}
