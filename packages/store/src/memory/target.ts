import { Address, AddressRange, parseAddressOrRange } from '@tocsin/address'

/**
 * Whom a decision is about, as numbers: an address or range, or other text (a country, a user) by its
 * hash. `family` is 0 for text.
 */
export interface Target {
  readonly family: 0 | 4 | 6
  readonly prefix: number
  readonly w0: number
  readonly w1: number
  readonly w2: number
  readonly w3: number
  /** The value as written, where `formatTarget` would write it differently. */
  readonly text: string | undefined
}

/** Whether values of this scope must be addresses or ranges. */
export function isAddressScope(scope: string): boolean {
  return /^(ip|range)$/i.test(scope)
}

/** Reads a value in its scope; undefined when the scope wants an address and this is none. */
export function readTarget(scope: string, value: string): Target | undefined {
  if (!isAddressScope(scope)) return textTarget(value)
  const range = parseAddressOrRange(value.trim())
  if (!range) return undefined
  const target = rangeTarget(range.unmapped(), undefined)
  return formatTarget(target) === value ? target : { ...target, text: value }
}

export function rangeTarget(range: AddressRange, text: string | undefined): Target {
  const { family, w0, w1, w2, w3 } = range.first
  return { family, prefix: range.prefixLength, w0, w1, w2, w3, text }
}

export function textTarget(text: string): Target {
  return { family: 0, prefix: 0, w0: hashText(text), w1: 0, w2: 0, w3: 0, text }
}

/** `192.0.2.7`, `198.51.100.0/24`; a range of one is written as its address. */
export function formatTarget(target: Target): string {
  if (target.text !== undefined) return target.text
  return formatRange(rangeOfTarget(target))
}

export function formatRange(range: AddressRange): string {
  return range.isSingle ? range.first.toString() : range.toString()
}

function rangeOfTarget(target: Target): AddressRange {
  const { family, w0, w1, w2, w3, prefix } = target
  const address = family === 4 ? Address.ofIpv4(w0) : Address.ofIpv6(w0, w1, w2, w3)
  return AddressRange.of(address, prefix)
}

/** Says that two targets are the same, and no others, as a key of a map. */
export function targetKey(target: Target): string {
  return target.family === 0
    ? `t${target.text}`
    : `${target.family}/${target.prefix}/${target.w0}/${target.w1}/${target.w2}/${target.w3}`
}

/** Orders as `netBytes` does; text by its hash. For `sort`. */
export function compareTargets(a: Target, b: Target): number {
  return (
    a.family - b.family ||
    (a.w0 >>> 0) - (b.w0 >>> 0) ||
    (a.w1 >>> 0) - (b.w1 >>> 0) ||
    (a.w2 >>> 0) - (b.w2 >>> 0) ||
    (a.w3 >>> 0) - (b.w3 >>> 0) ||
    a.prefix - b.prefix
  )
}

/** Bytes that sort as ranges do, for the index of SQL: family, address, prefix length. */
export function netBytes(target: Target): Uint8Array | null {
  if (target.family === 0) return null
  const bytes = new Uint8Array(target.family === 4 ? 6 : 18)
  const view = new DataView(bytes.buffer)
  bytes[0] = target.family
  view.setInt32(1, target.w0)
  if (target.family === 6) {
    view.setInt32(5, target.w1)
    view.setInt32(9, target.w2)
    view.setInt32(13, target.w3)
  }
  bytes[bytes.length - 1] = target.prefix
  return bytes
}

/** Reads the value of a row, which was checked when it was written. */
export function targetOfRow(scope: string, value: string): Target {
  return readTarget(scope, value) ?? textTarget(value)
}

/** FNV-1a; only spreads, the text itself is compared. */
function hashText(text: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash | 0
}
