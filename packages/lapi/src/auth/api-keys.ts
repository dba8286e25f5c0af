import { createHash, randomBytes } from 'node:crypto'

/** A new key for a bouncer: 43 characters, to be shown once. */
export function createApiKey(): string {
  return randomBytes(32).toString('base64').replaceAll('=', '')
}

/**
 * What is kept of a key: SHA-512 in lower-case hexadecimal. A plain hash is enough for 256 random bits,
 * and lets a key be found by its hash. Hot path: made for every request of a bouncer.
 */
export function hashApiKey(key: string): string {
  return createHash('sha512').update(key).digest('hex')
}
