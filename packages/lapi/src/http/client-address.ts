import { type AddressRange, parseAddress } from '@tocsin/address'

/** The address of the Unix socket's users: they are on this machine. */
export const localAddress = '127.0.0.1'

/**
 * Who sent a request: the peer of the connection, or whom the proxies in front name when they are
 * trusted. Walks X-Forwarded-For from the right and stops at the first that is not trusted, because
 * what stands further left may be written by the client itself.
 * @param peer The address of the connection; undefined when it is gone already.
 * @returns Canonical text, IPv4 also where it is mapped into IPv6; empty when nobody can tell.
 */
export function clientAddress(
  peer: string | undefined,
  headers: Readonly<Record<string, string | string[] | undefined>>,
  trustedProxies: readonly AddressRange[],
): string {
  const address = canonical(peer ?? '')
  if (trustedProxies.length === 0 || !isTrusted(address, trustedProxies)) return address
  const forwarded = textOf(headers['x-forwarded-for'])
  if (forwarded !== '') return lastUntrusted(forwarded, trustedProxies) ?? address
  return canonical(textOf(headers['x-real-ip']).trim()) || address
}

/** Undefined when an entry on the way is no address: then nothing beyond it can be believed. */
function lastUntrusted(forwarded: string, proxies: readonly AddressRange[]): string | undefined {
  const hops = forwarded.split(',').map((hop) => canonical(hop.trim()))
  for (let i = hops.length - 1; i >= 0; i--) {
    const hop = hops[i] ?? ''
    if (hop === '') return undefined
    if (i === 0 || !isTrusted(hop, proxies)) return hop
  }
  return undefined
}

function isTrusted(text: string, ranges: readonly AddressRange[]): boolean {
  const address = parseAddress(text)
  return address !== undefined && ranges.some((range) => range.contains(address))
}

/** Zones of link-local peers (`fe80::1%eth0`) are dropped. */
function canonical(text: string): string {
  return parseAddress(text.replace(/%.*$/, ''))?.unmapped().toString() ?? ''
}

function textOf(header: string | string[] | undefined): string {
  return Array.isArray(header) ? header.join(',') : (header ?? '')
}
