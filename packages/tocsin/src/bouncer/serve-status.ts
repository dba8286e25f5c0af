import { createServer } from 'node:http'
import { type Bouncer, countBans, formatPrometheus } from '@tocsin/bouncer'

/**
 * Shows counters at `/metrics` and health at `/health` (200 when all is well, 503 otherwise) until it
 * is disposed. @throws {Error} When the port is taken.
 */
export async function serveStatus(
  bouncer: Bouncer,
  place: { readonly host: string; readonly port: number },
): Promise<AsyncDisposable & { readonly address: string }> {
  const server = createServer(async (request, response) => {
    try {
      if (request.url === '/health') {
        const status = bouncer.status()
        response.writeHead(status.problems.length === 0 ? 200 : 503, {
          'content-type': 'application/json',
        })
        response.end(`${JSON.stringify(status)}\n`)
      } else if (request.url?.split('?')[0] === '/metrics') {
        const drops = await bouncer.readDrops()
        const text = formatPrometheus(bouncer.status(), countBans(bouncer.held), drops)
        response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(text)
      } else response.writeHead(404).end()
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : '')
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(place.port, place.host, resolve)
  })
  return {
    address: `http://${place.host}:${place.port}/metrics`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
