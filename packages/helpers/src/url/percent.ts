const badEscape = /%(?![0-9a-fA-F]{2})/
const escapes = /(?:%[0-9a-fA-F]{2})+/g

/** Decodes `%XX`; undefined when a `%` has no two hexadecimal digits. */
export function unescapePath(text: string): string | undefined {
  if (!text.includes('%')) return text
  return badEscape.test(text) ? undefined : decodeRuns(text)
}

/** As `unescapePath`, with `+` for space. */
export function unescapeQuery(text: string): string | undefined {
  return unescapePath(text.includes('+') ? text.replaceAll('+', ' ') : text)
}

/** As `unescapeQuery`, but a `%` without two digits stands for itself. */
export function unescapeLenient(text: string): string {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  return spaced.includes('%') ? decodeRuns(spaced) : spaced
}

/** Bytes that are not UTF-8 become U+FFFD, as text here has no other place for them. */
function decodeRuns(text: string): string {
  return text.replace(escapes, (run) => {
    if (run.length === 3) {
      const byte = Number.parseInt(run.slice(1), 16)
      if (byte < 0x80) return String.fromCharCode(byte)
    }
    return Buffer.from(run.replaceAll('%', ''), 'hex').toString()
  })
}

/** Escapes for a query: letters, digits and `-_.~` stay, space becomes `+`. */
export function escapeQuery(text: string): string {
  return escapeAll(text).replaceAll('%20', '+')
}

/** Escapes for one segment of a path: beside letters, digits and `-_.~`, also `$&+=:@` stay. */
export function escapePath(text: string): string {
  return escapeAll(text).replace(/%(?:24|26|2B|3D|3A|40)/g, (code) =>
    String.fromCharCode(Number.parseInt(code.slice(1), 16)),
  )
}

function escapeAll(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
