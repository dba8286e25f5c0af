import { type AddressRange, parseAddress } from '@tocsin/address'
import type { Call } from '../http/call.ts'

/** Whether a call comes from this very machine: loopback or the Unix socket. */
export function isLocalCaller(call: Call): boolean {
  return call.isLocalSocket || call.ip === '127.0.0.1' || call.ip === '::1'
}

/** Whether a call comes from this machine or from where the operator trusts. */
export function isTrustedCaller(call: Call, trusted: readonly AddressRange[]): boolean {
  return isLocalCaller(call) || isWithin(call.ip, trusted)
}

/** Whether an address lies in one of the ranges. */
export function isWithin(ip: string, ranges: readonly AddressRange[]): boolean {
  const address = parseAddress(ip)
  return address !== undefined && ranges.some((range) => range.contains(address))
}
