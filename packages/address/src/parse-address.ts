import { Address } from './address.ts'

const dot = 46
const colon = 58
/** `0000:0000:0000:0000:0000:ffff:255.255.255.255` is the longest there is. */
const maxLength = 45

/**
 * Reads one address, strictly: undefined for an octet with a leading zero (`010.0.0.1`, which some
 * programs read as octal), a zone (`fe80::1%eth0`), a port, brackets, or space around it.
 * Hot path: called for every line that names an address, see bench/address.bench.ts.
 */
export function parseAddress(text: string): Address | undefined {
  const length = text.length
  if (length < 2 || length > maxLength) return undefined
  // The first octet has at most three digits, so its dot tells the family; `::1.2.3.4` is not IPv4.
  if (
    text.charCodeAt(0) !== colon &&
    (text.charCodeAt(1) === dot || text.charCodeAt(2) === dot || text.charCodeAt(3) === dot)
  ) {
    const bits = readIpv4(text, 0, length, false)
    return bits < 0 ? undefined : Address.ofIpv4(bits)
  }
  return readIpv6(text, 0, length)
}

/**
 * Reads an address as logs write them: beside what `parseAddress` takes, a port (`192.0.2.1:443`,
 * `[2001:db8::1]:443`), brackets, a zone (dropped), and octets of up to three digits with leading
 * zeros, which are decimal (`192.000.002.001`).
 */
export function parseLoggedAddress(text: string): Address | undefined {
  let start = 0
  let end = text.length
  if (text.charCodeAt(0) === 0x5b) {
    const close = text.indexOf(']')
    if (close < 0 || !(close === end - 1 || isPort(text, close + 1))) return undefined
    start = 1
    end = close
  } else {
    const firstColon = text.indexOf(':')
    if (firstColon > 0 && firstColon === text.lastIndexOf(':')) {
      if (!isPort(text, firstColon)) return undefined
      end = firstColon
    }
  }
  const zone = text.indexOf('%', start)
  const isIpv6 = text.indexOf(':', start) >= 0 && text.indexOf(':', start) < end
  if (zone >= 0 && zone < end) {
    if (!isIpv6 || zone === end - 1) return undefined
    end = zone
  }
  if (isIpv6) return readIpv6(text, start, end)
  const bits = readIpv4(text, start, end, true)
  return bits < 0 ? undefined : Address.ofIpv4(bits)
}

/** Whether `:443` and nothing else stands from `start` on. */
function isPort(text: string, start: number): boolean {
  const digits = text.length - start - 1
  if (text.charCodeAt(start) !== colon || digits < 1 || digits > 5) return false
  for (let i = start + 1; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit < 0 || digit > 9) return false
  }
  return Number(text.slice(start + 1)) <= 65_535
}

/** The 32 bits as a number from 0 on, or -1. */
function readIpv4(text: string, start: number, end: number, mayLeadWithZero: boolean): number {
  let bits = 0
  let octet = 0
  let digits = 0
  let dots = 0
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 48
    if (digit >= 0 && digit <= 9) {
      if (digits === 3 || (digits === 1 && octet === 0 && !mayLeadWithZero)) return -1
      octet = octet * 10 + digit
      digits++
    } else {
      if (digit !== dot - 48 || digits === 0 || octet > 255 || dots === 3) return -1
      bits = (bits << 8) | octet
      octet = 0
      digits = 0
      dots++
    }
  }
  if (dots !== 3 || digits === 0 || octet > 255) return -1
  return ((bits << 8) | octet) >>> 0
}

/** All forms of RFC 4291, section 2.2: full, with `::`, and with an IPv4 tail. */
function readIpv6(text: string, start: number, end: number): Address | undefined {
  if (end - start < 2) return undefined
  const groups = [0, 0, 0, 0, 0, 0, 0, 0]
  let count = 0
  let gap = -1
  let at = start
  if (text.charCodeAt(at) === colon) {
    if (text.charCodeAt(at + 1) !== colon) return undefined
    gap = 0
    at += 2
  }
  while (at < end) {
    if (count === 8) return undefined
    const groupStart = at
    let group = 0
    let code = 0
    for (; at < end; at++) {
      code = text.charCodeAt(at)
      const digit = hexDigit(code)
      if (digit < 0) break
      group = (group << 4) | digit
    }
    if (at < end && code === dot) {
      const bits = count > 6 ? -1 : readIpv4(text, groupStart, end, false)
      if (bits < 0) return undefined
      groups[count] = bits >>> 16
      groups[count + 1] = bits & 0xffff
      count += 2
      at = end
      break
    }
    if (at === groupStart || at - groupStart > 4) return undefined
    groups[count] = group
    count++
    if (at === end) break
    if (code !== colon) return undefined
    at++
    if (at === end) return undefined
    if (text.charCodeAt(at) === colon) {
      if (gap >= 0) return undefined
      gap = count
      at++
    }
  }
  if (gap < 0 ? count !== 8 : count === 8) return undefined
  return gap < 0 ? ofGroups(groups) : ofGroups(expand(groups, gap, count))
}

/** Moves the groups that stand after `::` to the end. */
function expand(groups: number[], gap: number, count: number): number[] {
  const shift = 8 - count
  for (let i = count - 1; i >= gap; i--) {
    groups[i + shift] = groups[i] ?? 0
    groups[i] = 0
  }
  return groups
}

function ofGroups(g: readonly number[]): Address {
  return Address.ofIpv6(
    ((g[0] ?? 0) << 16) | (g[1] ?? 0),
    ((g[2] ?? 0) << 16) | (g[3] ?? 0),
    ((g[4] ?? 0) << 16) | (g[5] ?? 0),
    ((g[6] ?? 0) << 16) | (g[7] ?? 0),
  )
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const lower = code | 32
  return lower >= 97 && lower <= 102 ? lower - 87 : -1
}
