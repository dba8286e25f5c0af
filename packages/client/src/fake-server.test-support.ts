import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'
import type { Pacing } from './pacing.ts'

/** A request as the fake server saw it, its body decompressed. */
export interface SeenRequest {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

export type Answer = (request: SeenRequest, response: ServerResponse) => void

/** A server in this process that answers as told and remembers what it was asked. */
export class FakeServer implements AsyncDisposable {
  readonly seen: SeenRequest[] = []
  answer: Answer
  readonly url: string
  readonly #server: Server
  readonly #sockets: Set<Socket>

  constructor(server: Server, sockets: Set<Socket>, answer: Answer, url: string) {
    this.#server = server
    this.#sockets = sockets
    this.answer = answer
    this.url = url
  }

  /** @param listen A port or the path of a Unix socket. */
  static async start(answer: Answer, listen: number | string = 0): Promise<FakeServer> {
    const sockets = new Set<Socket>()
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const raw = Buffer.concat(chunks)
        const isGzip = request.headers['content-encoding'] === 'gzip'
        const seen = {
          method: request.method ?? '',
          url: request.url ?? '',
          headers: request.headers,
          body: (isGzip ? gunzipSync(raw) : raw).toString('utf8'),
        }
        fake.seen.push(seen)
        fake.answer(seen, response)
      })
    })
    server.on('connection', (socket) => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    })
    const { promise, resolve } = Promise.withResolvers<void>()
    if (typeof listen === 'string') server.listen(listen, resolve)
    else server.listen(listen, '127.0.0.1', resolve)
    await promise
    const address = server.address() as AddressInfo | string
    const url = typeof address === 'string' ? address : `http://127.0.0.1:${address.port}`
    const fake = new FakeServer(server, sockets, answer, url)
    return fake
  }

  /** How many connections are open. */
  get connections(): number {
    return this.#sockets.size
  }

  /** Ends every connection at once, as a restart does. */
  breakConnections(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#server.close(() => resolve())
    this.breakConnections()
    await promise
  }
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

/** Waits no time, and remembers how long it would have. */
export function fakePacing(startMs = 0): Pacing & { readonly waits: number[]; nowMs: number } {
  const pacing = {
    waits: [] as number[],
    nowMs: startMs,
    clock: { nowMs: () => pacing.nowMs },
    random: () => 0.5,
    async sleep(ms: number, signal: AbortSignal | undefined) {
      signal?.throwIfAborted()
      pacing.waits.push(ms)
      pacing.nowMs += ms
      // Lets sockets have their turn.
      await new Promise((resolve) => setImmediate(resolve))
      signal?.throwIfAborted()
    },
  }
  return pacing
}
