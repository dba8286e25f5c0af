const prefix = 'by-'
const longestLabel = 60

/**
 * The name of the counter of an origin: `lists:firehol` is `by-lists_3afirehol`. Only what any
 * firewall's own listing can be read back with: an origin is text that someone else chose.
 */
export function counterName(origin: string): string {
  let name = prefix
  for (const byte of Buffer.from(origin.slice(0, longestLabel))) {
    const isPlain =
      (byte >= 48 && byte <= 57) ||
      (byte >= 65 && byte <= 90) ||
      (byte >= 97 && byte <= 122) ||
      byte === 45 ||
      byte === 46
    name += isPlain ? String.fromCharCode(byte) : `_${byte.toString(16).padStart(2, '0')}`
  }
  return name
}

/** The origin that a counter is for; undefined when it is not one of ours. */
export function originOfCounter(name: string): string | undefined {
  if (!name.startsWith(prefix)) return undefined
  const bytes: number[] = []
  for (let i = prefix.length; i < name.length; i++) {
    if (name[i] !== '_') bytes.push(name.charCodeAt(i))
    else {
      bytes.push(Number.parseInt(name.slice(i + 1, i + 3), 16))
      i += 2
    }
  }
  return Buffer.from(bytes).toString()
}
