import { readFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { Address, AddressRange, parseAddress } from '@tocsin/address'
import type { NeverBanEntry } from './never-ban.ts'

/**
 * What this machine must not lock out: its own addresses, its gateways, and from where the administrator
 * is logged in. Reads the network of this machine as it is now.
 * @param sshConnection The variable `SSH_CONNECTION`: `198.51.100.7 50022 192.0.2.1 22`.
 */
export async function readOwnAddresses(
  sshConnection: string | undefined,
): Promise<NeverBanEntry[]> {
  const [routes4, routes6] = await Promise.all([
    readTable('/proc/net/route'),
    readTable('/proc/net/ipv6_route'),
  ])
  return [
    ...interfaceEntries(networkInterfaces()),
    ...readIpv4Gateways(routes4).map((address) => entry(address, 'gateway')),
    ...readIpv6Gateways(routes6).map((address) => entry(address, 'gateway')),
    ...readSshClient(sshConnection).map((address) => entry(address, 'SSH session')),
  ]
}

type Interfaces = Readonly<Record<string, readonly { readonly address: string }[] | undefined>>

/** Every address of every interface. */
export function interfaceEntries(interfaces: Interfaces): NeverBanEntry[] {
  return Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => parseAddress(address.replace(/%.*$/, '')))
    .filter((address) => address !== undefined)
    .map((address) => entry(address, 'own address'))
}

/** The gateways of Linux' `/proc/net/route`, whose addresses are little-endian hexadecimal. */
export function readIpv4Gateways(table: string): Address[] {
  return rows(table)
    .map((fields) => fields[2] ?? '')
    .filter((hex) => /^[0-9A-F]{8}$/i.test(hex) && hex !== '00000000')
    .map((hex) => Address.ofIpv4(Buffer.from(hex, 'hex').readUInt32LE()))
}

/** The gateways of Linux' `/proc/net/ipv6_route`. */
export function readIpv6Gateways(table: string): Address[] {
  return rows(table)
    .map((fields) => fields[4] ?? '')
    .filter((hex) => /^[0-9a-f]{32}$/i.test(hex) && !/^0+$/.test(hex))
    .map((hex) => {
      const bytes = Buffer.from(hex, 'hex')
      const word = (at: number) => bytes.readUInt32BE(at)
      return Address.ofIpv6(word(0), word(4), word(8), word(12))
    })
}

/** The client of `SSH_CONNECTION`, its first word. */
export function readSshClient(sshConnection: string | undefined): Address[] {
  const client = parseAddress((sshConnection ?? '').split(' ')[0]?.replace(/%.*$/, '') ?? '')
  return client ? [client] : []
}

function entry(address: Address, reason: string): NeverBanEntry {
  return { range: AddressRange.of(address.unmapped()), reason }
}

function rows(table: string): string[][] {
  return table.split('\n').map((line) => line.trim().split(/\s+/))
}

async function readTable(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch {
    // Other systems have no such file; their gateways are in a private range, which is kept as well.
    return ''
  }
}
