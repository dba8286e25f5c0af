const group = String.raw`[\dA-Fa-f]{1,4}`
const octet = String.raw`(?:25[0-5]|2[0-4]\d|[01]?\d\d?)`
// The dotted tail of an IPv6 address knows no leading zeros, unlike IPV4.
const tailOctet = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]\d|\d)`
const dottedTail = String.raw`${tailOctet}(?:\.${tailOctet}){3}`

/**
 * An item up to `most` times, greedy. V8's linear engine takes counts only while their product stays
 * within 16, and a group of digits already counts for four.
 */
function upTo(most: number, item: string): string {
  if (most > 4) return `(?:${item}${upTo(most - 1, item)})?`
  if (most <= 0) return ''
  return most === 1 ? `(?:${item})?` : `(?:${item}){0,${most}}`
}

/** What may stand between `read` groups, each with its colon, and a dotted tail. */
function beforeTail(read: number): string {
  if (read === 6) return ''
  return `(?:${group}:${beforeTail(read + 1)}|:${upTo(5 - read, `${group}:`)})`
}

/** What may follow `read` groups, each with its colon, when there is no dotted tail. */
function afterGroups(read: number): string {
  if (read === 7) return `(?:${group}|:)`
  return `(?:${group}:${afterGroups(read + 1)}|:(?:${group}${upTo(6 - read, `:${group}`)})?)`
}

/**
 * RFC 4291, strictly: no more groups than eight, and fewer only around one `::`. Every prefix stands
 * here once, so that a text which is no address is refused at its first character and not once per
 * form, and dotted tails stand here twice: they are what makes V8 compile for long. Forms with one
 * come first, lest `::ffff:192.0.2.1` be `::ffff:192`.
 */
const afterFirst = `${group}:(?:${beforeTail(1)}${dottedTail}|${afterGroups(1)})`
const afterGap = `::(?:${upTo(5, `${group}:`)}${dottedTail}|(?:${group}${upTo(6, `:${group}`)})?)`

const label = '[0-9A-Za-z][0-9A-Za-z-]{0,62}'

/** Addresses, names of hosts, URIs. */
export const networkPatterns = String.raw`
IPV6 (?:${afterFirst}|${afterGap})(?:%.+)?
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
