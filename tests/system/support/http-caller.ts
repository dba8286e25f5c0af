import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http'

export interface Sent {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
  readonly timeoutMs?: number
}

export interface Reply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
}

/** Sends requests to one server over connections that are kept. */
export interface Caller {
  /** Rejects when no whole reply came. */
  request(method: string, path: string, sent?: Sent): Promise<Reply>
  close(): void
}

/** Speaks to the server at `url`, as plainly as can be: nothing is repeated or followed. */
export function createCaller(url: string): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  return {
    request(method, path, { headers = {}, body, timeoutMs = 15_000 } = {}) {
      const { promise, resolve, reject } = Promise.withResolvers<Reply>()
      const outgoing = httpRequest(new URL(path, url), { method, headers, agent }, (reply) => {
        const chunks: Buffer[] = []
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.on('error', reject)
        reply.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8')
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text })
        })
      })
      outgoing.setTimeout(timeoutMs, () => outgoing.destroy(new Error(`no reply to ${path}`)))
      outgoing.on('error', reject)
      outgoing.end(body)
      return promise
    },
    close: () => agent.destroy(),
  }
}
