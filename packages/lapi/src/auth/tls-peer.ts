/** What a verified client certificate says of its owner. */
export interface TlsPeer {
  readonly commonName: string
  readonly units: readonly string[]
  readonly validFromMs: number
  readonly validToMs: number
  /** Whether the chain ends in the configured authority. */
  readonly isVerified: boolean
  /** Why it is not. */
  readonly reason: string
  /** From the leaf up: serial number and issuer of each certificate, and the issuer's key. */
  readonly chain: readonly ChainLink[]
}

/** One certificate of a chain, as revocation lists name it. */
export interface ChainLink {
  /** Hexadecimal, upper case, as OpenSSL writes it. */
  readonly serial: string
  /** The certificate that issued it, in DER. */
  readonly issuer: Buffer
}
