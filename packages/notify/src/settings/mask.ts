const mask = '********'
const secretKeys: ReadonlySet<string> = new Set([
  'smtp_password',
  'token',
  'shared_key',
  'webhook',
  'url',
])
const secretHeader = /auth|cookie|key|secret|token|pass/i

/** The settings of a notification for people: what may be secret is masked, `$NAME` stays. */
export function maskSettings(data: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const shown: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(data)) {
    if (key === 'headers' && typeof value === 'object' && value !== null) {
      shown[key] = Object.fromEntries(
        Object.entries(value).map(([name, text]) => [
          name,
          secretHeader.test(name) ? maskText(String(text)) : text,
        ]),
      )
    } else {
      shown[key] = secretKeys.has(key) && value !== null ? maskText(String(value)) : value
    }
  }
  return shown
}

function maskText(text: string): string {
  // A reference to a variable tells nothing, and is what one wants to see.
  if (/^(?:\w+ )?\$(?:\w+|\{\w+\})$/.test(text)) return text
  if (!URL.canParse(text)) return mask
  const { origin, pathname, search } = new URL(text)
  return pathname.length <= 1 && search === '' ? origin : `${origin}/${mask}`
}

/** Takes secrets out of a message, whoever wrote it. */
export function redact(message: string, secrets: readonly string[]): string {
  let text = message
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    // Short ones would tear apart words that have nothing to do with them.
    if (secret.length >= 4) text = text.replaceAll(secret, mask)
  }
  return text
}
