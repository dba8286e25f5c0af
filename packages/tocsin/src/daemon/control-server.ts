import { chmodSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** What the control socket can be asked: `GET /status`. The answer is sent as JSON. */
export type ControlHandler = (query: URLSearchParams) => unknown | Promise<unknown>

/**
 * Answers the administrator of this machine on a private Unix socket until it is disposed.
 * @param handlers By method and path: `GET /status`.
 */
export async function startControlServer(
  path: string,
  handlers: Readonly<Record<string, ControlHandler>>,
): Promise<AsyncDisposable> {
  const server = createServer((request, response) => {
    void answer(request, response, handlers)
  })
  // What a crashed process left behind would keep the name.
  rmSync(path, { force: true })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(path, resolve)
  })
  chmodSync(path, 0o600)
  return {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      rmSync(path, { force: true })
    },
  }
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  handlers: Readonly<Record<string, ControlHandler>>,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://control')
  const name = `${request.method} ${url.pathname}`
  const handler = Object.hasOwn(handlers, name) ? handlers[name] : undefined
  const send = (status: number, body: unknown) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(`${JSON.stringify(body)}\n`)
  }
  if (!handler) return send(404, { message: `nothing answers ${name}` })
  try {
    send(200, (await handler(url.searchParams)) ?? {})
  } catch (error) {
    send(500, { message: error instanceof Error ? error.message : String(error) })
  }
}
