import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type RequestOptions,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import { ClientError } from './client-error.ts'
import { type Endpoint, formatEndpoint } from './endpoint.ts'
import { isSuccess } from './read-reply.ts'
import { createTlsContext, type TlsMaterial } from './tls-material.ts'

export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'DELETE'
  /** Below the base of the endpoint, without a slash in front: `v1/alerts?limit=1`. */
  readonly path: string
  readonly headers: OutgoingHttpHeaders
  /** JSON text. */
  readonly body?: string
  /** The longest silence of the server. */
  readonly idleTimeoutMs: number
  readonly signal?: AbortSignal
}

/** Bodies above this size are sent compressed, as existing clients do. */
const gzipAboveBytes = 5 * 1024
const compress = promisify(gzip)

/** One server, its connections kept open between requests. */
export class HttpEndpoint implements Disposable {
  readonly name: string
  readonly #endpoint: Endpoint
  readonly #isSecure: boolean
  /** Keeps connections open. */
  readonly #agent: HttpAgent | HttpsAgent
  /** Makes a connection for each request. */
  readonly #freshAgent: HttpAgent | HttpsAgent
  /** Undefined until a compressed body was answered. */
  #readsGzip: boolean | undefined

  /** @throws {ClientError} `TOC_CLIENT_OPTIONS` when endpoint and TLS do not go together. */
  constructor(endpoint: Endpoint, tls: TlsMaterial = {}) {
    this.#endpoint = endpoint
    this.name = formatEndpoint(endpoint)
    this.#isSecure = endpoint.kind === 'tcp' && endpoint.url.protocol === 'https:'
    if (endpoint.kind === 'socket' && (tls.ca ?? tls.cert ?? tls.key) !== undefined) {
      throw new ClientError('TOC_CLIENT_OPTIONS', 'a Unix socket does not use TLS')
    }
    const secure = this.#isSecure && {
      secureContext: createTlsContext(tls),
      rejectUnauthorized: tls.acceptsAnyServer !== true,
    }
    const createAgent = (keepAlive: boolean) =>
      secure ? new HttpsAgent({ ...secure, keepAlive }) : new HttpAgent({ keepAlive })
    this.#agent = createAgent(true)
    this.#freshAgent = createAgent(false)
  }

  /**
   * Sends a request; resolves with the head of the reply, whatever its status. The body must be read
   * or destroyed.
   * @throws {ClientError} `TOC_CLIENT_UNREACHABLE`, `_INTERRUPTED` or `_ABORTED`.
   */
  async send(request: HttpRequest): Promise<IncomingMessage> {
    if (request.body === undefined) return this.#deliver(request, request.headers, undefined)
    const body = Buffer.from(request.body)
    const headers = { ...request.headers, 'content-type': 'application/json' }
    if (this.#readsGzip === false || body.byteLength <= gzipAboveBytes) {
      return this.#deliver(request, headers, body)
    }
    const compressed = await compress(body)
    const gzipHeaders = { ...headers, 'content-encoding': 'gzip' }
    const reply = await this.#deliver(request, gzipHeaders, compressed)
    if (this.#readsGzip || !isRefusedBody(reply)) {
      this.#readsGzip ||= isSuccess(reply)
      return reply
    }
    // Servers as old as 1.4.6 take compressed JSON for bad JSON. The refused request changed nothing.
    reply.resume()
    const second = await this.#deliver(request, headers, body)
    if (!isRefusedBody(second)) this.#readsGzip = false
    return second
  }

  [Symbol.dispose](): void {
    this.#agent.destroy()
    this.#freshAgent.destroy()
  }

  async #deliver(
    request: HttpRequest,
    headers: OutgoingHttpHeaders,
    body: Buffer | undefined,
  ): Promise<IncomingMessage> {
    const sent = body ? { ...headers, 'content-length': body.byteLength } : headers
    try {
      return await this.#attempt(request, sent, body, this.#agent)
    } catch (error) {
      // The server closed an idle connection while we were taking it into use: that says nothing about
      // the request, so it gets one fresh connection.
      if (!(error instanceof StaleConnection)) throw error
      return await this.#attempt(request, sent, body, this.#freshAgent)
    }
  }

  #attempt(
    request: HttpRequest,
    headers: OutgoingHttpHeaders,
    body: Buffer | undefined,
    agent: HttpAgent | HttpsAgent,
  ): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>()
    const outgoing = this.#open(request, headers, agent)
    let isConnected = false
    outgoing.on('socket', (socket) => {
      const ready = this.#isSecure ? 'secureConnect' : 'connect'
      if (outgoing.reusedSocket) isConnected = true
      else {
        socket.once(ready, () => {
          isConnected = true
        })
      }
    })
    outgoing.setTimeout(request.idleTimeoutMs, () => {
      outgoing.destroy(new Error(`no answer within ${request.idleTimeoutMs} ms`))
    })
    outgoing.on('response', resolve)
    outgoing.on('error', (cause) => {
      if (request.signal?.aborted) {
        reject(new ClientError('TOC_CLIENT_ABORTED', `a request to ${this.name} was ended`))
      } else if (outgoing.reusedSocket && isReset(cause)) {
        reject(new StaleConnection(cause))
      } else {
        const code = isConnected ? 'TOC_CLIENT_INTERRUPTED' : 'TOC_CLIENT_UNREACHABLE'
        const what = isConnected ? 'the connection broke off' : 'cannot be reached'
        reject(new ClientError(code, `${this.name}: ${what} (${reasonOf(cause)})`, { cause }))
      }
    })
    outgoing.end(body)
    return promise
  }

  #open(
    request: HttpRequest,
    headers: OutgoingHttpHeaders,
    agent: HttpAgent | HttpsAgent,
  ): ClientRequest {
    const options: RequestOptions = {
      method: request.method,
      headers,
      agent,
      ...(request.signal && { signal: request.signal }),
    }
    if (this.#endpoint.kind === 'socket') {
      return httpRequest({
        ...options,
        socketPath: this.#endpoint.path,
        host: 'localhost',
        path: `/${request.path}`,
      })
    }
    const send = this.#isSecure ? httpsRequest : httpRequest
    return send(new URL(request.path, this.#endpoint.url), options)
  }
}

function isRefusedBody({ statusCode }: IncomingMessage): boolean {
  return statusCode === 400 || statusCode === 415
}

/** A kept connection turned out to be closed; never leaves this file. */
class StaleConnection extends Error {
  constructor(cause: unknown) {
    super('the kept connection was closed', { cause })
  }
}

function isReset(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE'
}

/** System codes say more than the sentences around them, and several attempts are one error. */
function reasonOf(error: NodeJS.ErrnoException): string {
  if (error instanceof AggregateError && error.errors[0] instanceof Error) {
    return reasonOf(error.errors[0])
  }
  return error.code !== undefined && !error.message.includes(error.code)
    ? `${error.code}: ${error.message}`
    : error.message
}
