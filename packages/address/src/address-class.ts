import type { Address } from './address.ts'
import { type AddressRange, parseRange } from './range.ts'

/** What the registries reserve an address for; `global` is the rest, the addresses of the internet. */
export type AddressClass =
  | 'unspecified'
  | 'loopback'
  | 'private'
  | 'shared'
  | 'link-local'
  | 'multicast'
  | 'documentation'
  | 'benchmarking'
  | 'broadcast'
  | 'reserved'
  | 'global'

/** From the IANA special-purpose registries; a narrower block stands before the wider around it. */
const blocks: readonly (readonly [AddressClass, AddressRange])[] = table({
  unspecified: ['0.0.0.0/32', '::/128'],
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
  shared: ['100.64.0.0/10'],
  'link-local': ['169.254.0.0/16', 'fe80::/10'],
  multicast: ['224.0.0.0/4', 'ff00::/8'],
  documentation: [
    '192.0.2.0/24',
    '198.51.100.0/24',
    '203.0.113.0/24',
    '2001:db8::/32',
    '3fff::/20',
  ],
  benchmarking: ['198.18.0.0/15', '2001:2::/48'],
  broadcast: ['255.255.255.255/32'],
  reserved: ['0.0.0.0/8', '192.0.0.0/24', '240.0.0.0/4', '100::/64', 'fec0::/10'],
})

/** What an address is for; a mapped one (`::ffff:10.0.0.1`) is what its IPv4 address is. */
export function classifyAddress(address: Address): AddressClass {
  const plain = address.unmapped()
  for (const [name, range] of blocks) if (range.contains(plain)) return name
  return 'global'
}

/** Whether it can only be this machine or its own network: loopback, private, link-local, shared. */
export function isLocalAddress(address: Address): boolean {
  const name = classifyAddress(address)
  return name === 'loopback' || name === 'private' || name === 'link-local' || name === 'shared'
}

function table(
  texts: Readonly<Partial<Record<AddressClass, readonly string[]>>>,
): (readonly [AddressClass, AddressRange])[] {
  const rows: (readonly [AddressClass, AddressRange])[] = []
  for (const [name, ranges] of Object.entries(texts)) {
    for (const text of ranges) {
      const range = parseRange(text)
      if (!range) throw new Error(`not a range: ${text}`)
      rows.push([name as AddressClass, range])
    }
  }
  return rows
}
