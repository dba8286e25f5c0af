import { createServer } from 'node:http'
import type { LapiMetrics } from '@tocsin/lapi'

/** Shows counters at `/metrics` until it is disposed. @throws {Error} When the port is taken. */
export async function serveMetrics(
  metrics: LapiMetrics,
  place: { readonly host: string; readonly port: number },
): Promise<AsyncDisposable & { readonly address: string }> {
  const { registry } = metrics
  const server = createServer(async (request, response) => {
    if (request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    try {
      const text = await registry.metrics()
      response.writeHead(200, { 'content-type': registry.contentType }).end(text)
    } catch (error) {
      response.writeHead(500).end(error instanceof Error ? error.message : '')
    }
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(place.port, place.host, resolve)
  })
  const bound = server.address()
  const port = typeof bound === 'object' && bound ? bound.port : place.port
  return {
    address: `http://${place.host}:${port}/metrics`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
