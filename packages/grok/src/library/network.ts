const group = String.raw`[\dA-Fa-f]{1,4}`
// A dotted tail knows no leading zeros, unlike IPV4.
const tailOctet = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`
const dottedTail = String.raw`${tailOctet}(?:\.${tailOctet}){3}`
const octet = String.raw`(?:25[0-5]|2[0-4]\d|[01]?\d\d?)`

/**
 * An item up to `most` times, greedy. V8's linear engine takes counts only while their product stays
 * within 16, and a group of digits already counts for four.
 */
function upTo(most: number, item: string): string {
  if (most > 4) return `(?:${item}${upTo(most - 1, item)})?`
  if (most <= 0) return ''
  return most === 1 ? `(?:${item})?` : `(?:${item}){0,${most}}`
}

/** What may stand after `::` where `most` groups are left: a dotted tail, groups, or nothing. */
function afterGap(most: number): string {
  const groups = `${group}${upTo(most - 1, `:${group}`)}`
  const dotted = most < 2 ? '' : `${upTo(most - 2, `${group}:`)}${dottedTail}|`
  return `(?:${dotted}${groups})?`
}

/**
 * What may follow `read` groups, each with its colon. Every prefix stands here once, so that a text
 * which is no IPv6 address is refused at its first character instead of once per form.
 */
function afterGroups(read: number): string {
  if (read === 7) return `(?:${group}|:)`
  const next = `${group}:${afterGroups(read + 1)}`
  if (read === 6) return `(?:${next}|${dottedTail}|:(?:${group})?)`
  return `(?:${next}|${read === 0 ? '::' : ':'}${afterGap(7 - read)})`
}

const label = '[0-9A-Za-z][0-9A-Za-z-]{0,62}'

/** Addresses, names of hosts, URIs. */
export const networkPatterns = String.raw`
IPV6 ${afterGroups(0)}(?:%.+)?
IPV4 ${octet}(?:\.${octet}){3}
IP %{IPV6}|%{IPV4}
HOSTNAME \b${label}(?:\.${label})*(?:\.?|\b)
HOST %{HOSTNAME}
IPORHOST %{IP}|%{HOSTNAME}
HOSTPORT %{IPORHOST}:%{POSINT}
EMAILADDRESS %{EMAILLOCALPART}@%{HOSTNAME}
HTTPDUSER %{EMAILADDRESS}|%{USER}
CISCOMAC (?:[A-Fa-f0-9]{4}\.){2}[A-Fa-f0-9]{4}
WINDOWSMAC (?:[A-Fa-f0-9]{2}-){5}[A-Fa-f0-9]{2}
COMMONMAC (?:[A-Fa-f0-9]{2}:){5}[A-Fa-f0-9]{2}
MAC %{CISCOMAC}|%{WINDOWSMAC}|%{COMMONMAC}
URIPROTO [A-Za-z]+(?:\+[A-Za-z]+)?
URIHOST %{IPORHOST}(?::%{POSINT:port})?
URIPATH /[/A-Za-z0-9$.+!*'(){},~:;=@#%_-]*
URIPARAM \?[A-Za-z0-9$.+!*'|(){},~@#%&/=:;_?\-\[\]<>]*
URIPATHPARAM %{URIPATH}(?:%{URIPARAM})?
URI %{URIPROTO}://(?:%{USER}(?::[^@]*)?@)?(?:%{URIHOST})?(?:%{URIPATHPARAM})?
`
