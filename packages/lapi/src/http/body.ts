import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

/** A body as text, or why there is none. */
export type BodyText =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'fault'; readonly message: string }

export const noBody: BodyText = { kind: 'text', text: '' }

/**
 * Reads a body, unpacked when it is packed, up to `limitBytes` of what it unpacks to. Nothing more than
 * that is ever held, whatever the body claims.
 */
export async function readBody(
  stream: Readable,
  encoding: string | undefined,
  limitBytes: number,
): Promise<BodyText> {
  const isPacked = encoding?.trim().toLowerCase() === 'gzip'
  const chunks: Buffer[] = []
  let sizeBytes = 0
  const source = isPacked ? unpack(stream) : stream
  try {
    for await (const chunk of source as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length
      if (sizeBytes > limitBytes) return { kind: 'fault', message: 'http: request body too large' }
      chunks.push(chunk)
    }
  } catch (error) {
    // Whatever the client sent, or stopped sending: it is told so, and nothing else depends on it.
    const { code } = error as NodeJS.ErrnoException
    const message = code?.startsWith('Z_') ? 'gzip: invalid header' : 'unexpected EOF'
    return { kind: 'fault', message }
  }
  return { kind: 'text', text: Buffer.concat(chunks).toString('utf8') }
}

function unpack(stream: Readable): Readable {
  const gunzip = createGunzip()
  stream.on('error', (error) => gunzip.destroy(error))
  return stream.pipe(gunzip)
}
