import { request } from 'node:http'

/** The daemon does not run, or does not answer. */
export class NotRunningError extends Error {
  override readonly name = 'NotRunningError'
}

/**
 * Asks a running daemon over its control socket.
 * @throws {NotRunningError} When nobody listens there.
 */
export function askDaemon(
  socketPath: string,
  method: 'GET' | 'POST',
  path: string,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, method, path, timeout: 60_000 }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { message?: string }
        if (response.statusCode === 200) resolve(body)
        else reject(new Error(body.message ?? `status ${response.statusCode}`))
      })
    })
    call.on('timeout', () => call.destroy(new Error('the daemon does not answer')))
    call.on('error', (error) => {
      const isAway = 'code' in error && (error.code === 'ENOENT' || error.code === 'ECONNREFUSED')
      reject(isAway ? new NotRunningError('tocsin does not run here') : error)
    })
    call.end()
  })
}
