import { formatIpv4, formatIpv6 } from './format-address.ts'

export type Family = 4 | 6

/** The number of bits of an address: 32 or 128. */
export function bitsOf(family: Family): number {
  return family === 4 ? 32 : 128
}

/**
 * An IPv4 or IPv6 address as numbers. IPv4-mapped IPv6 (`::ffff:192.0.2.1`) stays IPv6 until
 * `unmapped` is called. Made by `parseAddress`, `Address.ofIpv4` and `Address.ofIpv6`.
 *
 * The bits stand left-aligned in four words, so that bit 0 is the most significant of both
 * families; the words are signed, because V8 keeps a signed 32-bit number without a box.
 */
export class Address {
  // Makes the type nominal: an object of the same shape is not an address.
  protected declare readonly brand: 'Address'
  readonly family: Family
  /** Bits 0 to 31: all of an IPv4 address. */
  readonly w0: number
  readonly w1: number
  readonly w2: number
  readonly w3: number

  private constructor(family: Family, w0: number, w1: number, w2: number, w3: number) {
    this.family = family
    this.w0 = w0
    this.w1 = w1
    this.w2 = w2
    this.w3 = w3
  }

  /** Of 32 bits, signed or not: `0xc0000201` is 192.0.2.1. */
  static ofIpv4(bits: number): Address {
    return new Address(4, bits | 0, 0, 0, 0)
  }

  /** Of four 32-bit words, most significant first. */
  static ofIpv6(w0: number, w1: number, w2: number, w3: number): Address {
    return new Address(6, w0 | 0, w1 | 0, w2 | 0, w3 | 0)
  }

  /** Whether it is IPv6 text of an IPv4 address: `::ffff:192.0.2.1`. */
  get isMapped(): boolean {
    return this.family === 6 && this.w0 === 0 && this.w1 === 0 && this.w2 === 0xffff
  }

  /** The IPv4 address of a mapped one; itself otherwise. */
  unmapped(): Address {
    return this.isMapped ? new Address(4, this.w3, 0, 0, 0) : this
  }

  equals(other: Address): boolean {
    return (
      this.w0 === other.w0 &&
      this.w1 === other.w1 &&
      this.w2 === other.w2 &&
      this.w3 === other.w3 &&
      this.family === other.family
    )
  }

  /** The address of the same network: its last bits after `prefixLength` cleared. */
  masked(prefixLength: number): Address {
    return new Address(
      this.family,
      this.w0 & maskOf(prefixLength),
      this.w1 & maskOf(prefixLength - 32),
      this.w2 & maskOf(prefixLength - 64),
      this.w3 & maskOf(prefixLength - 96),
    )
  }

  /** Canonical text: `192.0.2.1`, `2001:db8::1`, `::ffff:192.0.2.1` (RFC 5952). */
  toString(): string {
    return this.family === 4 ? formatIpv4(this.w0) : formatIpv6(this.w0, this.w1, this.w2, this.w3)
  }

  toJSON(): string {
    return this.toString()
  }
}

/** The mask of one word whose first `length` bits count; any length below 0 or above 32 will do. */
export function maskOf(length: number): number {
  return length <= 0 ? 0 : length >= 32 ? -1 : -1 << (32 - length)
}

/** Orders IPv4 before IPv6, then by number. Negative, zero or positive, for `sort`. */
export function compareAddresses(a: Address, b: Address): number {
  if (a.family !== b.family) return a.family - b.family
  if (a.w0 !== b.w0) return (a.w0 >>> 0) - (b.w0 >>> 0)
  if (a.w1 !== b.w1) return (a.w1 >>> 0) - (b.w1 >>> 0)
  if (a.w2 !== b.w2) return (a.w2 >>> 0) - (b.w2 >>> 0)
  return (a.w3 >>> 0) - (b.w3 >>> 0)
}

/** Whether the first `length` bits are the same; addresses of two families share none. Hot path. */
export function sharesPrefix(a: Address, b: Address, length: number): boolean {
  if (a.family !== b.family) return false
  // A shift by 32 is a shift by 0 in JavaScript, so "no bit" needs its own answer.
  if (length === 0) return true
  if (length <= 32) return (a.w0 ^ b.w0) >>> (32 - length) === 0
  if (a.w0 !== b.w0) return false
  if (length <= 64) return (a.w1 ^ b.w1) >>> (64 - length) === 0
  if (a.w1 !== b.w1) return false
  if (length <= 96) return (a.w2 ^ b.w2) >>> (96 - length) === 0
  return a.w2 === b.w2 && (a.w3 ^ b.w3) >>> (128 - length) === 0
}
