import { Address, bitsOf, compareAddresses, maskOf, sharesPrefix } from './address.ts'
import { parseAddress } from './parse-address.ts'

/**
 * A block of addresses, `198.51.100.0/24`; one address is a range of one. The bits after the prefix
 * are always cleared. Made by `parseRange`, `parseAddressOrRange` and `AddressRange.of`.
 */
export class AddressRange {
  protected declare readonly brand: 'AddressRange'
  /** The lowest address of the block. */
  readonly first: Address
  /** 0 … 32 for IPv4, 0 … 128 for IPv6. */
  readonly prefixLength: number

  private constructor(first: Address, prefixLength: number) {
    this.first = first
    this.prefixLength = prefixLength
  }

  /**
   * The range of `prefixLength` around an address; of that address alone when there is no length.
   * @throws {RangeError} When the family has no such length.
   */
  static of(address: Address, prefixLength = bitsOf(address.family)): AddressRange {
    if (!(prefixLength >= 0 && prefixLength <= bitsOf(address.family))) {
      throw new RangeError(`prefix length ${prefixLength} for IPv${address.family}`)
    }
    return new AddressRange(address.masked(prefixLength), prefixLength)
  }

  /** Whether it is one address alone. */
  get isSingle(): boolean {
    return this.prefixLength === bitsOf(this.first.family)
  }

  /** The highest address of the block. */
  get last(): Address {
    const { first, prefixLength } = this
    if (first.family === 4) return Address.ofIpv4(first.w0 | ~maskOf(prefixLength))
    return Address.ofIpv6(
      first.w0 | ~maskOf(prefixLength),
      first.w1 | ~maskOf(prefixLength - 32),
      first.w2 | ~maskOf(prefixLength - 64),
      first.w3 | ~maskOf(prefixLength - 96),
    )
  }

  /** Hot path: allocates nothing. */
  contains(address: Address): boolean {
    return sharesPrefix(this.first, address, this.prefixLength)
  }

  /** Whether all of `other` lies in this range. */
  covers(other: AddressRange): boolean {
    return (
      this.prefixLength <= other.prefixLength &&
      sharesPrefix(this.first, other.first, this.prefixLength)
    )
  }

  /** Whether they share an address; two blocks do only when one covers the other. */
  overlaps(other: AddressRange): boolean {
    return sharesPrefix(this.first, other.first, Math.min(this.prefixLength, other.prefixLength))
  }

  equals(other: AddressRange): boolean {
    return this.prefixLength === other.prefixLength && this.first.equals(other.first)
  }

  /** The IPv4 range of a mapped one, so `::ffff:10.0.0.0/104` is `10.0.0.0/8`; itself otherwise. */
  unmapped(): AddressRange {
    return this.first.isMapped && this.prefixLength >= 96
      ? new AddressRange(this.first.unmapped(), this.prefixLength - 96)
      : this
  }

  /** `198.51.100.0/24`; a single address too has its length: `192.0.2.7/32`. */
  toString(): string {
    return `${this.first.toString()}/${this.prefixLength}`
  }

  toJSON(): string {
    return this.toString()
  }
}

/**
 * Reads `198.51.100.0/24`. Bits after the prefix are cleared: `198.51.100.77/24` is the same range.
 * Undefined without `/`, with a sign or a leading zero in the length, or when either part is wrong.
 */
export function parseRange(text: string): AddressRange | undefined {
  const slash = text.indexOf('/')
  if (slash < 0) return undefined
  const address = parseAddress(text.slice(0, slash))
  const length = readLength(text, slash + 1)
  if (!address || length < 0 || length > bitsOf(address.family)) return undefined
  return AddressRange.of(address, length)
}

/** Reads `198.51.100.0/24` or `192.0.2.7`, which is a range of one. */
export function parseAddressOrRange(text: string): AddressRange | undefined {
  if (text.includes('/')) return parseRange(text)
  const address = parseAddress(text)
  return address && AddressRange.of(address)
}

function readLength(text: string, start: number): number {
  const digits = text.length - start
  if (digits < 1 || digits > 3 || (digits > 1 && text.charCodeAt(start) === 48)) return -1
  let length = 0
  for (let i = start; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return -1
    length = length * 10 + digit
  }
  return length
}

/** Orders by first address, wider ranges first; for `sort`. */
export function compareRanges(a: AddressRange, b: AddressRange): number {
  return compareAddresses(a.first, b.first) || a.prefixLength - b.prefixLength
}
