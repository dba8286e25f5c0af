import { request } from 'node:http'

/** Whether a server answers a request over a Unix socket, whatever it says. */
export async function isUp(socketPath: string, path: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const outgoing = request({ socketPath, path, timeout: 2_000 }, (reply) => {
    reply.resume()
    resolve(true)
  })
  outgoing.on('timeout', () => outgoing.destroy())
  // Not yet: the caller asks again.
  outgoing.on('error', () => resolve(false))
  outgoing.end()
  return promise
}
