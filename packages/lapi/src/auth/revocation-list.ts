import { type KeyObject, verify } from 'node:crypto'

/** One certificate revocation list (RFC 5280, section 5). */
export interface RevocationList {
  /** Serial numbers as OpenSSL writes them: upper-case hexadecimal. */
  readonly serials: ReadonlySet<string>
  /** Whether the authority with this key made the list. */
  isSignedBy(key: KeyObject): boolean
}

/** Reads every list of a PEM text. @throws {Error} When there is none, or one is broken. */
export function readRevocationLists(pem: string): RevocationList[] {
  const blocks = [...pem.matchAll(/-----BEGIN X509 CRL-----([\s\S]*?)-----END X509 CRL-----/g)]
  if (blocks.length === 0) throw new Error('the file holds no X509 CRL')
  return blocks.map(([, base64 = '']) => readRevocationList(Buffer.from(base64, 'base64')))
}

const sequence = 0x30
const integer = 0x02
const contextZero = 0xa0

/** An element of DER: its tag, and where its content lies. */
interface Element {
  readonly tag: number
  readonly start: number
  readonly from: number
  readonly to: number
}

function readRevocationList(der: Buffer): RevocationList {
  const outer = readElement(der, 0)
  const [body, algorithm, signature] = childrenOf(der, outer)
  if (outer.tag !== sequence || !body || !algorithm || !signature) throw new Error('no X509 CRL')
  const signed = der.subarray(body.start, body.to)
  // The first byte of a bit string counts unused bits: none.
  const signatureBytes = der.subarray(signature.from + 1, signature.to)
  const hash = hashOf(der, algorithm)
  return {
    serials: readSerials(der, body),
    isSignedBy: (key) => verify(hash, signed, key, signatureBytes),
  }
}

/** Version?, algorithm, issuer, thisUpdate, nextUpdate?, revoked certificates?, extensions?. */
function readSerials(der: Buffer, body: Element): ReadonlySet<string> {
  const parts = childrenOf(der, body).filter(({ tag }) => tag !== integer && tag !== contextZero)
  const serials = new Set<string>()
  // After algorithm and issuer the only sequence is the list of revoked certificates.
  const revoked = parts.slice(2).find(({ tag }) => tag === sequence)
  for (const entry of revoked ? childrenOf(der, revoked) : []) {
    const [serial] = childrenOf(der, entry)
    if (serial?.tag === integer) serials.add(hexOf(der.subarray(serial.from, serial.to)))
  }
  return serials
}

function hexOf(bytes: Buffer): string {
  const hex = bytes.toString('hex').toUpperCase()
  return hex.length > 2 && hex.startsWith('00') ? hex.slice(2) : hex
}

/** Hashes by the last bytes of the object identifier of RSA and ECDSA signatures. */
const hashes: Readonly<Record<string, string>> = {
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
}

/** Undefined for algorithms that hash by themselves, such as Ed25519. */
function hashOf(der: Buffer, algorithm: Element): string | undefined {
  const [identifier] = childrenOf(der, algorithm)
  return identifier && hashes[der.subarray(identifier.from, identifier.to).toString('hex')]
}

function childrenOf(der: Buffer, parent: Element): Element[] {
  const children: Element[] = []
  for (let at = parent.from; at < parent.to; ) {
    const child = readElement(der, at)
    if (child.to > parent.to) throw new Error('no X509 CRL')
    children.push(child)
    at = child.to
  }
  return children
}

function readElement(der: Buffer, start: number): Element {
  const tag = der[start]
  const first = der[start + 1]
  if (tag === undefined || first === undefined) throw new Error('no X509 CRL')
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f
  if (lengthBytes > 4 || start + 2 + lengthBytes > der.length) throw new Error('no X509 CRL')
  const length = lengthBytes === 0 ? first : der.readUIntBE(start + 2, lengthBytes)
  const from = start + 2 + lengthBytes
  if (from + length > der.length) throw new Error('no X509 CRL')
  return { tag, start, from, to: from + length }
}
