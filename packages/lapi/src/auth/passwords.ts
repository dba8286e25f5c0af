import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { compare } from 'bcryptjs'

const cost = 16_384
const blockSize = 8
const parallelization = 1
const hashLength = 32
/** Longer ones only cost time. */
export const maxPasswordBytes = 1024

/** Hashes a password; takes about 40 ms of a worker thread and none of the event loop. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const options = { N: cost, r: blockSize, p: parallelization }
  const hash = await derive(password, salt, hashLength, options)
  return ['scrypt', cost, blockSize, parallelization, encode(salt), encode(hash)].join(':')
}

/** Whether a password fits a hash of `hashPassword`, or a bcrypt hash that was taken over. */
export async function isPassword(password: string, hash: string): Promise<boolean> {
  if (Buffer.byteLength(password) > maxPasswordBytes) return false
  if (/^\$2[aby]\$/.test(hash)) return compare(password, hash)
  const [kind, N, r, p, salt = '', expected = ''] = hash.split(':')
  if (kind !== 'scrypt') return false
  const wanted = Buffer.from(expected, 'base64url')
  const options = { N: Number(N), r: Number(r), p: Number(p) }
  const given = await derive(password, Buffer.from(salt, 'base64url'), wanted.length, options)
  return timingSafeEqual(given, wanted)
}

/** Whether a hash should be made anew at the next chance. */
export function isOutdatedHash(hash: string): boolean {
  return !hash.startsWith(`scrypt:${cost}:${blockSize}:${parallelization}:`)
}

function encode(bytes: Buffer): string {
  return bytes.toString('base64url')
}

function derive(
  password: string,
  salt: Buffer,
  length: number,
  options: ScryptOptions,
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, length, options, (error, key) => {
      if (error) reject(error)
      else resolve(key)
    })
  })
}
