import { randomBytes } from 'node:crypto'
import type { ConfigStore } from '@tocsin/store'

const name = 'lapi_token_secret'
const minLength = 64
const lockStaleMs = 10_000
const attempts = 50

/**
 * The secret that tokens are signed with: what the operator set, or one made once and kept in the
 * database, so that tokens outlive a restart and hold at every replica that shares it.
 * @throws {Error} When the operator's is shorter than 64 characters.
 */
export async function loadTokenSecret(
  store: ConfigStore,
  given: string | undefined,
): Promise<string> {
  if (given !== undefined && given !== '') {
    if (Buffer.byteLength(given) < minLength) throw new Error('CS_LAPI_SECRET not strong enough')
    return given
  }
  for (let attempt = 0; attempt < attempts; attempt++) {
    const known = await store.get(name)
    if (known !== undefined) return known
    await using lock = await store.lock(name, lockStaleMs)
    if (lock) {
      // Another replica may have been faster between the look and the lock.
      const again = await store.get(name)
      if (again !== undefined) return again
      const secret = randomBytes(minLength).toString('base64url')
      await store.set(name, secret)
      return secret
    }
    await new Promise((resolve) => setTimeout(resolve, lockStaleMs / attempts))
  }
  throw new Error('another process holds the lock of the token secret')
}
